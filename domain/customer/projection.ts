import type { Phase } from './checklist';

export type CredentialPurpose = 'directory' | 'target';

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

/** What was decided, as far as runs and the Schedule go by it. The store keeps the newest; nobody but the customer's workflow writes it. */
export interface Projection {
  customerId: string;
  /** Grows by one with every decision. */
  decisions: number;
  phase: Phase;
  /** Syncs may run: live (or in hypercare) and nothing in the way. Otherwise why not. */
  runs: { allowed: true } | { allowed: false; because: 'NotLive' | 'Paused' | 'CredentialMissing' };
  /** From set-up on. */
  previews: boolean;
  paused?: { reason: string; by: string; since: string };
  configuration: ConfigurationSummary;
  /** The credentials that count, by purpose; none where none counts (any more). */
  credentials: Partial<Record<CredentialPurpose, string>>;
  /** The run id of the preview that was signed off; the first sync after it is exempt from the guard on additions. */
  signedPreview?: string;
}
