import type { PendingChange } from '../../adapters/store/change-store';
import { Failure } from '../../domain/failure';
import type { Applied, Applying } from './applying';
import { createAccount } from './create-account';
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

/** Somebody may have deleted the account since the LMS was read; then there is none. */
async function adoptOrCreate(change: PendingChange, applying: Applying): Promise<Applied> {
  try {
    return await adoptAccount(change, change.accountId as string, applying);
  } catch (error) {
    if (error instanceof Failure && error.code === 'TargetAccountMissing') return createAccount(change, true, applying);
    throw error;
  }
}
