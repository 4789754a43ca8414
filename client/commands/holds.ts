import type { HoldRow } from '../../domain/look-up/rows';
import { rowsOf } from '../rows';
import { usageFailure, type Session } from '../session';
import { timeWords } from '../words';
import type { AddVerb } from './add-command';
import { wholeNumber } from './arguments';
import { noteMore, paged, type Paging } from './paging';

interface Options extends Paging {
  release?: string[];
  reject?: string[];
  reason?: string;
  by?: string;
  expected?: number;
  kind?: string;
}

export function addHolds(verb: AddVerb, session: Session): void {
  const { output } = session;
  paged(
    verb(
      'holds',
      'changes that wait for a decision, and what was decided; with --release or --reject decides about them, anew too',
      'rollcall customer holds acme',
      'rollcall customer holds acme --release all --expected 6 --reason "the department was closed"',
      'rollcall customer holds acme --reject 9c1b07de-52c3-4f0a-8d57-6e1f0c2a7b34 --reason "she is on leave" --by "Jo Smith"',
    ),
  )
    .option('--release <ids...>', 'lets these changes be made in the next run: ids, also of rejected ones, or all that are open')
    .option('--reject <ids...>', 'refuses these changes: ids, also of released ones that are not made yet, or all that are open')
    .option('--expected <number>', 'with all: how many you saw; where others came meanwhile, nothing is decided', wholeNumber)
    .option('--reason <why>', 'with --release or --reject')
    .option('--by <name>', 'who decides (default: the user of this machine)')
    .option('--kind <kind>', 'only holds of this kind')
    .action((id: string, options: Options) => (options.release || options.reject ? decide(id, options) : list(id, options)));

  async function decide(id: string, options: Options): Promise<void> {
    const { release, reject, reason, expected } = options;
    const ids = release ?? reject ?? [];
    const isAll = ids.includes('all');
    const faults = [
      release && reject && '--release and --reject are two decisions: give one',
      !reason && '--reason must say why',
      isAll && ids.length > 1 && '“all” stands alone',
      !isAll && expected !== undefined && '--expected goes with all',
      options.kind && '--kind narrows the list, not a decision: give ids',
      options.cursor && '--cursor turns the list’s pages, not a decision’s: give ids',
    ].filter((fault) => typeof fault === 'string');
    if (faults.length > 0) throw usageFailure(faults);
    const decision = release ? 'release' : 'reject';
    const about = isAll ? { holds: 'all' as const, expected } : { holds: ids };
    const answer = await (
      await session.client()
    ).update(id, 'decideHolds', { decision, ...about, by: session.by(options), reason: reason ?? '' });
    output.data(answer, () => {
      const word = decision === 'release' ? 'released' : 'rejected';
      const next = release && answer.decided > 0 ? ` The next run makes them: rollcall customer sync ${id} --wait` : '';
      const before = answer.changed ? ` (${answer.changed} decided otherwise before)` : '';
      return `${answer.decided} ${word}${before}, ${answer.open} still open.${next}`;
    });
  }

  async function list(id: string, { kind, limit, cursor }: Options): Promise<void> {
    const page = await rowsOf(session, { what: 'holds', customerId: id, kind, cursor }, limit);
    noteMore(output, page);
    const isWhole = cursor === undefined && kind === undefined && page.next === undefined;
    output.data(page, () => words(id, page.rows, isWhole));
  }

  function words(id: string, rows: readonly HoldRow[], isWhole: boolean): string {
    if (rows.length === 0) return 'Nothing waits for a decision.';
    const listed = output.table(rows, [
      { head: 'Hold', of: (row) => row.holdId },
      { head: 'Kind', of: (row) => (row.wantedName ? `${row.kind} to ${row.wantedName}` : row.kind) },
      { head: 'Person', of: (row) => row.userName ?? row.memberId },
      { head: 'Why', of: (row) => row.says },
      { head: 'Cause', of: (row) => row.cause },
      { head: 'Raised', of: (row) => timeWords(row.raisedAt) },
      { head: 'State', of: (row) => (row.decidedBy ? `${row.state} (${row.decidedBy}: ${row.decidedReason})` : row.state) },
    ]);
    const open = rows.filter(({ state }) => state === 'open').length;
    if (open === 0) return listed;
    const all = isWhole ? `all --expected ${open}|` : '';
    return `${listed}\n\nDecide: rollcall customer holds ${id} --release|--reject ${all}<ids> --reason "…"`;
  }
}
