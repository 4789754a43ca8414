import type { PendingChange } from '../../adapters/store/change-store';
import type { Account, DesiredAccount, Fields } from '../../domain/account';
import { Failure } from '../../domain/failure';
import { desiredOf, writtenOf, type Applying } from './applying';

/** The account of a link that isn't believed, as the LMS shows it. Throws `TargetAccountMissing`. */
export async function accountInDoubt(change: PendingChange, applying: Applying): Promise<Account> {
  const there = await applying.target.get(change.accountId as string, applying.signal);
  const account = there ?? (await movedAccount(change, applying));
  if (!account) throw new Failure('TargetAccountMissing');
  return account;
}

/**
 * Where an id is made of the user name, an account that was renamed unheard has another one by now. It is this person's where it carries their object id and nobody else
 * is linked to it.
 */
export async function movedAccount(change: PendingChange, applying: Applying): Promise<Account | undefined> {
  const { memberId, accountId } = change;
  const found = await foundFor(change, applying);
  const [account, another] = found.filter((one) => one.externalId?.toLowerCase() === memberId || one.accountId === accountId);
  if (!account || another) return undefined;
  const owner = await applying.linkedMember(account.accountId);
  return owner === undefined || owner === memberId ? account : undefined;
}

/** Accounts that may be this person's, each once: by our id, and only where that finds none by each of the names. */
export async function foundFor(change: PendingChange, { target, signal }: Applying): Promise<Account[]> {
  const found = target.keeps('externalId') ? await target.findByExternalId(change.memberId, signal) : [];
  for (const userName of found.length > 0 ? [] : namesOf(change)) found.push(...(await target.findByUserName(userName, signal)));
  return [...new Map(found.map((account) => [account.accountId, account])).values()];
}

/** What a person's account may be called: as is desired, as was sent unheard, as was written last. */
function namesOf(change: PendingChange): string[] {
  const { desired, mayHold, written } = change;
  const accounts = [...(desired ? [desiredOf(change)] : []), ...(mayHold ?? []), ...(written ? [writtenOf(change)] : [])];
  return [...new Set(accounts.map(({ userName }) => userName))];
}

/** Of what the account shows, what Rollcall wrote, or may have, or is about to: all else is the LMS's own, and stays. */
export function fieldsOfOurs({ fields }: Account, { mayHold }: PendingChange, ...accounts: readonly DesiredAccount[]): Fields {
  const ours = new Set([...accounts, ...(mayHold ?? [])].flatMap((account) => Object.keys(account.fields)));
  return Object.fromEntries(Object.entries(fields).filter(([field]) => ours.has(field)));
}
