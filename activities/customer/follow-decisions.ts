import { failures } from '../../domain/failures';
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
    if (!projection.paused) return;
    const holder = await leases.holder(customerId);
    if (holder && (await runs.find(customerId, holder.runId))) await engine.cancel(holder.workflowId, holder.runId);
  };
}

/** What the Schedule's note says while it is paused. */
function noteOf({ paused, runs }: Projection): string | undefined {
  if (paused) return `${paused.reason} (${paused.by}, ${paused.since})`;
  return runs.allowed ? undefined : `${failures[runs.because].says} ${failures[runs.because].remedy}`;
}
