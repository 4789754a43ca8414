import { audienceOf } from './audience';
import type { Mode } from '../run/run';
import { phases, type Phase } from './checklist';
import { isLive, type CustomerState } from './state';

export const purposes = ['directory', 'target'] as const;
export type CredentialPurpose = (typeof purposes)[number];

/** What the customer's workflow remembers of an accepted configuration; the configuration itself stays in the store. No personal data. */
export interface ConfigurationSummary {
  version: number;
  name: string;
  tenantId: string;
  clientId: string;
  groupId: string;
  targetOrigin: string;
  everyMinutes: number;
  /** Changes with group, tenant, target, user name or matching: whatever needs a new preview and sign-off. */
  rehearsalKey: string;
}

/** Whether syncs may run, and otherwise the code that says why not; of several reasons the one to mend first. */
export type Runs = { allowed: true } | { allowed: false; because: WhyNot };
export type WhyNot = 'NotLive' | 'Paused' | 'CredentialMissing' | 'SignOffMissing';

/** What was decided, as far as runs and the Schedule go by it. The store keeps the newest; nobody but the customer's workflow writes it. */
export interface Projection {
  customerId: string;
  /** Grows by one with every decision. */
  decisions: number;
  phase: Phase;
  runs: Runs;
  /** From set-up on, unless paused. */
  previews: boolean;
  paused?: { reason: string; by: string; since: string };
  configuration: ConfigurationSummary;
  /** The credentials that count, by purpose; none where none counts (any more). */
  credentials: Partial<Record<CredentialPurpose, string>>;
  /** The run id of the preview that was signed off; the first sync after it is exempt from the guard on additions. */
  signedPreview?: string;
}

/** Why a run of this mode may not go on, or begin. */
export function whyNot({ runs, previews, paused }: Projection, mode: Mode): WhyNot | undefined {
  if (mode === 'sync') return runs.allowed ? undefined : runs.because;
  if (previews) return undefined;
  return paused ? 'Paused' : 'NotLive';
}

export function projectionOf(state: CustomerState): Projection {
  const { customerId, decisions, phase, paused, configuration, signedPreview } = state;
  return {
    customerId,
    decisions,
    phase,
    runs: runsOf(state),
    previews: previewsOf(state),
    ...(paused && { paused }),
    configuration,
    credentials: Object.fromEntries(
      purposes.filter((purpose) => counts(state, purpose)).map((purpose) => [purpose, state.credentials[purpose]?.credentialId]),
    ),
    ...(signedPreview && { signedPreview }),
  };
}

/** Whether the world has to follow: a run's end, say, changes nothing that it goes by. */
export function isAnotherDecision(before: CustomerState, after: CustomerState): boolean {
  return JSON.stringify(projectionOf(before)) !== JSON.stringify(projectionOf(after));
}

export function runsOf(state: CustomerState): Runs {
  if (state.paused) return { allowed: false, because: 'Paused' };
  if (!isLive(state)) return { allowed: false, because: 'NotLive' };
  if (missingCredentials(state).length > 0) return { allowed: false, because: 'CredentialMissing' };
  return state.done.previewSigned ? { allowed: true } : { allowed: false, because: 'SignOffMissing' };
}

export function previewsOf({ phase, paused }: CustomerState): boolean {
  return !paused && phase !== 'offboarded' && phases.indexOf(phase) >= phases.indexOf('setUp');
}

export function missingCredentials(state: CustomerState): CredentialPurpose[] {
  return purposes.filter((purpose) => !counts(state, purpose));
}

/** A credential counts for the audience that it was given for and for no other: one for another tenant, application or LMS is never sent. */
export function counts({ credentials, configuration }: CustomerState, purpose: CredentialPurpose): boolean {
  return credentials[purpose]?.audience === audienceOf(configuration, purpose);
}
