import { hash } from 'node:crypto';
import type { DesiredAccount } from '../account';
import { userNameKeyOf } from './user-name-key';

/**
 * Equal for accounts between which nothing would be written (`changeBetween`): so without what is compared by itself (`active`, the manager), without
 * fields that are written only at creation, and without the user name's letter case. Doesn't depend on the order of keys. 24 characters.
 */
export function desiredHash({ userName, externalId, fields, onlyAtCreation, keptWhenEmpty }: DesiredAccount): string {
  let text = part(userNameKeyOf(userName)) + part(externalId.toLowerCase());
  for (const name of inOrder(Object.keys(fields))) {
    if (onlyAtCreation.length === 0 || !onlyAtCreation.includes(name)) text += part(name) + part(fields[name] ?? '');
  }
  // A field that is no longer kept is to be cleared.
  for (const name of inOrder(keptWhenEmpty)) {
    if (fields[name] === undefined && !onlyAtCreation.includes(name)) text += `+${part(name)}`;
  }
  return hash('sha256', text, 'base64').slice(0, 24);
}

/** With its length before it: no value can pass for two. */
const part = (text: string): string => `${text.length}:${text}`;

/** The mapping yields names in order: most lists need no sorting. */
function inOrder(names: readonly string[]): readonly string[] {
  for (let index = 1; index < names.length; index += 1) if ((names[index - 1] ?? '') > (names[index] ?? '')) return [...names].sort();
  return names;
}
