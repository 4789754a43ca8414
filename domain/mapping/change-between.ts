import type { AccountChange, DesiredAccount, Fields } from '../account';
import { userNameKeyOf } from './user-name-key';

/** What an account is known to hold: as it was last written, or as the target shows it. */
export interface Held {
  userName: string;
  externalId?: string;
  active: boolean;
  fields: Fields;
}

/**
 * What must be written so that an account holds what is desired; nothing where it does. Fields that are written only at creation are never looked at,
 * kept ones never cleared, and user names that differ in nothing but case or normalisation are the same. The manager is compared by others.
 */
export function changeBetween(held: Held, desired: DesiredAccount): AccountChange | undefined {
  const set: Record<string, string> = {};
  for (const [field, value] of Object.entries(desired.fields)) {
    if (held.fields[field] !== value && !desired.onlyAtCreation.includes(field)) set[field] = value;
  }
  const clear = Object.keys(held.fields).filter(
    (field) => desired.fields[field] === undefined && !desired.onlyAtCreation.includes(field) && !desired.keptWhenEmpty.includes(field),
  );
  const change: AccountChange = { set, clear };
  if (userNameKeyOf(held.userName) !== userNameKeyOf(desired.userName)) change.userName = desired.userName;
  if (held.externalId?.toLowerCase() !== desired.externalId.toLowerCase()) change.externalId = desired.externalId;
  if (held.active !== desired.active) change.active = desired.active;
  const isNothing = Object.keys(change).length === 2 && Object.keys(set).length === 0 && clear.length === 0;
  return isNothing ? undefined : change;
}

/** What an account holds once a change to it has been written. */
export function afterChange(held: Held, { userName, externalId, active, set, clear }: AccountChange): Held {
  const kept = Object.entries(held.fields).filter(([field]) => !clear.includes(field));
  return {
    userName: userName ?? held.userName,
    externalId: externalId ?? held.externalId,
    active: active ?? held.active,
    fields: { ...Object.fromEntries(kept), ...set },
  };
}
