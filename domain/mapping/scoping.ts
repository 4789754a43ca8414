import type { Clause, Configuration } from '../configuration/configuration';
import type { DirectoryMember } from '../member';
import { sourceOf } from './attribute-source';
import type { Source } from './expression';

const operators: Record<Clause['operator'], (value: string | undefined, other: string) => boolean> = {
  EQUALS: (value, other) => value?.toLowerCase() === other.toLowerCase(),
  'NOT EQUALS': (value, other) => value?.toLowerCase() !== other.toLowerCase(),
  'IS NULL': (value) => value === undefined,
  'IS NOT NULL': (value) => value !== undefined,
  'IS TRUE': (value) => value === 'true',
  'IS FALSE': (value) => value === 'false',
  INCLUDES: (value, other) => value?.toLowerCase().includes(other.toLowerCase()) ?? false,
  'STARTS WITH': (value, other) => value?.toLowerCase().startsWith(other.toLowerCase()) ?? false,
  'ENDS WITH': (value, other) => value?.toLowerCase().endsWith(other.toLowerCase()) ?? false,
};

/** Why somebody is not synced; nothing where they are. Clauses of a group all hold, one group that holds suffices, as in Entra's scoping filters. */
export function excludedBecause(
  member: DirectoryMember,
  { guests, include, exclude }: Configuration['scope'],
  source: Source = sourceOf(member),
): string | undefined {
  if (guests === 'exclude' && isGuest(member)) return 'guest';
  const holds = (group: Clause[]) => group.every(({ attribute, operator, value = '' }) => operators[operator](source(attribute), value));
  const excluding = exclude.findIndex(holds);
  if (excluding >= 0) return `excluded by rule ${excluding + 1}`;
  return include.length > 0 && !include.some(holds) ? 'not included by any rule' : undefined;
}

/** By type, or by the form of the user principal name, where an older guest has no type. */
export function isGuest({ userType, userPrincipalName }: DirectoryMember): boolean {
  return userType === 'Guest' || (!userType && /#EXT#@/i.test(userPrincipalName ?? ''));
}
