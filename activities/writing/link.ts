import type { LinkState, PendingChange } from '../../adapters/store/change-store';
import type { RefusedField, Written } from '../../adapters/target/target';
import type { DesiredAccount } from '../../domain/account';
import { desiredHash } from '../../domain/mapping/desired-hash';
import { userNameKeyOf } from '../../domain/mapping/user-name-key';
import type { Applied } from './applying';

interface Rest {
  manager: string | null;
  /** What it was written for, where that is less than what it holds. */
  desired?: DesiredAccount;
  adopted?: boolean;
  written?: Written;
}

/** The link after a write. `account`: what the account holds now, but for what was refused. */
export function linkTo(
  accountId: string,
  account: DesiredAccount,
  { manager, desired = account, adopted = false, written }: Rest,
): LinkState {
  const refused = written?.refused ?? [];
  const due = refused.filter(({ isDue }) => isDue);
  const isDue = (name: string) => due.some(({ field }) => field === name);
  const userName = written && isDue('userName') ? written.account.userName : account.userName;
  const active = written && isDue('active') ? written.account.active : account.active;
  return {
    accountId,
    userName,
    userNameKey: userNameKeyOf(userName),
    written: JSON.stringify({ ...account, userName, active, fields: without(account.fields, refused) }),
    // What is due is no part of what was written, so that the next run writes it.
    writtenHash: desiredHash(due.length > 0 ? { ...desired, userName, fields: without(desired.fields, due) } : desired),
    active,
    deactivatedByUs: false,
    managerAccount: manager,
    adopted,
  };
}

function without(fields: DesiredAccount['fields'], refused: readonly RefusedField[]): DesiredAccount['fields'] {
  if (refused.length === 0) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !refused.some(({ field }) => field === name)));
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
    : {
        code: refused.find(({ code }) => code)?.code ?? 'TargetValueRefused',
        detail: refused.map(({ field, detail }) => `${field}: ${detail}`).join('; '),
      };
}
