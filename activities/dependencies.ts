import type { Directory } from '../adapters/directory/directory';
import type { Engine } from '../adapters/engine/engine';
import type { AccountStore } from '../adapters/store/account-store';
import type { ChangeStore } from '../adapters/store/change-store';
import type { CustomerStore } from '../adapters/store/customer-store';
import type { HoldStore } from '../adapters/store/hold-store';
import type { LeaseStore } from '../adapters/store/lease-store';
import type { LeaverStore } from '../adapters/store/leaver-store';
import type { LookUpStore } from '../adapters/store/look-up-store';
import type { MemberStore } from '../adapters/store/member-store';
import type { PlanStore } from '../adapters/store/plan-store';
import type { RunStore } from '../adapters/store/run-store';
import type { Target } from '../adapters/target/target';
import type { Configuration } from '../domain/configuration/configuration';
import type { Projection } from '../domain/customer/projection';
import type { RunReport } from '../domain/run/run';

/** A customer as a step needs it: what was decided, and the configuration that it was decided for. */
export interface CustomerContext {
  customerId: string;
  projection: Projection;
  configuration: Configuration;
}

/** Everything of the outside that activities use; tests hand in others. */
export interface Dependencies {
  customers: CustomerStore;
  leases: LeaseStore;
  runs: RunStore;
  members: MemberStore;
  accounts: AccountStore;
  leavers: LeaverStore;
  plans: PlanStore;
  changes: ChangeStore;
  holds: HoldStore;
  lookUps: LookUpStore;
  engine: Engine;
  /** Sealing: the public half that others seal to, and opening what was sealed. */
  credentials: {
    sealingKey(): Promise<{ kid: string; jwk: unknown; fingerprint: string }>;
    kids(): string[];
    open(sealed: string, binding: { customerId: string; purpose: 'directory' | 'target'; audience: string }): Promise<string>;
  };
  /** Signed in with the credential that counts; throws `CredentialMissing` where none does. */
  directoryOf(customer: CustomerContext): Promise<Directory>;
  targetOf(customer: CustomerContext): Promise<Target>;
  /** Why this worker would never call an LMS there, as far as its address alone tells; nothing where it may. */
  targetFault(url: URL): string | undefined;
  /** Told of each run that came to its end. */
  onRunClosed?(report: RunReport): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** How long after a holder's end a request of its last attempt may still be on its way: the heartbeat timeout and a request's own, in milliseconds. */
export const lingering = 15_000 + 45_000;
