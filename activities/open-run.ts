import type { Configuration } from '../domain/configuration/configuration';
import { whyNot } from '../domain/customer/projection';
import { compileMapping } from '../domain/mapping/map-member';
import type { FailureCode } from '../domain/failures';
import { failures } from '../domain/failures';
import { noPlan, nothingDone, type RunReport } from '../domain/run/run';
import { lingering, type Dependencies } from './dependencies';
import type { ShortSteps } from './steps';

type Deps = Pick<Dependencies, 'customers' | 'leases' | 'runs' | 'engine' | 'now'>;

export function createOpenRun({ customers, leases, runs, engine, now }: Deps): ShortSteps['openRun'] {
  return async function openRun({ customerId, mode, runId, workflowId }) {
    const skipped = (because: FailureCode, detail?: string, version = 0): { skipped: RunReport } => {
      const at = new Date(now()).toISOString();
      return {
        skipped: {
          customerId,
          runId,
          workflowId,
          mode,
          outcome: 'skipped',
          because,
          detail: detail ?? failures[because].says,
          startedAt: at,
          endedAt: at,
          configurationVersion: version,
          members: 0,
          plan: noPlan,
          done: nothingDone,
          problems: {},
        },
      };
    };
    const before = await decided();
    if ('skipped' in before) return before;
    const holder = await takeLease();
    if (holder) return skipped('LeaseHeld', holder, before.version);
    // What was decided up to here found nobody to cancel; whatever is decided from here on finds us by our lease.
    for (let decision = await decided(); ;) {
      if ('skipped' in decision) {
        await leases.release(customerId, runId);
        return decision;
      }
      const { version, configuration } = decision;
      await runs.open({
        customerId,
        runId,
        workflowId,
        mode,
        configurationVersion: version,
        mappingVersion: compileMapping(configuration).version,
      });
      // Whoever decides from here on sees in the run what it goes by; a configuration that came meanwhile counts for it.
      const now = await decided();
      if ('skipped' in now || now.version === version) return { run: { customerId, runId, mode, configurationVersion: version } };
      decision = now;
    }

    /** The configuration to go by, as things stand; or why there is nothing to do. */
    async function decided(): Promise<{ version: number; configuration: Configuration } | { skipped: RunReport }> {
      const known = await customers.find(customerId);
      if (!known) return skipped('CustomerUnknown');
      const { projection } = known;
      const { version } = projection.configuration;
      const because = whyNot(projection, mode);
      if (because) return skipped(because, projection.paused?.reason, version);
      const configuration = await customers.configuration(customerId, version);
      if (!configuration) return skipped('CustomerUnknown', `configuration ${version} is not in the store`, version);
      return { version, configuration };
    }

    /** Who keeps us out, in words; nobody when the lease is ours. */
    async function takeLease(): Promise<string | undefined> {
      const other = await leases.take(customerId, { runId, workflowId });
      if (!other) return undefined;
      const run = await engine.describeRun(other.workflowId, other.runId);
      // One that was paused in Temporal isn't running, and what it had begun may still write.
      if (run && !run.closedAt)
        return `${other.workflowId} (run ${other.runId}) is ${run.status === 'RUNNING' ? 'at work' : `not over: ${run.status}`}`;
      // No fence calls back a request that is on its way: the last one of the holder must have come to its end.
      const free = run?.closedAt ? Date.parse(run.closedAt) + lingering : 0;
      if (free > now()) return `${other.workflowId} ended without giving its lease back; free at ${new Date(free).toISOString()}`;
      const still = await leases.take(customerId, { runId, workflowId }, other);
      return still && `${still.workflowId} (run ${still.runId}) is at work`;
    }
  };
}
