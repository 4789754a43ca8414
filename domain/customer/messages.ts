import type { Mode, RunReport } from '../run/run';
import type { CredentialPurpose } from './projection';
import type { ItemName } from './checklist';
import type { StartedRun } from './state';
import type { ChecklistEntry, CustomerStatus } from './status';

/** A run that was asked for. `alreadyRunning`: it is one that somebody asked for before. */
export interface Asked {
  run: Pick<StartedRun, 'workflowId' | 'runId'> & { mode: Mode; alreadyRunning: boolean };
}

/** All open holds, or those with these ids: decided ones too, as long as that was not carried out. */
export interface HoldDecision {
  decision: 'release' | 'reject';
  holds: 'all' | string[];
  /** With `all`: how many were seen to be open. Where there are others by now, nothing is decided. */
  expected?: number;
  by: string;
  reason: string;
}

export interface DecidedHolds {
  decided: number;
  /** Still open afterwards. */
  open: number;
  /** Of those, how many had been decided otherwise before; none where there is no such one. */
  changed?: number;
}

/** What one can ask of a customer: the update's one argument, and what it answers beside the status. */
export interface CustomerUpdates {
  configure: { argument: { configuration: object; by: string }; answer: { version: number; reopened: ItemName[] } };
  provideCredential: { argument: { purpose: CredentialPurpose; sealed: string; by: string }; answer: { credentialId: string } };
  /** The findings stand in the status. */
  testConnection: { argument: object; answer: object };
  requestPreview: { argument: { by?: string }; answer: Asked };
  signOffPreview: { argument: { runId: string; by: string }; answer: object };
  goLive: { argument: { by: string }; answer: object };
  pause: { argument: { reason: string; by: string }; answer: object };
  resume: { argument: { by: string }; answer: object };
  syncNow: { argument: { by?: string }; answer: Asked };
  decideHolds: { argument: HoldDecision; answer: DecidedHolds };
}

export type UpdateName = keyof CustomerUpdates;
export type ArgumentOf<Name extends UpdateName> = CustomerUpdates[Name]['argument'];
export type AnswerOf<Name extends UpdateName> = CustomerUpdates[Name]['answer'] & { status: CustomerStatus };

export interface CustomerQueries {
  status: CustomerStatus;
  checklist: ChecklistEntry[];
  /** The last 20, newest first. */
  runs: RunReport[];
}

/** The signal `runClosed` takes a `RunReport`. What starts a customer: */
export interface CustomerStart {
  customerId: string;
  configuration: unknown;
}
