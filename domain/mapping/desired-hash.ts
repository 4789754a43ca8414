import { createHash } from 'node:crypto';
import type { DesiredAccount } from '../account';

/** Equal for accounts that would be written alike: without the manager and without `active`, which are compared by themselves; whatever the order of keys. 24 characters. */
export function desiredHash({ userName, externalId, fields, onlyAtCreation, keptWhenEmpty }: DesiredAccount): string {
  const once = new Set(onlyAtCreation);
  const names = Object.keys(fields)
    .filter((name) => !once.has(name)) // the LMS owns them afterwards
    .sort();
  const values = names.flatMap((name) => [name, fields[name]]);
  return createHash('md5')
    .update(JSON.stringify([userName, externalId, values, [...keptWhenEmpty].sort()]))
    .digest('base64');
}
