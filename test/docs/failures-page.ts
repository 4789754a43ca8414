import { failures, type FailureKind, type Owner, type Reach } from '../../domain/failures';
import { cell, code, table } from './markdown';

const owners: Readonly<Record<Owner, string>> = {
  customer: 'the customer’s Entra administrator',
  operator: 'we do',
  nobody: 'nobody',
};

const parts: readonly { reach: Reach; title: string; about: string }[] = [
  {
    reach: 'run',
    title: 'Failures of a whole run',
    about:
      'Nobody is deactivated because of one of these: leavers count only after a complete read. The run ends with the code; what it had written before stays written.',
  },
  {
    reach: 'person',
    title: 'Problems and holds of one person',
    about:
      'They stay with that person: everybody else is synced. `rollcall problems` and `rollcall holds` list them, and each run looks at them anew.',
  },
  { reach: 'request', title: 'Refusals', about: 'Nothing had begun, and nothing has changed.' },
];

/** docs/failures.md: made from the table that workflows, mail and CLI read. */
export function failuresPage(): string {
  const all = Object.entries<FailureKind>(failures);
  const sections = parts.map(({ reach, title, about }) => {
    const rows = all.filter(([, kind]) => kind.reach === reach).map(rowOf);
    return `## ${title}\n\n${about}\n\n${table(['Code', 'What it says', 'Who acts', 'What to do', 'What Rollcall does'], rows)}`;
  });
  return `# Failures

Every way in which Rollcall can fail has a code that never changes: search for it in the Temporal UI, in logs, in e-mails and here. An error without a code is \`Unexpected\`, a fault of Rollcall's own: its run ends, the next one goes on from the stored rows, and the log has the rest.

${sections.join('\n\n')}
`;
}

function rowOf([name, kind]: [string, FailureKind]): string[] {
  return [code(name), cell(kind.says), owners[kind.owner], cell(kind.remedy), doing(kind)];
}

function doing({ passes, reach }: FailureKind): string {
  if (reach === 'request') return passes ? 'tries again by itself' : 'refuses, and says why';
  if (reach === 'run') return passes ? 'tries again by itself' : 'ends the run, tells whoever must act, and looks again at the next run';
  return passes ? 'settles it by itself' : 'leaves this person’s account as it is, or without the field, and looks again at the next run';
}
