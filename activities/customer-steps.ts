import type { DecidedHolds, HoldDecision } from '../domain/customer/messages';
import type { ConfigurationSummary, CredentialPurpose, Projection } from '../domain/customer/projection';
import type { Finding } from '../domain/customer/state';
import type { Mode } from '../domain/run/run';

export type { Finding };

/** `decisions`: the number of the last one that the store was told of, perhaps by an earlier life of this customer; histories of 0.1.0 may lack it. */
export type AcceptedConfiguration = ConfigurationSummary & { decisions?: number };

export interface CustomerSteps {
  /**
   * Parses a configuration and keeps it as a version of its own, `version` or a later one where the store has more than the workflow knows of; throws
   * `ConfigurationFaulty` naming every fault. Nothing counts until the projection says so.
   */
  acceptConfiguration(request: { customerId: string; configuration: unknown; version: number; by: string }): Promise<AcceptedConfiguration>;
  /** Keeps a sealed value after proving that a key of the ring opens it and that it is bound to this customer and audience; throws `CredentialUnreadable` or `CredentialMissing`. */
  acceptCredential(request: {
    customerId: string;
    purpose: CredentialPurpose;
    sealed: string;
    audience: string;
    credentialId: string;
    by: string;
  }): Promise<void>;
  /** The ring's public key ids, so that the validator refuses what is sealed to another. */
  sealingKeys(): Promise<{ kids: string[] }>;
  /**
   * Makes the world follow what was decided: the row that runs go by, the Schedule (cadence, at the offset of domain/customer/cadence.ts; paused wherever `runs` are not allowed, with the reason
   * as its note), and the run in flight, which is cancelled when the projection no longer allows one of its mode. Safe to repeat; throws `DecisionOutdated` where the store has a later one.
   */
  followDecisions(request: Projection): Promise<void>;
  /** Looks at everything that it can reach, whatever else fails: what fails is a finding, not an error. */
  testConnection(request: { customerId: string }): Promise<{ findings: Finding[] }>;
  /** Starts a run of its own workflow id; says when one is already running under it. */
  startRun(request: { customerId: string; mode: Mode }): Promise<{ workflowId: string; runId: string; alreadyRunning: boolean }>;
  /** Releases or rejects holds, all that were named or none; the same decision again is no fault. */
  decideHolds(request: HoldDecision & { customerId: string; at: string }): Promise<DecidedHolds>;
}
