import type { LinkState } from '../../adapters/store/change-store';
import type { Written } from '../../adapters/target/target';
import type { DesiredAccount } from '../../domain/account';
import { desiredHash } from '../../domain/mapping/desired-hash';
import { userNameKeyOf } from '../../domain/mapping/user-name-key';
import type { Applied } from './applying';

interface Rest {
  manager: string | null;
  /** What it was written for, where that is less than what it holds. */
  desired?: DesiredAccount;
  /** Of that, where it is known. */
  hash?: string | null;
  adopted?: boolean;
  refused?: Written['refused'];
}

/** The link after a write. `account`: what the account holds now. */
export function linkTo(
  accountId: string,
  account: DesiredAccount,
  { manager, desired, hash, adopted = false, refused = [] }: Rest,
): LinkState {
  const without = new Set(refused.map(({ field }) => field));
  const { managerId: _managerId, ...kept } = account;
  const fields =
    without.size > 0 ? Object.fromEntries(Object.entries(account.fields).filter(([field]) => !without.has(field))) : account.fields;
  return {
    accountId,
    userName: account.userName,
    userNameKey: userNameKeyOf(account.userName),
    written: JSON.stringify({ ...kept, fields }),
    writtenHash: hash ?? desiredHash(desired ?? account),
    active: account.active,
    deactivatedByUs: false,
    managerAccount: manager,
    adopted,
  };
}

/** Situation 30: the person is synced without a value that the LMS refuses, and the row says which. */
export function refusals({ refused = [] }: Written): Pick<Applied, 'code' | 'detail'> {
  return refused.length === 0
    ? {}
    : { code: 'TargetValueRefused', detail: refused.map(({ field, detail }) => `${field}: ${detail}`).join('; ') };
}
