import type { ChangeResult, PendingChange } from '../../adapters/store/change-store';
import type { Target } from '../../adapters/target/target';
import type { DesiredAccount } from '../../domain/account';
import type { Configuration } from '../../domain/configuration/configuration';
import type { MadeAccounts } from './made-accounts';

/** What every change of one attempt of a step shares. */
export interface Applying {
  target: Target;
  configuration: Configuration;
  signal: AbortSignal;
  /** Accounts that this attempt created, by member: a report that comes after its manager is created with it. */
  made: MadeAccounts;
  linkedMember(accountId: string): Promise<string | undefined>;
  /** Whether this is the id of somebody in the group, whatever became of them. */
  isMember(id: string): Promise<boolean>;
}

/** How a change went; whose it is and how often it was tried is the caller's to add. */
export type Applied = Omit<ChangeResult, 'position' | 'memberId' | 'attempts'>;

/** What the plan saw, too: no other run maps anybody while this one has the customer's lease. */
export function desiredOf({ desired }: PendingChange): DesiredAccount {
  return JSON.parse(desired as string) as DesiredAccount;
}

/** What was written to the account last. */
export function writtenOf(change: PendingChange): DesiredAccount {
  return JSON.parse(change.written as string) as DesiredAccount;
}
