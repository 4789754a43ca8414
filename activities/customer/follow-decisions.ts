import { failures, remedyOf } from '../../domain/failures';
import type { Projection } from '../../domain/customer/projection';
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
    const run = holder && (await runs.find(customerId, holder.runId));
    if (run && !(run.mode === 'preview' ? projection.previews : projection.runs.allowed)) await engine.cancel(run.workflowId, run.runId);
  };
}

/** What the Schedule's note says while it is paused. */
function noteOf({ customerId, paused, runs }: Projection): string | undefined {
  if (paused) return `${paused.reason} (${paused.by}, ${paused.since})`;
  return runs.allowed ? undefined : `${failures[runs.because].says} ${remedyOf(runs.because, customerId)}`;
}
