import type { LinkState, PendingChange } from '../../adapters/store/change-store';
import type { Account, AccountChange, DesiredAccount, ManagerReference } from '../../domain/account';
import type { Configuration } from '../../domain/configuration/configuration';
import { Failure } from '../../domain/failure';
import { afterChange, changeBetween } from '../../domain/mapping/change-between';
import { desiredOf, writtenOf, type Applied, type Applying } from './applying';
import { linkTo, managerAfter, refusals } from './link';
import { managerOf } from './manager';
import { giveBackName } from './names-aside';

export async function updateAccount(change: PendingChange, applying: Applying): Promise<Applied> {
  const accountId = change.accountId as string;
  const before = writtenOf(change);
  const { bare } = change;
  const desired = bare ? { ...before, active: true, fields: mappedOnly(before.fields, applying.configuration) } : desiredOf(change);
  const manager = bare ? undefined : managerOf(change, applying);
  if (change.doubtful) {
    const account = await applying.target.get(accountId, applying.signal);
    if (!account) throw new Failure('TargetAccountMissing');
    return write(applying, accountId, asDesired(account), desired, manager, account.managerAccountId ?? null);
  }
  const held = change.kind === 'reactivate' ? { ...before, active: false } : before;
  const applied = await write(applying, accountId, held, desired, manager, change.writtenManager);
  if (applied.link.userName === desired.userName) return applied;
  // The name was refused, and the rest is written: nobody is left with a temporary one, if it can be helped.
  const given = await giveBackName({ ...change, written: applied.link.written }, applying).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    return undefined;
  });
  return given ? { ...applied, link: given } : applied;
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

export async function deactivateAccount(change: PendingChange, { target, signal }: Applying): Promise<Applied> {
  const accountId = change.accountId as string;
  const desired = { ...writtenOf(change), active: false };
  await target.update(accountId, { active: false, set: {}, clear: [] }, { desired }, signal);
  const link = linkTo(accountId, desired, { manager: change.writtenManager });
  return {
    outcome: 'done',
    accountId,
    before: '{"active":true}',
    after: '{"active":false}',
    link: { ...link, writtenHash: change.writtenHash ?? link.writtenHash, deactivatedByUs: true },
  };
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
  const managerDiffers = manager !== undefined && (manager?.accountId ?? null) !== managerBefore;
  const differs = changeBetween(before, desired);
  const managerAccount = manager === undefined ? managerBefore : (manager?.accountId ?? null);
  const change: AccountChange = { set: {}, clear: [], ...differs, ...(managerDiffers && { manager }) };
  // Fields that are kept, or that the LMS owns, stay known: a later mapping may want them cleared.
  const holds = { ...desired, fields: afterChange(before, change).fields };
  if (!differs && !managerDiffers)
    return { outcome: 'unchanged', accountId, link: linkTo(accountId, holds, { manager: managerAccount, desired }) };
  const written = await applying.target.update(accountId, change, { desired, manager: manager ?? undefined }, applying.signal);
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
    after: JSON.stringify(change),
    link,
    ...refusals(written),
  };
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
