import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { Mode } from '../../domain/run/run';
import { customerWorkflowId, manualRunId, previewRunId, scheduleId, taskQueue } from '../../domain/workflow-ids';
import type { Engine, StartedRun } from './engine';
import { customerKey } from './search-attributes';
import { isAsWanted, syncScheduleOf } from './sync-schedule';

/** How long one call may take, its retries by the client included. */
const patience = 15_000; // ms

/** How often a start may meet a run that has ended when it is asked about; then the caller's own retries are slower. */
const mostStarts = 5;

const runOf: Record<Mode, { workflowId(customerId: string): string; summary: string }> = {
  sync: { workflowId: manualRunId, summary: 'Sync on request' },
  preview: { workflowId: previewRunId, summary: 'Preview: writes nothing to the LMS' },
};

/** The client carries the payload codec: what is started or signalled here is encrypted like everything else. */
export function createTemporalEngine(client: Client): Engine {
  const within = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + patience, call);

  return {
    async reconcileSchedule(schedule) {
      const wanted = syncScheduleOf(schedule);
      const handle = client.schedule.getHandle(wanted.scheduleId);
      const there = await unless(ScheduleNotFoundError, () => within(() => handle.describe()));
      if (!there) {
        const created = await unless(ScheduleAlreadyRunning, () => within(() => client.schedule.create(wanted)));
        if (created) return;
      }
      if (there && isAsWanted(there, wanted)) return;
      const { scheduleId: _id, ...all } = wanted;
      await within(() => handle.update(() => ({ ...all, state: all.state ?? {} })));
    },

    async removeSchedule(customerId) {
      await unless(ScheduleNotFoundError, () => within(() => client.schedule.getHandle(scheduleId(customerId)).delete()));
    },

    async describeRun(workflowId, runId) {
      const found = await unless(WorkflowNotFoundError, () => within(() => client.workflow.getHandle(workflowId, runId).describe()));
      return (
        found && { runId: found.runId, status: found.status.name, ...(found.closeTime && { closedAt: found.closeTime.toISOString() }) }
      );
    },

    async cancel(workflowId, runId) {
      await unless(WorkflowNotFoundError, () => within(() => client.workflow.getHandle(workflowId, runId).cancel()));
    },

    async signalRunClosed(customerId, report) {
      const told = await unless(WorkflowNotFoundError, async () => {
        await within(() => client.workflow.getHandle(customerWorkflowId(customerId)).signal('runClosed', report));
        return true;
      });
      return told ?? false;
    },

    async startRun({ customerId, mode }): Promise<StartedRun> {
      const workflowId = runOf[mode].workflowId(customerId);
      for (let starts = 1; starts <= mostStarts; starts += 1) {
        const started = await unless(WorkflowExecutionAlreadyStartedError, () => within(() => start(workflowId, customerId, mode)));
        if (started) return { workflowId, runId: started.firstExecutionRunId, alreadyRunning: false };
        const there = await this.describeRun(workflowId);
        // It may have ended between the two questions: then the next start succeeds. A paused one isn't running and hasn't ended.
        if (there && !there.closedAt) return { workflowId, runId: there.runId, alreadyRunning: true };
      }
      throw new Error(`${workflowId} could not be started: whenever it is asked about, the run in its way has just ended.`);
    },
  };

  function start(workflowId: string, customerId: string, mode: Mode) {
    return client.workflow.start('syncRun', {
      workflowId,
      taskQueue,
      args: [{ customerId, mode }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: runOf[mode].summary,
      typedSearchAttributes: [{ key: customerKey, value: customerId }],
    });
  }
}

/** What the call answers; nothing where it fails in the one way that is expected. */
async function unless<T>(expected: new (...parameters: never[]) => Error, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof expected) return undefined;
    throw error;
  }
}
