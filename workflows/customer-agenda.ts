import { proxyActivities } from '@temporalio/workflow';
import type { CustomerSteps } from '../activities/customer-steps';
import type { What } from '../domain/customer/agenda';
import type { CustomerState } from '../domain/customer/state';

/** Given up soon: what fails comes round again. */
const { sealingKeys } = proxyActivities<CustomerSteps>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '30s',
  summary: 'Which keys credentials may be sealed to',
});

type Attend = (state: CustomerState, at: string) => CustomerState | Promise<CustomerState>;

/** What the clock does, one entry for each of `domain/customer/agenda.ts`. */
export const agenda: Record<What, Attend> = {
  followDecisions: (state) => state, // that it is marked as unfollowed is enough
  async refreshSealingKeys(state, at) {
    const { kids } = await sealingKeys();
    return { ...state, sealing: { kids, knownSince: at } };
  },
  missSuccess: (state, at) => ({ ...state, staleSince: at }),
};

/** What the Temporal UI shows beside the timer that waits for it. */
export const timerSummaries: Record<What, string> = {
  followDecisions: 'Until the world is told again what was decided',
  refreshSealingKeys: 'Until the sealing keys are looked at again',
  missSuccess: 'Until a sync must have succeeded; rings only if none has',
};
