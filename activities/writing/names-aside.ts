import type { LinkState, PendingChange } from '../../adapters/store/change-store';
import { writtenOf, type Applied, type Applying } from './applying';
import { linkTo } from './link';

/** Situation 6: of two who swap names, one gets a temporary one first. It holds the former one, which is all that giving it back needs, even after a crash. */
export async function setAside(change: PendingChange, { target, signal }: Applying): Promise<Applied> {
  const accountId = change.accountId as string;
  const before = writtenOf(change);
  const userName = `${prefixOf(change)}${before.userName}`;
  const desired = { ...before, userName };
  const written = await target.update(accountId, { userName, set: {}, clear: [] }, { desired }, signal);
  const link = linkTo(written.account.accountId, desired, { manager: change.writtenManager });
  return {
    outcome: 'done',
    accountId: link.accountId,
    before: JSON.stringify({ userName: before.userName }),
    after: JSON.stringify({ userName }),
    link,
  };
}

/** The name that somebody waited for was refused after all: they get back the one that they had. The link that follows; none where no name was set aside. */
export async function giveBackName(change: PendingChange, { target, signal }: Applying): Promise<LinkState | undefined> {
  if (change.kind === 'setAside' || !change.written) return undefined;
  const temporary = writtenOf(change);
  const userName = withoutPrefix(temporary.userName, change);
  if (userName === temporary.userName) return undefined;
  const desired = { ...temporary, userName };
  const written = await target.update(change.accountId as string, { userName, set: {}, clear: [] }, { desired }, signal);
  return linkTo(written.account.accountId, desired, { manager: change.writtenManager });
}

/** The name that was set aside, where this is the temporary one of this person. */
export function withoutPrefix(userName: string, change: PendingChange): string {
  const prefix = prefixOf(change);
  return userName.startsWith(prefix) ? userName.slice(prefix.length) : userName;
}

function prefixOf({ memberId }: PendingChange): string {
  return `renaming-${memberId.slice(0, 8)}.`;
}
