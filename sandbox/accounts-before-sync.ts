import type { Lms } from './lms/lms';
import { handMadeAccounts } from './people/hand-made';
import { populate, type PopulationOptions } from './people/population';

/** Into an empty LMS, what somebody made there by hand before Rollcall came; some of it belongs to members. Beside plain people nobody did. */
export function addAccountsByHand(lms: Lms, population: PopulationOptions): void {
  if (population.awkward === false || lms.accounts().length > 0) return;
  // Whose account it is must not be in doubt here: what is in doubt is for tests of their own.
  const byHand = handMadeAccounts(populate(population), population.seed, { ambiguous: 0 });
  lms.addAccounts([
    { userName: 'lms.administrator', active: true },
    ...byHand.map(({ userName, displayName, active, email }) => ({
      userName,
      displayName,
      active,
      emails: [{ value: email, type: 'work' }],
    })),
  ]);
}
