import { ApplicationFailure } from '@temporalio/common';
import type { CustomerSteps } from '../../activities/customer-steps';
import type { LookUpSteps } from '../../activities/look-up-steps';
import type { ConfigurationSummary, Projection } from '../../domain/customer/projection';
import type { Finding } from '../../domain/customer/state';
import { allWell } from '../unit/customer/acme';

/** What the customer's workflow would reach through activities: everything is kept, and every answer can be another. */
export class World {
  readonly calls: { step: keyof CustomerSteps | 'lookUpRows'; request: unknown }[] = [];
  /** What the world was told last, by customer. */
  readonly followed = new Map<string, Projection>();
  findings: Finding[] = allWell;
  kids = ['k1'];
  rows: unknown[] = [{ kid: 'k1' }];
  /** Thrown instead of an answer, while it is there. */
  failing: Partial<Record<keyof CustomerSteps | 'lookUpRows', () => Error>> = {};

  requestsOf<Step extends keyof CustomerSteps>(step: Step): Parameters<CustomerSteps[Step]>[0][] {
    return this.calls.filter((call) => call.step === step).map(({ request }) => request as Parameters<CustomerSteps[Step]>[0]);
  }

  readonly steps: CustomerSteps & LookUpSteps = {
    acceptConfiguration: (request) => this.did('acceptConfiguration', request, () => summaryOf(request)),
    acceptCredential: (request) => this.did('acceptCredential', request, () => undefined),
    sealingKeys: () => this.did('sealingKeys', undefined, () => ({ kids: this.kids })),
    followDecisions: (request) => this.did('followDecisions', request, () => void this.followed.set(request.customerId, request)),
    testConnection: (request) => this.did('testConnection', request, () => ({ findings: this.findings })),
    startRun: (request) =>
      this.did('startRun', request, () => ({
        workflowId: `sync/${request.customerId}/${request.mode}`,
        runId: `run-${this.calls.length}`,
        alreadyRunning: false,
      })),
    decideHolds: (request) => this.did('decideHolds', request, () => ({ decided: 2, open: 1 })),
    lookUpRows: (request) => this.did('lookUpRows', request, () => ({ rows: this.rows as never, next: 'after-1' })),
  };

  private async did<Answer>(step: keyof CustomerSteps | 'lookUpRows', request: unknown, answer: () => Answer): Promise<Answer> {
    this.calls.push({ step, request });
    const failure = this.failing[step]?.();
    if (failure) throw failure;
    return answer();
  }
}

export const configuration = {
  name: 'Acme',
  tenantId: 'tenant',
  clientId: 'client',
  groupId: 'group',
  targetOrigin: 'https://lms.example',
  everyMinutes: 60,
  rehearsalKey: 'first',
};

/** Stands in for the schema: a configuration here is the summary itself, and says which faults it has. */
function summaryOf({ configuration: given, version }: { configuration: unknown; version: number }): ConfigurationSummary {
  const { faults, ...summary } = given as typeof configuration & { faults?: string[] };
  if (faults) throw ApplicationFailure.nonRetryable(`The configuration has faults. ${faults.join('; ')}`, 'ConfigurationFaulty');
  return { ...summary, version };
}
