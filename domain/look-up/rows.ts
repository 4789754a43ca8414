import type { Configuration } from '../configuration/configuration';
import type { Phase } from '../customer/checklist';
import type { Runs } from '../customer/projection';

/** One change of one run, as it was planned and as it went. */
export interface ChangeRow {
  runId: string;
  stage: string;
  /** Its place in the stage. */
  position: number;
  kind: string;
  memberId: string;
  accountId?: string;
  userName?: string;
  /** Why somebody leaves (`leftGroup`, `disabled`, `deleted`), or is unlinked: `protected`, or the rule that excludes them. */
  cause?: string;
  /** What the account held, and what it holds now, where that is known. */
  before?: unknown;
  after?: unknown;
  /** Absent: not made (yet). */
  outcome?: string;
  /** A code of domain/failures.ts. */
  code?: string;
  detail?: string;
  attempts: number;
  endedAt?: string;
}

/** Why one member can't be synced. */
export interface ProblemRow {
  memberId: string;
  userName?: string;
  /** A code of domain/failures.ts; `says` and `remedy` are its own. */
  code: string;
  says: string;
  remedy: string;
  field?: string;
  detail?: string;
  /** Of those that a plan finds, the run that found it first. */
  runId: string;
}

/** A member who is not synced, and by which rule of the configuration. */
export interface ExcludedRow {
  memberId: string;
  userName?: string;
  /** `guest`, `notIncluded`, or `excluded by rule …`. */
  reason: string;
}

/** A change to somebody that waits for a decision, or waited for one. */
export interface HoldRow {
  holdId: string;
  kind: string;
  memberId: string;
  accountId?: string;
  userName?: string;
  /** The new user name, of a rename. */
  wantedName?: string;
  code: string;
  says: string;
  remedy: string;
  cause?: string;
  runId: string;
  raisedAt: string;
  state: string;
  decidedBy?: string;
  decidedReason?: string;
  decidedAt?: string;
}

/** An account that Rollcall never linked: nobody's business but the LMS administrator's. */
export interface UnlinkedAccountRow {
  accountId: string;
  userName: string;
  externalId?: string;
  email?: string;
  active: boolean;
}

/** A configuration as it was accepted, whole: what `configure` takes. It holds no secrets. */
export interface ConfigurationRow {
  version: number;
  acceptedAt: string;
  acceptedBy: string;
  configuration: Configuration;
}

/** The public half of the key that credentials are sealed to. */
export interface SealingKeyRow {
  kid: string;
  jwk: unknown;
  /** For comparing by eye with what the operator of the workers published. */
  fingerprint: string;
}

export interface CustomerRow {
  customerId: string;
  name: string;
  phase: Phase;
  runs: Runs;
  paused?: { reason: string; by: string; since: string };
}

/** The kind of row by what is looked up. */
export interface RowsOf {
  changes: ChangeRow;
  problems: ProblemRow;
  excluded: ExcludedRow;
  holds: HoldRow;
  unlinkedAccounts: UnlinkedAccountRow;
  configurations: ConfigurationRow;
  sealingKey: SealingKeyRow;
  customers: CustomerRow;
}

export type LookUpWhat = keyof RowsOf;

export interface LookUpPage<What extends LookUpWhat = LookUpWhat> {
  rows: RowsOf[What][];
  /** To be given as `cursor` for the rows after these; absent on the last page. */
  next?: string;
}
