import type { ChangeResult, PendingChange } from '../../adapters/store/change-store';
import type { Target } from '../../adapters/target/target';
import type { DesiredAccount } from '../../domain/account';
import type { Configuration } from '../../domain/configuration/configuration';
import { Failure } from '../../domain/failure';
import type { CompiledMapping } from '../../domain/mapping/map-member';
import type { DirectoryMember } from '../../domain/member';
import type { MadeAccounts } from './made-accounts';

/** What every change of one attempt of a step shares. */
export interface Applying {
  target: Target;
  configuration: Configuration;
  mapping: CompiledMapping;
  signal: AbortSignal;
  /** Accounts that this attempt created, by member: a report that comes after its manager is created with it. */
  made: MadeAccounts;
  linkedMember(accountId: string): Promise<string | undefined>;
  /** Whether this is the id of somebody in the group, whatever became of them. */
  isMember(id: string): Promise<boolean>;
}

/** How a change went; whose it is and how often it was tried is the caller's to add. */
export type Applied = Omit<ChangeResult, 'position' | 'memberId' | 'attempts'>;

export function desiredOf(change: PendingChange, { mapping }: Applying): DesiredAccount {
  const mapped = mapping.map(JSON.parse(change.source as string) as DirectoryMember);
  if (mapped.state !== 'desired') throw new Failure('TargetRefused', 'The person can no longer be mapped.'); // the plan saw a newer row: the next run does
  return mapped.desired;
}

/** What was written to the account last. */
export function writtenOf(change: PendingChange): DesiredAccount {
  return JSON.parse(change.written as string) as DesiredAccount;
}
