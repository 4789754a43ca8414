import { ApplicationFailure } from '@temporalio/common';
import type { AcceptedConfiguration, CustomerSteps } from '../../activities/customer-steps';
import type { LookUpSteps } from '../../activities/look-up-steps';
import type { ConfigurationSummary, Projection } from '../../domain/customer/projection';
import type { Finding } from '../../domain/customer/state';
import { allWell } from '../unit/customer/acme';

/** What the customer's workflow would reach through activities: everything is kept, and every answer can be another. */
export class World {
  readonly calls: { step: keyof CustomerSteps | 'lookUpRows'; request: unknown }[] = [];
  /** What the world was told last, by customer. */
  readonly followed = new Map<string, Projection>();
  /** Every configuration that was kept, by customer; the first one's version is 1. */
  private readonly kept = new Map<string, string[]>();
  findings: Finding[] = allWell;
  kids = ['k1'];
  rows: unknown[] = [{ kid: 'k1' }];
  /** Thrown instead of an answer, while it is there. */
  failing: Partial<Record<keyof CustomerSteps | 'lookUpRows', () => Error>> = {};

  requestsOf<Step extends keyof CustomerSteps>(step: Step): Parameters<CustomerSteps[Step]>[0][] {
    return this.calls.filter((call) => call.step === step).map(({ request }) => request as Parameters<CustomerSteps[Step]>[0]);
  }

  readonly steps: CustomerSteps & LookUpSteps = {
    acceptConfiguration: (request) => this.did('acceptConfiguration', request, () => this.accepted(request)),
    acceptCredential: (request) => this.did('acceptCredential', request, () => undefined),
    sealingKeys: () => this.did('sealingKeys', undefined, () => ({ kids: this.kids })),
    followDecisions: (request) => this.did('followDecisions', request, () => this.follow(request)),
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

  /** As the store numbers them: nothing that is kept is ever changed. */
  private accepted(request: Parameters<CustomerSteps['acceptConfiguration']>[0]): AcceptedConfiguration {
    const { customerId, version: atLeast } = request;
    const summary = summaryOf(request);
    const kept = this.kept.get(customerId) ?? [];
    const isAgain = kept.length >= atLeast && kept.at(-1) === JSON.stringify(summary);
    if (!isAgain) this.kept.set(customerId, [...kept, JSON.stringify(summary)]);
    return { ...summary, version: isAgain ? kept.length : kept.length + 1, decisions: this.followed.get(customerId)?.decisions ?? 0 };
  }

  /** As the store takes them: nothing that is older than what it has. */
  private follow(projection: Projection): void {
    const { decisions = 0 } = this.followed.get(projection.customerId) ?? {};
    if (projection.decisions < decisions) throw ApplicationFailure.nonRetryable('The database has a later decision.', 'DecisionOutdated');
    this.followed.set(projection.customerId, projection);
  }

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
function summaryOf({ configuration: given }: { configuration: unknown }): Omit<ConfigurationSummary, 'version'> {
  const { faults, ...summary } = given as typeof configuration & { faults?: string[] };
  if (faults) throw ApplicationFailure.nonRetryable(`The configuration has faults. ${faults.join('; ')}`, 'ConfigurationFaulty');
  return summary;
}
