import { isDeepStrictEqual } from 'node:util';
import {
  ScheduleOverlapPolicy,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
  type Workflow,
} from '@temporalio/client';
import { TypedSearchAttributes, type SearchAttributePair } from '@temporalio/common';
import { offsetOf } from '../../domain/customer/cadence';
import type { Mode } from '../../domain/run/run';
import { scheduledRunId, scheduleId, taskQueue } from '../../domain/workflow-ids';
import type { SyncSchedule } from './engine';
import { customerKey } from './search-attributes';

/** The offset spreads customers over the cadence; this only parts those whose offsets meet. */
const jitter = 5_000; // ms

export type SyncScheduleOptions = ScheduleOptions<
  ScheduleOptionsStartWorkflowAction<Workflow> & { args: [{ customerId: string; mode: Mode }] }
>;

/** All of a customer's Schedule, from what was decided: nothing in it is taken from the one that is there. */
export function syncScheduleOf({ customerId, name, everyMinutes, paused }: SyncSchedule): SyncScheduleOptions {
  const every = everyMinutes * 60_000;
  const typedSearchAttributes = [{ key: customerKey, value: customerId }];
  return {
    scheduleId: scheduleId(customerId),
    // Whole seconds: the server knows no finer ones.
    spec: { intervals: [{ every, offset: Math.floor(offsetOf(customerId, everyMinutes) / 1_000) * 1_000 }], jitter },
    action: {
      type: 'startWorkflow',
      workflowType: 'syncRun',
      workflowId: scheduledRunId(customerId),
      taskQueue,
      args: [{ customerId, mode: 'sync' }],
      staticSummary: `Sync of ${name}`,
      staticDetails: `Scheduled, every ${everyMinutes} minutes. To run it now, send the update \`syncNow\` to \`customer/${customerId}\`.`,
      typedSearchAttributes,
    },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      // The server's own default is a year: after an outage every missed run of it would be made up for.
      catchupWindow: every,
      pauseOnFailure: false,
    },
    state: { paused: paused !== undefined, note: paused ?? '' },
    typedSearchAttributes,
  };
}

/** Whether the Schedule that is there is the one that is wanted; of a Schedule changed by hand every change counts. */
export function isAsWanted(there: ScheduleDescription, { spec, action, policies, state }: SyncScheduleOptions): boolean {
  const { calendars, intervals, skip, startAt, endAt } = there.spec; // the server turns cron expressions into one of these
  const isEmpty = (list?: unknown[]) => (list?.length ?? 0) === 0;
  const seen = {
    intervals: intervals?.map(({ every, offset = 0 }) => ({ every, offset })),
    jitter: there.spec.jitter,
    workflow: [there.action.workflowType, there.action.workflowId, there.action.taskQueue, there.action.args],
    said: [there.action.staticSummary, there.action.staticDetails],
    customers: [customerIn(there.action.typedSearchAttributes), customerIn(there.typedSearchAttributes)],
    policies: there.policies,
    state: [there.state.paused, there.state.note ?? '', there.state.remainingActions],
    nothingElse: [calendars, skip].every(isEmpty) && !startAt && !endAt,
  };
  const { customerId } = action.args[0];
  const wanted: typeof seen = {
    intervals: spec.intervals as { every: number; offset: number }[],
    jitter,
    workflow: [action.workflowType as string, action.workflowId as string, action.taskQueue, action.args],
    said: [action.staticSummary, action.staticDetails],
    customers: [customerId, customerId],
    policies: policies as ScheduleDescription['policies'],
    state: [state?.paused === true, state?.note ?? '', undefined],
    nothingElse: true,
  };
  return isDeepStrictEqual(seen, wanted);
}

function customerIn(attributes: TypedSearchAttributes | SearchAttributePair[] = []): string | undefined {
  return (Array.isArray(attributes) ? new TypedSearchAttributes(attributes) : attributes).get(customerKey);
}
