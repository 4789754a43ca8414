import type { Configuration } from '../configuration/configuration';
import { attributesOf } from './expression';

/** What every run needs of a member, whatever is mapped. */
const always = ['id', 'accountEnabled', 'userType', 'userPrincipalName'];

/** The attributes to select, so that no more personal data is read than is used. `manager` is left out where nothing needs it. */
export function selectedAttributes({ userName, fields, customFields, scope, manager }: Configuration): {
  user: string[];
  manager: string[] | undefined;
} {
  const read = [
    ...attributesOf(userName),
    ...[...Object.values(fields), ...Object.values(customFields)].flatMap(({ value }) => attributesOf(value)),
    ...[...scope.include, ...scope.exclude].flat().map(({ attribute }) => attribute),
  ];
  const ofManager = read.filter((name) => name.startsWith('manager.')).map((name) => name.slice(8));
  const ofUser = read
    .filter((name) => !name.startsWith('manager.'))
    .map((name) => (/^extensionAttribute\d+$/.test(name) ? 'onPremisesExtensionAttributes' : name));
  return {
    user: [...new Set([...always, ...ofUser])],
    manager: manager.reference === 'write' || ofManager.length > 0 ? [...new Set(['id', ...ofManager])] : undefined,
  };
}
