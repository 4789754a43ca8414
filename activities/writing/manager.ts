import type { PendingChange } from '../../adapters/store/change-store';
import type { ManagerReference } from '../../domain/account';
import { desiredHash } from '../../domain/mapping/desired-hash';
import { writtenOf, type Applied, type Applying } from './applying';
import { linkTo, managerAfter, refusals } from './link';

/** Whom the LMS should show as manager: `null` nobody, `undefined` left as it is. */
export function managerOf(change: PendingChange, { configuration, made }: Applying): ManagerReference | null | undefined {
  const { reference, unavailable } = configuration.manager;
  if (reference === 'leave') return undefined;
  if (change.isInLoop) return unavailable === 'clear' ? null : undefined;
  if (!change.managerId) return null;
  const known = change.manager ?? made.get(change.managerId);
  if (known) return known;
  // In the upserts a manager may still be on the way; what is to become of the reference is decided afterwards.
  return change.kind === 'manager' && unavailable === 'clear' ? null : undefined;
}

export async function setManager(change: PendingChange, applying: Applying): Promise<Applied> {
  const accountId = change.accountId as string;
  const desired = writtenOf(change);
  const manager = managerOf(change, applying);
  if (manager === undefined || (manager?.accountId ?? null) === change.writtenManager) return { outcome: 'unchanged', accountId };
  const written = await applying.target.update(
    accountId,
    { manager, set: {}, clear: [] },
    { desired, manager: manager ?? undefined },
    applying.signal,
  );
  const managerAccount = managerAfter(written, manager?.accountId ?? null, change.writtenManager);
  const isKept = applying.target.keeps('manager');
  return {
    outcome: isKept ? 'done' : 'unchanged',
    accountId,
    before: JSON.stringify({ managerAccount: change.writtenManager }),
    after: JSON.stringify({ managerAccount }),
    link: { ...linkTo(accountId, desired, { manager: managerAccount }), writtenHash: change.writtenHash ?? desiredHash(desired) },
    ...refusals(written),
    ...(!isKept && { detail: 'The LMS does not keep managers.' }),
  };
}
