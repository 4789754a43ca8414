import { translating } from './as-application-failure';
import { createCloseRun } from './close-run';
import { createCustomerSteps } from './customer';
import type { CustomerSteps } from './customer-steps';
import type { Dependencies } from './dependencies';
import { createLookUpRows } from './look-up-rows';
import type { LookUpSteps } from './look-up-steps';
import { createOpenRun } from './open-run';
import { createPlanChanges } from './plan-changes';
import { createReadDirectory } from './read-directory';
import type { ClosingStep, LongSteps, ShortSteps } from './steps';
import { createWriteStages } from './write-stages';

/** Steps of the task queue `rollcall`: short ones. */
export function createShortActivities(deps: Dependencies): ShortSteps & ClosingStep & CustomerSteps & LookUpSteps {
  return translating({
    openRun: createOpenRun(deps),
    closeRun: createCloseRun(deps),
    lookUpRows: createLookUpRows(deps),
    ...createCustomerSteps(deps),
  });
}

/** Steps of the task queue `rollcall-sync`: as long as a customer is large. */
export function createLongActivities(deps: Dependencies): LongSteps {
  return translating({ readDirectory: createReadDirectory(deps), planChanges: createPlanChanges(deps), ...createWriteStages(deps) });
}
