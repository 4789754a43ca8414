import type { FailureCode } from '../failures';

export type Mode = 'sync' | 'preview';

/** What the workflow knows of a run: ids and counters only, so that history stays small whatever the size of a customer. */
export interface Run {
  customerId: string;
  runId: string;
  mode: Mode;
  configurationVersion: number;
}

/** What the read found. `settled`: nothing changed and nothing is left over from earlier runs, so that there is nothing to plan. */
export interface ReadFigures {
  members: number;
  changed: number;
  settled: boolean;
}

/** What is about to be done, by kind; people, not requests. */
export interface Plan {
  create: number;
  adopt: number;
  update: number;
  reactivate: number;
  deactivate: number;
  unlink: number;
  /** Manager references that differ and can be written in this run; those that ride along with a create or an update are among them. */
  managers: number;
  held: number;
  problems: number;
}

/** What was done and what was not. */
export interface Done {
  created: number;
  adopted: number;
  updated: number;
  reactivated: number;
  deactivated: number;
  unlinked: number;
  managers: number;
  failed: number;
}

export type Outcome = 'succeeded' | 'held' | 'failed' | 'cancelled' | 'skipped';

export interface RunReport {
  customerId: string;
  runId: string;
  workflowId: string;
  mode: Mode;
  outcome: Outcome;
  /** Why it was skipped or failed. */
  because?: FailureCode | 'Unexpected';
  /** Whatever is known beyond the code: the other side's words, or who holds the lease. Never a person's data. */
  detail?: string;
  startedAt: string;
  endedAt: string;
  configurationVersion: number;
  members: number;
  plan: Plan;
  done: Done;
  /** Holds of this customer that were open when the run closed, those of earlier runs too. Absent where nothing was counted (skipped, preview). */
  openHolds?: number;
  /** Fields that the LMS doesn't keep: they are left out of every write, and no row claims them. Absent where there are none. */
  notKept?: string[];
  /** Those of them that this run found out. */
  foundNotKept?: string[];
  /** Problems by code. */
  problems: Partial<Record<FailureCode, number>>;
}

export const noPlan: Plan = { create: 0, adopt: 0, update: 0, reactivate: 0, deactivate: 0, unlink: 0, managers: 0, held: 0, problems: 0 };
export const nothingDone: Done = {
  created: 0,
  adopted: 0,
  updated: 0,
  reactivated: 0,
  deactivated: 0,
  unlinked: 0,
  managers: 0,
  failed: 0,
};
