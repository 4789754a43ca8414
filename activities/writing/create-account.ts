import type { PendingChange } from '../../adapters/store/change-store';
import type { Target } from '../../adapters/target/target';
import type { Account, DesiredAccount } from '../../domain/account';
import { Failure } from '../../domain/failure';
import { userNameKeyOf } from '../../domain/mapping/user-name-key';
import { pause } from '../long-step';
import { desiredOf, type Applied, type Applying } from './applying';
import { foundFor } from './doubtful-account';
import { linkTo, linkToMade, managerAfter, refusals } from './link';
import { managerOf } from './manager';
import { matches } from './matching';
import { adoptAccount } from './update-account';

/** Nothing but the look-up keeps somebody from being made twice where names are not unique, and a search may be right only after a while: so it asks again after these pauses (ms). */
const looksAgainAfter = [250, 500, 1_000, 2_000, 4_000];

/** `isUncertain`: an earlier try may have made the account, so it is looked for before it is made again. */
export async function createAccount(change: PendingChange, isUncertain: boolean, applying: Applying): Promise<Applied> {
  const { target, signal, made } = applying;
  const desired = desiredOf(change);
  const isOurs = ({ externalId }: Account) => externalId?.toLowerCase() === change.memberId;

  if (isUncertain) {
    // Some LMSs keep no ids of ours: there only what it was made with tells it.
    const sent = [desired, ...(change.mayHold ?? [])];
    const mayBeOurs = (account: Account) =>
      isOurs(account) || (!account.externalId && sent.some((one) => matches(account, one, applying.configuration)));
    const there = (await lookFor(change, applying)).filter(mayBeOurs);
    if (there.length > 0) return claim(there);
  }
  const manager = managerOf(change, applying) ?? undefined;
  try {
    const written = await target.create(desired, manager, signal);
    const { accountId } = written.account;
    made.set(change.memberId, { accountId, userName: desired.userName });
    const managerAccount = managerAfter(written, manager?.accountId ?? null, null);
    const link = written.refused
      ? linkTo(accountId, desired, { manager: managerAccount, written })
      : linkToMade(accountId, desired, managerAccount, change);
    return { outcome: 'done', accountId, after: whatIsKept(link.written, desired, target), link, ...refusals(written) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'TargetUserNameTaken') throw error;
    const found = await target.findByUserName(desired.userName, signal);
    if (found.length === 0) throw error;
    return claim(found, error);
  }

  /** Made by an earlier try, perhaps not to its end: with the manager that was known then, or without what was to be added. What it shows counts. */
  async function madeBefore({ accountId }: Account): Promise<Applied> {
    const applied = await adoptAccount(change, accountId, applying);
    const link = { ...applied.link, adopted: false };
    return { ...applied, before: undefined, after: link.written, link };
  }

  /** Links to the account that has the name, unless it is, or may be, somebody else's. */
  async function claim(found: readonly Account[], refusal?: Failure): Promise<Applied> {
    const { configuration, linkedMember, isMember } = applying;
    const ours = found.filter(isOurs);
    const [account, another] = (ours.length > 0 ? ours : found) as [Account, Account?];
    if (another) throw new Failure('MatchAmbiguous');
    const owner = await linkedMember(account.accountId);
    if (owner && owner !== change.memberId) throw new Failure('AccountLinkedElsewhere');
    const { protectedAccounts, matching } = configuration;
    if (protectedAccounts.some((one) => one === account.accountId || userNameKeyOf(one) === userNameKeyOf(account.userName)))
      throw new Failure('AccountProtected');
    if (isOurs(account)) return isUncertain ? madeBefore(account) : adoptAccount(change, account.accountId, applying);
    // Situation 23: the account of somebody who was excluded is nobody else's, though it isn't linked any more.
    if (account.externalId && (await isMember(account.externalId))) throw new Failure('AccountLinkedElsewhere');
    if (matching.by !== 'userName' && refusal) throw refusal;
    return adoptAccount(change, account.accountId, applying);
  }
}

async function lookFor(change: PendingChange, applying: Applying): Promise<Account[]> {
  for (const wait of applying.target.keepsNamesUnique() ? [] : looksAgainAfter) {
    const found = await foundFor(change, applying);
    if (found.length > 0) return found;
    await pause(wait, applying.signal);
  }
  return foundFor(change, applying);
}

/** The account as it was made, without what the LMS drops. JSON; mostly that is what the link says. */
function whatIsKept(written: string, { fields }: DesiredAccount, target: Target): string {
  if (Object.keys(fields).every((field) => target.keeps(field))) return written;
  const account = JSON.parse(written) as DesiredAccount;
  return JSON.stringify({
    ...account,
    fields: Object.fromEntries(Object.entries(account.fields).filter(([field]) => target.keeps(field))),
  });
}
