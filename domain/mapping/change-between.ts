import type { AccountChange, DesiredAccount } from '../account';
import { userNameKeyOf } from './user-name-key';

/** What must be written so that an account which holds `written` holds what is desired; nothing where they agree. The manager is not looked at. */
export function changeBetween(written: DesiredAccount, desired: DesiredAccount): AccountChange | undefined {
  const change: AccountChange = { set: {}, clear: [] };
  const once = new Set(desired.onlyAtCreation);
  const kept = new Set(desired.keptWhenEmpty);
  const set: Record<string, string> = {};
  for (const [field, value] of Object.entries(desired.fields)) if (!once.has(field) && written.fields[field] !== value) set[field] = value;
  const clear = Object.keys(written.fields).filter((field) => desired.fields[field] === undefined && !once.has(field) && !kept.has(field));
  // Only the letter case differs: no write where the target compares without case.
  if (userNameKeyOf(written.userName) !== userNameKeyOf(desired.userName)) change.userName = desired.userName;
  if (written.active !== desired.active) change.active = desired.active;
  if (change.userName === undefined && change.active === undefined && Object.keys(set).length === 0 && clear.length === 0) return undefined;
  return { ...change, set, clear };
}
