import type { LinkState, PendingChange } from '../../adapters/store/change-store';
import type { Written } from '../../adapters/target/target';
import type { DesiredAccount } from '../../domain/account';
import { desiredHash } from '../../domain/mapping/desired-hash';
import { userNameKeyOf } from '../../domain/mapping/user-name-key';
import type { Applied } from './applying';

interface Rest {
  manager: string | null;
  /** What it was written for, where that is less than what it holds. */
  desired?: DesiredAccount;
  adopted?: boolean;
  refused?: Written['refused'];
}

/** The link after a write. `account`: what the account holds now. */
export function linkTo(accountId: string, account: DesiredAccount, { manager, desired, adopted = false, refused = [] }: Rest): LinkState {
  const without = new Set(refused.map(({ field }) => field));
  const fields =
    without.size > 0 ? Object.fromEntries(Object.entries(account.fields).filter(([field]) => !without.has(field))) : account.fields;
  return {
    accountId,
    userName: account.userName,
    userNameKey: userNameKeyOf(account.userName),
    written: JSON.stringify({ ...account, fields }),
    writtenHash: desiredHash(desired ?? account),
    active: account.active,
    deactivatedByUs: false,
    managerAccount: manager,
    adopted,
  };
}

/** The link to an account that was made and holds all that it was made with. */
export function linkToMade(
  accountId: string,
  { userName, active }: DesiredAccount,
  manager: string | null,
  change: Pick<PendingChange, 'desired' | 'desiredHash'>,
): LinkState {
  return {
    accountId,
    userName,
    userNameKey: userNameKeyOf(userName),
    written: change.desired as string,
    writtenHash: change.desiredHash as string,
    active,
    deactivatedByUs: false,
    managerAccount: manager,
    adopted: false,
  };
}

/** The manager that the link remembers: where the LMS refused the new one the old one, so that the next run tries again. */
export function managerAfter({ refused = [] }: Written, sent: string | null, before: string | null): string | null {
  return refused.some(({ field }) => field === 'manager') ? before : sent;
}

/** Situation 30: the person is synced without a value that the LMS refuses, and the row says which. */
export function refusals({ refused = [] }: Written): Pick<Applied, 'code' | 'detail'> {
  return refused.length === 0
    ? {}
    : { code: 'TargetValueRefused', detail: refused.map(({ field, detail }) => `${field}: ${detail}`).join('; ') };
}
