import type { Command } from 'commander';
import type { ChangeRow, LookUpWhat } from '../../domain/look-up/rows';
import type { Column } from '../table';
import { rowsOf } from '../rows';
import type { Session } from '../session';
import { reportWords, timeWords, tookWords } from '../words';
import { addCommand, type AddVerb } from './add-command';
import { customerId } from './arguments';
import { noteMore, paged, type Paging } from './paging';

interface Options extends Paging {
  runId?: string;
  kind?: string;
}

/** What runs did, and to whom. */
export function addRowCommands(program: Command, session: Session): void {
  const { output } = session;
  const noun: AddVerb = (name, says, ...examples) =>
    addCommand(program, name, says, ...examples).argument('<customer>', 'the customer’s id', customerId);

  noun(
    'runs',
    'the last 20 runs, newest first',
    'rollcall runs acme',
    `rollcall runs acme --json | jq -r '.[] | select(.outcome == "failed") | .because'`,
  ).action(async (id: string) => {
    const runs = await (await session.client()).query(id, 'runs');
    output.data(runs, () =>
      runs.length === 0
        ? `No run of ${id} has ended yet.`
        : output.table(runs, [
            { head: 'Ended', of: (row) => timeWords(row.endedAt) },
            { head: 'Mode', of: (row) => row.mode },
            { head: 'Outcome', of: (row) => row.outcome },
            { head: 'Took', of: (row) => tookWords(row), align: 'right' },
            { head: 'Members', of: (row) => row.members, align: 'right' },
            { head: 'What', of: (row) => reportWords(row) },
            { head: 'Run', of: (row) => row.runId },
          ]),
    );
  });

  paged(
    noun(
      'changes',
      'what a run changed, or a preview would change, person by person',
      'rollcall changes acme',
      'rollcall changes acme --run-id 0b6e2f5c-7a31-4c1e-9d1f-2f6c1a0e8b57 --limit 1000',
      'rollcall changes acme --kind deactivate --json | jq -r ".rows[].userName"',
    ),
  )
    .option('--run-id <run>', 'of this run (default: the last one)')
    .option('--kind <kind>', 'only create, adopt, update, deactivate …')
    .action((id: string, options: Options) =>
      show('changes', id, options, 'Nothing was changed.', [
        { head: 'Kind', of: (row) => row.kind },
        { head: 'Person', of: (row) => row.userName ?? row.memberId },
        { head: 'Outcome', of: (row) => row.outcome ?? 'planned' },
        { head: 'What', of: (row) => differenceWords(row) },
        { head: 'Why', of: (row) => [row.cause, row.code, row.detail].filter(Boolean).join(': ') },
        { head: 'Account', of: (row) => row.accountId },
        { head: 'At', of: (row) => timeWords(row.endedAt) },
      ]),
    );

  paged(
    noun(
      'problems',
      'who can’t be synced, why, and what to do',
      'rollcall problems acme',
      `rollcall problems acme --limit 1000 --json | jq -r '.rows[] | [.userName, .code, .remedy] | @csv'`,
    ),
  ).action((id: string, options: Options) =>
    show('problems', id, options, 'Nobody has a problem.', [
      { head: 'Person', of: (row) => row.userName ?? row.memberId },
      { head: 'Problem', of: (row) => row.code },
      { head: 'Field', of: (row) => row.field },
      { head: 'Says', of: (row) => [row.says, row.detail !== row.says && row.detail].filter(Boolean).join(' ') },
      { head: 'What to do', of: (row) => row.remedy },
    ]),
  );

  paged(noun('excluded', 'members who are not synced, and by which rule', 'rollcall excluded acme --limit 500')).action(
    (id: string, options: Options) =>
      show('excluded', id, options, 'Nobody is excluded.', [
        { head: 'Person', of: (row) => row.userName ?? row.memberId },
        { head: 'Why', of: (row) => row.reason },
      ]),
  );

  paged(
    noun('unlinked', 'accounts in the LMS that Rollcall never linked, and so never changes', 'rollcall unlinked acme --limit 500'),
  ).action((id: string, options: Options) =>
    show('unlinkedAccounts', id, options, 'Every account that is known is linked.', [
      { head: 'Account', of: (row) => row.accountId },
      { head: 'User name', of: (row) => row.userName },
      { head: 'E-mail', of: (row) => row.email },
      { head: 'External id', of: (row) => row.externalId },
      { head: 'Active', of: (row) => (row.active ? 'yes' : 'no') },
    ]),
  );

  async function show<What extends LookUpWhat>(
    what: What,
    id: string,
    { limit, ...filter }: Options,
    none: string,
    columns: readonly Column<Awaited<ReturnType<typeof rowsOf<What>>>['rows'][number]>[],
  ): Promise<void> {
    const page = await rowsOf(session, { what, customerId: id, ...filter }, limit);
    noteMore(output, page);
    output.data(page, () => (page.rows.length === 0 ? none : output.table(page.rows, columns)));
  }
}

const shownDifferences = 4;

/** `displayName: Jo → Joe, title: → Head, department: Sales → nothing`, as far as a line holds. */
export function differenceWords({ before, after }: Pick<ChangeRow, 'before' | 'after'>): string {
  const [old, now] = [flat(heldIn(before)), flat(heldIn(after))];
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name));
  const words = names
    .slice(0, shownDifferences)
    .map((name) => `${name}: ${[old.get(name), '→', now.get(name) ?? 'nothing'].filter(Boolean).join(' ')}`);
  return [...words, ...(names.length > shownDifferences ? [`and ${names.length - shownDifferences} more`] : [])].join(', ');
}

/** Of an account, or of a change to one, what it then holds: its fields by their names, without what the mapping notes beside them. */
function heldIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { fields, set, clear: _clear, onlyAtCreation: _once, keptWhenEmpty: _kept, ...rest } = value as Record<string, object>;
  return { ...rest, ...fields, ...set };
}

function flat(value: unknown, path = ''): Map<string, string> {
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object') return new Map([[path || 'value', typeof value === 'string' ? value : JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...flat(inner, path ? `${path}.${key}` : key)]));
}
