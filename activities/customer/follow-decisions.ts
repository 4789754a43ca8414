import type { RunRow } from '../../adapters/store/run-store';
import { failures, remedyOf } from '../../domain/failures';
import { whyNot, type Projection } from '../../domain/customer/projection';
import { customerWorkflowId, modeOf } from '../../domain/workflow-ids';
import type { CustomerSteps } from '../customer-steps';
import type { Dependencies } from '../dependencies';

type Deps = Pick<Dependencies, 'customers' | 'engine' | 'leases' | 'runs'>;

/** The store first: what runs go by must be there before a Schedule starts one. */
export function createFollowDecisions({ customers, engine, leases, runs }: Deps): CustomerSteps['followDecisions'] {
  return async function followDecisions(projection) {
    await customers.follow(projection);
    const { customerId, configuration } = projection;
    if (projection.phase === 'offboarded') await engine.removeSchedule(customerId);
    else
      await engine.reconcileSchedule({
        customerId,
        name: configuration.name,
        everyMinutes: configuration.everyMinutes,
        paused: noteOf(projection),
      });
    const holder = await leases.holder(customerId);
    if (!holder) return;
    const { workflowId, runId } = holder;
    const run = await runs.find(customerId, runId); // none yet where it is just being opened
    const isRefused = whyNot(projection, run?.mode ?? modeOf(workflowId)) !== undefined;
    if (isRefused || (run && (await mayTouchProtected(run, configuration.version)))) await engine.cancel(workflowId, runId);
  };

  /** A run goes by the configuration that it was opened with, to its end: it would write to an account that is protected since. The next one plans anew. */
  async function mayTouchProtected({ customerId, mode, configurationVersion }: RunRow, version: number): Promise<boolean> {
    if (mode !== 'sync' || configurationVersion === version) return false;
    const [before, after] = await Promise.all([configurationVersion, version].map((one) => customers.configuration(customerId, one)));
    return after?.protectedAccounts.some((one) => !before?.protectedAccounts.includes(one)) ?? false;
  }
}

/** What the Schedule's note says while it is paused. Notes aren't encrypted: who paused it, and in which words, stands elsewhere. */
function noteOf({ customerId, paused, runs }: Projection): string | undefined {
  if (paused) return `Paused since ${paused.since}. Who did it, and why: query \`status\` of ${customerWorkflowId(customerId)}.`;
  return runs.allowed ? undefined : `${failures[runs.because].says} ${remedyOf(runs.because, customerId)}`;
}
