import type { LinkState, PendingChange } from '../../adapters/store/change-store';
import type { Target } from '../../adapters/target/target';
import type { Account, AccountChange, DesiredAccount, ManagerReference } from '../../domain/account';
import type { Configuration } from '../../domain/configuration/configuration';
import { Failure } from '../../domain/failure';
import { afterChange, changeBetween } from '../../domain/mapping/change-between';
import { desiredOf, writtenOf, type Applied, type Applying } from './applying';
import { linkTo, managerAfter, refusals } from './link';
import { accountInDoubt, fieldsOfOurs, movedAccount } from './doubtful-account';
import { managerOf } from './manager';
import { giveBackName, withoutPrefix } from './names-aside';

export async function updateAccount(change: PendingChange, applying: Applying): Promise<Applied> {
  const { accountId, held, managerAccount } = change.doubtful ? await seen(change, applying) : remembered(change);
  const desired = change.bare ? bare(change, held, applying) : desiredOf(change);
  const manager = change.bare ? undefined : managerOf(change, applying);
  const applied = await write(applying, accountId, held, desired, manager, managerAccount);
  // Where the name was refused, and the rest is written, nobody is left with a temporary one, if it can be helped.
  const given = await giveBackName({ ...change, accountId: applied.link.accountId, written: applied.link.written }, applying).catch(
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      return undefined;
    },
  );
  return given ? { ...applied, link: given } : applied;
}

interface Holding {
  accountId: string;
  held: DesiredAccount;
  managerAccount: string | null;
}

/** What the account holds, by what was written to it last. */
function remembered(change: PendingChange): Holding {
  const written = writtenOf(change);
  const held = change.kind === 'reactivate' ? { ...written, active: false } : written;
  return { accountId: change.accountId as string, held, managerAccount: change.writtenManager };
}

/** The same by what the LMS shows: of somebody in doubt. */
async function seen(change: PendingChange, applying: Applying): Promise<Holding> {
  const account = await accountInDoubt(change, applying);
  const written = writtenOf(change);
  const held = { ...asDesired(account), fields: fieldsOfOurs(account, change, written, change.bare ? written : desiredOf(change)) };
  return { accountId: account.accountId, held, managerAccount: account.managerAccountId ?? null };
}

/** To be active, with what the account holds and nothing else; but nobody is left with a temporary name. */
function bare(change: PendingChange, held: DesiredAccount, { configuration }: Applying): DesiredAccount {
  const { externalId, onlyAtCreation, keptWhenEmpty } = writtenOf(change);
  const userName = withoutPrefix(held.userName, change);
  return { userName, externalId, onlyAtCreation, keptWhenEmpty, active: true, fields: mappedOnly(held.fields, configuration) };
}

/** Links to an account that is there, and writes what differs from what it shows. Throws `TargetAccountMissing` too where it isn't the one that is meant. */
export async function adoptAccount(
  change: PendingChange,
  accountId: string,
  applying: Applying,
  isMeant: (account: Account) => boolean = () => true,
): Promise<Applied & { link: LinkState }> {
  const { target, signal, made } = applying;
  const account = await target.get(accountId, signal);
  if (!account || !isMeant(account)) throw new Failure('TargetAccountMissing');
  const desired = desiredOf(change);
  const manager = managerOf(change, applying);
  const result = await write(applying, accountId, asDesired(account), desired, manager, account.managerAccountId ?? null);
  const link = { ...result.link, adopted: true };
  made.set(change.memberId, { accountId: link.accountId, userName: desired.userName });
  return { ...result, outcome: 'done', accountId: link.accountId, link };
}

export async function deactivateAccount(change: PendingChange, applying: Applying): Promise<Applied> {
  const desired = { ...writtenOf(change), active: false };
  let accountId = change.accountId as string;
  const deactivate = () => applying.target.update(accountId, { active: false, set: {}, clear: [] }, { desired }, applying.signal);
  const linked = () => {
    const link = linkTo(accountId, desired, { manager: change.writtenManager });
    return { accountId, link: { ...link, writtenHash: change.writtenHash ?? link.writtenHash, deactivatedByUs: true } };
  };
  try {
    await deactivate();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'TargetAccountMissing') throw error;
    const moved = await movedAccount(change, applying);
    // Somebody deleted it in the LMS: there is nothing to switch off, and nothing to try again in every run.
    if (!moved) return { outcome: 'unchanged', code: error.code, detail: error.message, ...linked() };
    ({ accountId } = moved);
    await deactivate();
  }
  return { outcome: 'done', before: '{"active":true}', after: '{"active":false}', ...linked() };
}

/** An account that was never written by us, as if we had written what it holds. */
function asDesired({ userName, externalId = '', active, fields }: Account): DesiredAccount {
  return { userName, externalId, active, fields, onlyAtCreation: [], keptWhenEmpty: [] };
}

/** What is not mapped (any more) is nobody's business: it is neither compared nor cleared. */
function mappedOnly(fields: DesiredAccount['fields'], { fields: core, customFields }: Configuration): DesiredAccount['fields'] {
  const isMapped = (field: string) =>
    field.startsWith('custom.') ? Object.hasOwn(customFields, field.slice(7)) : Object.hasOwn(core, field);
  return Object.fromEntries(Object.entries(fields).filter(([field]) => isMapped(field)));
}

/** Writes what differs, in one request; nothing where nothing does. */
async function write(
  applying: Applying,
  accountId: string,
  held: DesiredAccount,
  desired: DesiredAccount,
  manager: ManagerReference | null | undefined,
  managerBefore: string | null,
): Promise<Applied & { link: LinkState }> {
  const before = { ...held, fields: mappedOnly(held.fields, applying.configuration) };
  const { target } = applying;
  const managerDiffers = manager !== undefined && (manager?.accountId ?? null) !== managerBefore && target.keeps('manager');
  const differs = whatIsKept(changeBetween(before, desired), target);
  const managerAccount = manager === undefined ? managerBefore : (manager?.accountId ?? null);
  const change: AccountChange = { set: {}, clear: [], ...differs, ...(managerDiffers && { manager }) };
  // Fields that are kept, or that the LMS owns, stay known: a later mapping may want them cleared.
  const holds = { ...desired, fields: afterChange(before, change).fields };
  if (!differs && !managerDiffers)
    return { outcome: 'unchanged', accountId, link: linkTo(accountId, holds, { manager: managerAccount, desired }) };
  const written = await target.update(accountId, change, { desired, manager: manager ?? undefined }, applying.signal);
  // Servers whose id is the user name give another id after a rename.
  const link = linkTo(written.account.accountId, holds, {
    manager: managerAfter(written, managerAccount, managerBefore),
    desired,
    written,
  });
  return {
    outcome: 'done',
    accountId: link.accountId,
    before: JSON.stringify(pick(before, change)),
    after: JSON.stringify(whatIsKept(change, target)),
    link,
    ...refusals(written),
  };
}

/** Without the fields that the LMS drops; nothing where nothing is left. */
function whatIsKept<Change extends AccountChange | undefined>(change: Change, target: Target): Change | undefined {
  if (!change) return undefined;
  const set = Object.fromEntries(Object.entries(change.set).filter(([field]) => target.keeps(field)));
  const clear = change.clear.filter((field) => target.keeps(field));
  const isNothing = Object.keys(change).length === 2 && Object.keys(set).length === 0 && clear.length === 0;
  return isNothing ? undefined : { ...change, set, clear };
}

/** What the account held where the change touches it. */
function pick(before: DesiredAccount, change: AccountChange): Partial<DesiredAccount> {
  const touched = [...Object.keys(change.set), ...change.clear];
  return {
    ...(change.userName !== undefined && { userName: before.userName }),
    ...(change.active !== undefined && { active: before.active }),
    fields: Object.fromEntries(touched.flatMap((field) => (before.fields[field] === undefined ? [] : [[field, before.fields[field]]]))),
  };
}
