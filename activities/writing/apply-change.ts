import type { PendingChange } from '../../adapters/store/change-store';
import { Failure } from '../../domain/failure';
import { desiredOf, type Applied, type Applying } from './applying';
import { createAccount } from './create-account';
import { matches } from './matching';
import { setManager } from './manager';
import { setAside } from './names-aside';
import { adoptAccount, deactivateAccount, updateAccount } from './update-account';

/** Makes one change in the target. `isUncertain`: an earlier try may have got through without its answer. Throws `Failure`s. */
export function applyChange(change: PendingChange, isUncertain: boolean, applying: Applying): Promise<Applied> {
  switch (change.kind) {
    case 'unlink':
      return Promise.resolve({ outcome: 'done', link: null, before: change.written ?? undefined });
    case 'create':
      return createAccount(change, isUncertain, applying);
    case 'adopt':
      return adoptOrCreate(change, applying);
    case 'deactivate':
      return deactivateAccount(change, applying);
    case 'setAside':
      return setAside(change, applying);
    case 'manager':
      return setManager(change, applying);
    case 'update':
    case 'reactivate':
      return updateAccount(change, applying);
  }
}

/**
 * The account may have been deleted since the LMS was read, or given to another person; then there is none. That may be days ago, where it couldn't be linked at once.
 */
async function adoptOrCreate(change: PendingChange, applying: Applying): Promise<Applied> {
  try {
    return await adoptAccount(
      change,
      change.accountId as string,
      applying,
      (account) => account.externalId?.toLowerCase() === change.memberId || matches(account, desiredOf(change), applying.configuration),
    );
  } catch (error) {
    if (error instanceof Failure && error.code === 'TargetAccountMissing') return createAccount(change, true, applying);
    throw error;
  }
}
