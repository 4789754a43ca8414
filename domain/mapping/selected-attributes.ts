import type { Configuration } from '../configuration/configuration';
import { placeOf } from './attributes';
import { attributesIn } from './expression';

/** What every run needs of a member, whatever is mapped: who it is, whether it may sign in, whether it is a guest or was deleted. */
const always = ['id', 'accountEnabled', 'userType', 'userPrincipalName'];

/** What to select of members and of their managers, so that no more personal data is read than is used. No `manager` where nothing needs one. */
export function selectedAttributes({ userName, fields, customFields, scope, manager }: Configuration): {
  user: string[];
  manager?: string[];
} {
  const read = [
    ...attributesIn(userName),
    ...[...Object.values(fields), ...Object.values(customFields)].flatMap(({ value }) => attributesIn(value)),
    ...[...scope.include, ...scope.exclude].flat().map(({ attribute }) => attribute),
  ].map(placeOf);
  const ofManager = read.flatMap(({ property, inside }) => (property === 'manager' && inside !== undefined ? [inside] : []));
  const ofUser = read.flatMap(({ property }) => (property === 'manager' ? [] : [property]));
  return {
    user: [...new Set([...always, ...ofUser])],
    manager: manager.reference === 'write' || ofManager.length > 0 ? [...new Set(['id', ...ofManager])] : undefined,
  };
}
