import type { Mode, RunReport } from '../../domain/run/run';

export interface SyncSchedule {
  customerId: string;
  /** The customer's name, shown in the Temporal UI; not encrypted anywhere but in the action's summary. */
  name: string;
  everyMinutes: number;
  /** Why nothing is to run, as the Schedule's note; absent: it runs. */
  paused?: string;
}

export interface EngineRun {
  runId: string;
  /** As Temporal names it: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT, CONTINUED_AS_NEW, PAUSED … */
  status: string;
  /** ISO 8601; absent while it runs or is paused: whether it is over shows here, not in the status. */
  closedAt?: string;
}

export interface StartedRun {
  workflowId: string;
  runId: string;
  /** It was asked for before; nothing new was started. */
  alreadyRunning: boolean;
}

/** What activities need of Temporal beside the workflow that called them. Every call may be repeated. Errors of the connection pass through as they are. */
export interface Engine {
  /** Makes the customer's Schedule what is asked for, whoever changed it and however; writes only where something differs. */
  reconcileSchedule(schedule: SyncSchedule): Promise<void>;
  /** None there is fine. */
  removeSchedule(customerId: string): Promise<void>;
  /** Without a run id the newest under this id. Nothing where the engine doesn't know it (any more). */
  describeRun(workflowId: string, runId?: string): Promise<EngineRun | undefined>;
  /** Asks it to cancel; one that is over, or was never there, is fine. */
  cancel(workflowId: string, runId?: string): Promise<void>;
  /** Tells the customer's workflow that a run is over; false where that workflow is gone. */
  signalRunClosed(customerId: string, report: RunReport): Promise<boolean>;
  /** Starts a run that somebody asked for. One of each mode at a time: a second asking gets the first one's id. */
  startRun(request: { customerId: string; mode: Mode }): Promise<StartedRun>;
}
