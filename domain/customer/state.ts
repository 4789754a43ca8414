import type { FailureCode } from '../failures';
import type { Mode, RunReport } from '../run/run';
import { checklist, itemNames, phases, type Item, type ItemName, type Phase } from './checklist';
import type { ConfigurationSummary, CredentialPurpose } from './projection';

/** Who said, or what showed, that a checklist item is done. A name is a claim until an authorizer identifies people. */
export interface Proof {
  by: string;
  at: string;
  note?: string;
}

/** What showed that an item is not (or no longer) so. */
export interface Disproof {
  /** `testConnection`, or the id of the run that met it. */
  by: string;
  at: string;
  code?: FailureCode;
  says: string;
  remedy: string;
}

/** One thing that the connection test looked at, in the words of whoever must act. */
export interface Finding {
  ok: boolean;
  /** The checklist item that it speaks for. */
  item: ItemName;
  /** What was looked at and what was seen. */
  says: string;
  /** What to do, where it is not ok. */
  remedy?: string;
  /** A code of domain/failures.ts, where it failed. */
  code?: string;
}

/** A credential as the workflow knows it: which one, for whom; the sealed value stands in the store. */
export interface GivenCredential {
  credentialId: string;
  /** The only tenant and client, or LMS, that it may be sent to (domain/audience.ts). */
  audience: string;
  by: string;
  at: string;
}

export interface StartedRun {
  workflowId: string;
  runId: string;
  at: string;
}

/** What the clock could not do waits, and is shown meanwhile. */
export interface Postponed {
  until: string;
  because: string;
}

/** All that is remembered between two messages. Plain and small (some 30 KB at most): continue-as-new carries it from run to run. */
export interface CustomerState {
  customerId: string;
  phase: Phase;
  /** When this phase was entered. */
  since: string;
  /** The number of the last decision that the world was told of. */
  decisions: number;
  configuration: ConfigurationSummary;
  /** The first configuration version with today's rehearsal key: an older preview shows something else. */
  rehearsedSince: number;
  credentials: Partial<Record<CredentialPurpose, GivenCredential>>;
  done: Partial<Record<ItemName, Proof>>;
  against: Partial<Record<ItemName, Disproof>>;
  connection?: { testedAt: string; findings: Finding[] };
  paused?: { reason: string; by: string; since: string };
  /** The last 20, newest first. */
  runs: RunReport[];
  /** The last run of each mode that speaks for how things stand; skipped and cancelled ones say nothing. */
  last: Partial<Record<Mode, RunReport>>;
  /** The last preview that succeeded with today's rehearsal key, however many runs came after it. */
  preview?: RunReport;
  /** The run id of the preview that was signed off. */
  signedPreview?: string;
  /** Runs that were asked for by hand and have not reported yet. */
  started: Partial<Record<Mode, StartedRun>>;
  lastSuccessAt?: string;
  /** From when on a success is waited for: the last going live or resuming. */
  expectedSince?: string;
  /** Since when a success is overdue. */
  staleSince?: string;
  /** Holds that wait for a decision. */
  holds: number;
  sealing: { kids: string[]; knownSince?: string };
  /** By the agenda's entries. */
  postponed: Record<string, Postponed>;
  /** The world may not have followed the last decision; it is told again. */
  unfollowed?: true;
}

/** `decisions`: of an earlier life, where there was one; this one's count on above them. */
export function newCustomer(customerId: string, configuration: ConfigurationSummary, at: string, decisions = 0): CustomerState {
  const state: CustomerState = {
    customerId,
    phase: 'kickOff',
    since: at,
    decisions,
    configuration,
    rehearsedSince: configuration.version,
    credentials: {},
    done: {},
    against: {},
    runs: [],
    last: {},
    started: {},
    holds: 0,
    sealing: { kids: [] },
    postponed: {},
  };
  return advance(state, at);
}

/** Runs write to the LMS from hypercare on. */
export function isLive({ phase }: CustomerState): boolean {
  return phase === 'hypercare' || phase === 'live';
}

/** What is asked of this phase or of one before it (a later change of the configuration reopens items) and isn't proven. */
export function openItems({ phase, done }: CustomerState): [ItemName, Item][] {
  return itemNames.flatMap((name) =>
    !done[name] && phases.indexOf(checklist[name].phase) <= phases.indexOf(phase) ? [[name, checklist[name]]] : [],
  );
}

export function prove(state: CustomerState, proven: readonly ItemName[], proof: Proof): CustomerState {
  const done = { ...state.done, ...Object.fromEntries(proven.map((item) => [item, proof])) };
  return advance({ ...state, done, against: without(state.against, proven) }, proof.at);
}

export function disprove(state: CustomerState, items: readonly ItemName[], disproof: Disproof): CustomerState {
  const against = { ...state.against, ...Object.fromEntries(items.map((item) => [item, disproof])) };
  return { ...state, done: without(state.done, items), against };
}

/** Neither proven nor disproven any more. */
export function reopen(state: CustomerState, items: readonly ItemName[]): CustomerState {
  return { ...state, done: without(state.done, items), against: without(state.against, items) };
}

/** The first two phases end by themselves when nothing in them is open; from `setUp` on somebody decides (`goLive`, …). */
function advance(state: CustomerState, at: string): CustomerState {
  if ((state.phase !== 'kickOff' && state.phase !== 'preparation') || openItems(state).length > 0) return state;
  return advance({ ...state, phase: phases[phases.indexOf(state.phase) + 1]!, since: at }, at);
}

export function without<Key extends string, Value>(all: Partial<Record<Key, Value>>, keys: readonly Key[]): Partial<Record<Key, Value>> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key as Key))) as Partial<Record<Key, Value>>;
}
