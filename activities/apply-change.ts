import type { ChangeResult, LinkState, PendingChange } from '../adapters/store/change-store';
import type { Target, Written } from '../adapters/target/target';
import type { Account, AccountChange, DesiredAccount, ManagerReference } from '../domain/account';
import type { Configuration } from '../domain/configuration/configuration';
import { Failure } from '../domain/failure';
import { afterChange, changeBetween } from '../domain/mapping/change-between';
import { desiredHash } from '../domain/mapping/desired-hash';
import type { CompiledMapping } from '../domain/mapping/map-member';
import { userNameKeyOf } from '../domain/mapping/user-name-key';
import type { DirectoryMember } from '../domain/member';

export interface Applying {
  target: Target;
  configuration: Configuration;
  mapping: CompiledMapping;
  signal: AbortSignal;
  /** Accounts that this attempt created, by member: a report that comes after its manager is created with it. */
  made: Map<string, ManagerReference>;
  linkedMember(accountId: string): Promise<string | undefined>;
  /** Whose names were set aside in this attempt, and what they were called before: nobody is left with a temporary name. */
  aside: Map<string, { accountId: string; before: DesiredAccount }>;
}

type Outcome = Omit<ChangeResult, 'position' | 'memberId' | 'attempts'>;

/** Makes one change in the target. `isUncertain`: an earlier try may have got through without its answer. Throws `Failure`s. */
export async function applyChange(change: PendingChange, isUncertain: boolean, applying: Applying): Promise<Outcome> {
  switch (change.kind) {
    case 'unlink':
      return { outcome: 'done', link: null, before: change.written ?? undefined };
    case 'create':
      return create(change, isUncertain, applying);
    case 'adopt':
      return adopt(change, change.accountId as string, applying);
    case 'deactivate':
      return deactivate(change, applying);
    case 'setAside':
      return setAside(change, applying);
    case 'manager':
      return setManager(change, applying);
    case 'update':
    case 'reactivate':
      return update(change, applying);
  }
}

function desiredOf(change: PendingChange, { mapping }: Applying): DesiredAccount {
  const mapped = mapping.map(JSON.parse(change.source as string) as DirectoryMember);
  if (mapped.state !== 'desired') throw new Failure('TargetRefused', 'The person can no longer be mapped.'); // the plan saw a newer row: the next run does
  return mapped.desired;
}

/** Whom the LMS should show as manager: `null` nobody, `undefined` left as it is. */
function managerOf(change: PendingChange, { configuration, made }: Applying): ManagerReference | null | undefined {
  const { reference, unavailable } = configuration.manager;
  if (reference === 'leave') return undefined;
  if (change.isInLoop) return unavailable === 'clear' ? null : undefined;
  if (!change.managerId) return null;
  const known =
    change.managerAccount && change.managerWritten
      ? referenceTo(change.managerAccount, JSON.parse(change.managerWritten) as DesiredAccount)
      : made.get(change.managerId);
  if (known) return known;
  // In the upserts a manager may still be on the way; what is to become of the reference is decided afterwards.
  return change.kind === 'manager' && unavailable === 'clear' ? null : undefined;
}

export function referenceTo(accountId: string, { userName, fields }: Pick<DesiredAccount, 'userName' | 'fields'>): ManagerReference {
  return { accountId, userName, email: fields.email };
}

/** `account`: what the account holds now. `desired`: what it was written for, where that is less. */
function linkTo(
  accountId: string,
  account: DesiredAccount,
  rest: { manager: string | null; desired?: DesiredAccount; adopted?: boolean; refused?: Written['refused'] },
): LinkState {
  const without = new Set(rest.refused?.map(({ field }) => field));
  const { managerId: _managerId, ...kept } = account;
  const fields =
    without.size > 0 ? Object.fromEntries(Object.entries(account.fields).filter(([field]) => !without.has(field))) : account.fields;
  return {
    accountId,
    userName: account.userName,
    userNameKey: userNameKeyOf(account.userName),
    written: JSON.stringify({ ...kept, fields }),
    writtenHash: desiredHash(rest.desired ?? account),
    active: account.active,
    deactivatedByUs: false,
    managerAccount: rest.manager,
    adopted: rest.adopted ?? false,
  };
}

/** Situation 30: the person is synced without a value that the LMS refuses, and the row says which. */
function refusals({ refused = [] }: Written): Pick<Outcome, 'code' | 'detail'> {
  return refused.length === 0
    ? {}
    : { code: 'TargetValueRefused', detail: refused.map(({ field, detail }) => `${field}: ${detail}`).join('; ') };
}

async function create(change: PendingChange, isUncertain: boolean, applying: Applying): Promise<Outcome> {
  const { target, signal, made } = applying;
  const desired = desiredOf(change, applying);
  const manager = managerOf(change, applying) ?? undefined;
  const done = (written: Written, managerAccount: string | null): Outcome => {
    const { accountId } = written.account;
    made.set(change.memberId, referenceTo(accountId, desired));
    const link = linkTo(accountId, desired, { manager: managerAccount, refused: written.refused });
    return { outcome: 'done', accountId, after: link.written, link, ...refusals(written) };
  };
  // Made by an earlier try: with the manager that was known then, which may have been none.
  const madeBefore = (account: Account) => done({ account, notKept: [] }, account.managerAccountId ?? null);
  if (isUncertain) {
    const ours = (await target.findByUserName(desired.userName, signal)).find(
      ({ externalId }) => externalId?.toLowerCase() === change.memberId,
    );
    if (ours) return madeBefore(ours);
  }
  try {
    return done(await target.create(desired, manager, signal), manager?.accountId ?? null);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'TargetUserNameTaken') throw error;
    const found = await target.findByUserName(desired.userName, signal);
    if (found.length === 0) throw error;
    if (found.length > 1) throw new Failure('MatchAmbiguous');
    const [account] = found as [Account];
    if (account.externalId?.toLowerCase() === change.memberId && isUncertain) return madeBefore(account);
    const owner = await applying.linkedMember(account.accountId);
    if (owner && owner !== change.memberId) throw new Failure('AccountLinkedElsewhere');
    const { protectedAccounts, matching } = applying.configuration;
    if (protectedAccounts.some((one) => one === account.accountId || userNameKeyOf(one) === userNameKeyOf(account.userName)))
      throw new Failure('AccountProtected');
    if (matching.by !== 'userName' && account.externalId?.toLowerCase() !== change.memberId) throw error;
    return adopt(change, account.accountId, applying);
  }
}

async function adopt(change: PendingChange, accountId: string, applying: Applying): Promise<Outcome> {
  const { target, signal, made } = applying;
  const account = await target.get(accountId, signal);
  if (!account) throw new Failure('TargetAccountMissing');
  const desired = desiredOf(change, applying);
  const before = asDesired(account);
  const manager = managerOf(change, applying);
  const result = await write(applying, accountId, before, desired, manager, account.managerAccountId ?? null);
  const link = { ...(result.link as LinkState), adopted: true };
  made.set(change.memberId, referenceTo(link.accountId, desired));
  return { ...result, outcome: 'done', accountId: link.accountId, link };
}

/** An account that was never written by us, as if we had written what it holds. */
function asDesired({ userName, externalId = '', active, fields }: Account): DesiredAccount {
  return { userName, externalId, active, fields, onlyAtCreation: [], keptWhenEmpty: [] };
}

function update(change: PendingChange, applying: Applying): Promise<Outcome> {
  const before = JSON.parse(change.written as string) as DesiredAccount;
  return write(
    applying,
    accountOf(change, applying),
    change.kind === 'reactivate' ? { ...before, active: false } : before,
    desiredOf(change, applying),
    managerOf(change, applying),
    change.writtenManager,
  );
}

/** The account as it is called by now: on some servers setting a name aside has changed its id. */
function accountOf(change: PendingChange, { aside }: Applying): string {
  return aside.get(change.memberId)?.accountId ?? (change.accountId as string);
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
): Promise<Outcome> {
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
  const link = linkTo(written.account.accountId, holds, { manager: managerAccount, desired, refused: written.refused });
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

async function deactivate(change: PendingChange, applying: Applying): Promise<Outcome> {
  const accountId = change.accountId as string;
  const before = JSON.parse(change.written as string) as DesiredAccount;
  const desired = { ...before, active: false };
  await applying.target.update(accountId, { active: false, set: {}, clear: [] }, { desired }, applying.signal);
  const link = linkTo(accountId, desired, { manager: change.writtenManager });
  return {
    outcome: 'done',
    accountId,
    before: '{"active":true}',
    after: '{"active":false}',
    link: { ...link, writtenHash: change.writtenHash ?? link.writtenHash, deactivatedByUs: true },
  };
}

/** Situation 6: of two who swap names, one gets a temporary one first. */
async function setAside(change: PendingChange, applying: Applying): Promise<Outcome> {
  const accountId = change.accountId as string;
  const before = JSON.parse(change.written as string) as DesiredAccount;
  const userName = `renaming-${change.memberId.slice(0, 8)}.${before.userName}`;
  const desired = { ...before, userName };
  const written = await applying.target.update(accountId, { userName, set: {}, clear: [] }, { desired }, applying.signal);
  const link = linkTo(written.account.accountId, desired, { manager: change.writtenManager });
  applying.aside.set(change.memberId, { accountId: link.accountId, before });
  return {
    outcome: 'done',
    accountId: link.accountId,
    before: JSON.stringify({ userName: before.userName }),
    after: JSON.stringify({ userName }),
    link,
  };
}

/** The name that somebody waited for was refused after all: they get back the one that they had. The link that follows; none where nothing was set aside. */
export async function giveBackName(change: PendingChange, applying: Applying): Promise<LinkState | undefined> {
  const aside = applying.aside.get(change.memberId);
  if (!aside) return undefined;
  const { before, accountId } = aside;
  const written = await applying.target.update(
    accountId,
    { userName: before.userName, set: {}, clear: [] },
    { desired: before },
    applying.signal,
  );
  const link = linkTo(written.account.accountId, before, { manager: change.writtenManager });
  return { ...link, writtenHash: change.writtenHash ?? link.writtenHash };
}

async function setManager(change: PendingChange, applying: Applying): Promise<Outcome> {
  const accountId = change.accountId as string;
  const written = JSON.parse(change.written as string) as DesiredAccount;
  const manager = managerOf(change, applying);
  if (manager === undefined || (manager?.accountId ?? null) === change.writtenManager) return { outcome: 'unchanged', accountId };
  await applying.target.update(
    accountId,
    { manager, set: {}, clear: [] },
    { desired: written, manager: manager ?? undefined },
    applying.signal,
  );
  return {
    outcome: 'done',
    accountId,
    before: JSON.stringify({ managerAccount: change.writtenManager }),
    after: JSON.stringify({ managerAccount: manager?.accountId ?? null }),
    link: {
      ...linkTo(accountId, written, { manager: manager?.accountId ?? null }),
      writtenHash: change.writtenHash ?? desiredHash(written),
    },
  };
}
