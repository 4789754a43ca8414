import type { FailureCode } from '../domain/failures';
import type { Done, Mode, Outcome, Plan, ReadFigures, Run, RunReport } from '../domain/run/run';

/** Under a second: reads or writes a few rows, starts no work of its own. */
export interface ShortSteps {
  /** Takes the customer's lease, or says why there is nothing to do. Called again for the same run, it answers the same. */
  openRun(request: { customerId: string; mode: Mode; runId: string; workflowId: string }): Promise<{ run: Run } | { skipped: RunReport }>;
}

/** As long as the customer is large. Each one heartbeats, keeps its cursor in the store and goes on from there when it is tried again. */
export interface LongSteps {
  readDirectory(run: Run): Promise<ReadFigures>;
  /** Reads the target's accounts where many must be compared, compares, confirms leavers and applies the guard. */
  planChanges(run: Run): Promise<Plan>;
  /** Unlinks, adopts, renames, updates, reactivates and creates. `managers`: references that are left to set. */
  upsertAccounts(run: Run): Promise<{ done: Done; managers: number }>;
  setManagers(run: Run): Promise<void>;
  deactivateLeavers(run: Run): Promise<void>;
}

export interface ClosingStep {
  /** Totals the stored rows, gives the lease back and tells the customer's workflow. */
  closeRun(request: {
    run: Run;
    workflowId: string;
    outcome: Outcome;
    because?: FailureCode | 'Unexpected';
    detail?: string;
  }): Promise<RunReport>;
}
