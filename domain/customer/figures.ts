import type { Plan, RunReport } from '../run/run';

const words: Record<keyof Plan, string> = {
  create: 'to create',
  adopt: 'to link to accounts that are there',
  update: 'to update',
  reactivate: 'to switch on again',
  deactivate: 'to switch off',
  unlink: 'to let go of',
  managers: 'managers to set or clear',
  held: 'held',
  problems: 'with problems',
};

/** What a preview would do, in a line: whoever signs it off signs these numbers. */
export function figuresOf({ members, plan }: Pick<RunReport, 'members' | 'plan'>): string {
  const parts = (Object.keys(words) as (keyof Plan)[]).filter((key) => plan[key] > 0).map((key) => `${plan[key]} ${words[key]}`);
  return `${members} members: ${parts.length > 0 ? parts.join(', ') : 'nothing to do'}`;
}

/** What a run did, in a line. */
export function doneOf({ done, plan }: Pick<RunReport, 'done' | 'plan'>): string {
  const parts = [
    ...Object.entries(done).map(
      ([key, count]) =>
        count > 0 && `${count} ${key === 'managers' ? (count === 1 ? 'manager set or cleared' : 'managers set or cleared') : key}`,
    ),
    plan.held > 0 && `${plan.held} held`,
    plan.problems > 0 && `${plan.problems} with problems`,
  ];
  return parts.filter(Boolean).join(', ') || 'nothing to do';
}
