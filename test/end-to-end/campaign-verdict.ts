import type { RunReport } from '../../domain/run/run';
import type { Lms } from '../../sandbox/lms/lms';
import { compare, type TruePerson } from '../../sandbox/start/compare';
import { duplicates } from './watch-the-lms';

export interface Ended {
  people: readonly TruePerson[];
  lms: Lms;
  reports: readonly RunReport[];
  /** Accounts that were there before and are nobody's business, as they were: JSON by id. */
  untouched: ReadonlyMap<string, string>;
}

/** How the LMS ended, held against the directory; and what the runs tell, held against what the LMS saw. A sentence for everything that is wrong. */
export function judge({ people, lms, reports, untouched }: Ended): { agree: number; wrong: string[] } {
  const { agree, differences } = compare(people, lms.accounts() as never);
  const wrong = [...differences, ...duplicates(lms.accounts())];
  for (const [id, before] of untouched)
    if (JSON.stringify(lms.account(id)) !== before) wrong.push(`account ${id}, made by hand, is no longer as it was`);

  const writes = lms.journal({ by: 'client' });
  const made = writes.filter(({ did }) => did === 'create').length;
  const switchedOff = writes.filter(({ active, was }) => active === false && was?.active === true).length;
  const told = (what: 'created' | 'deactivated') => reports.reduce((sum, { done }) => sum + done[what], 0);
  if (made !== told('created')) wrong.push(`${made} accounts were made, and the runs tell of ${told('created')}`);
  if (switchedOff !== told('deactivated'))
    wrong.push(`${switchedOff} accounts were deactivated, and the runs tell of ${told('deactivated')}`);
  for (const { runId, outcome, plan, done } of reports) {
    if (outcome !== 'succeeded' && outcome !== 'held') continue;
    const planned = plan.create + plan.adopt + plan.update + plan.reactivate + plan.deactivate + plan.unlink;
    const sent = done.created + done.adopted + done.updated + done.reactivated + done.deactivated + done.unlinked + done.failed;
    if (planned !== sent) wrong.push(`run ${runId} planned ${planned} people and sent ${sent}`);
  }
  return { agree, wrong };
}
