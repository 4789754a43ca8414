import type { Clause, Configuration } from '../configuration/configuration';
import type { DirectoryMember } from '../member';
import { rawReader, valuesIn } from './attributes';
import { plainPiece } from './plain-text';

type Scope = Configuration['scope'];
type Holds = (member: DirectoryMember) => boolean;

/**
 * Entra's operators as Entra applies them: letter case minded, and nothing but IS NULL holds for an attribute without a value
 * (learn.microsoft.com, "Scoping users or groups to be provisioned with scoping filters"). Of a list, one item that fits suffices.
 */
const operators: Readonly<Record<Clause['operator'], (values: readonly string[], expected: string) => boolean>> = {
  EQUALS: (values, expected) => values.includes(expected),
  'NOT EQUALS': (values, expected) => values.length > 0 && !values.includes(expected),
  'IS NULL': (values) => values.length === 0,
  'IS NOT NULL': (values) => values.length > 0,
  'IS TRUE': (values) => values.some((value) => value.toLowerCase() === 'true'),
  'IS FALSE': (values) => values.some((value) => value.toLowerCase() === 'false'),
  INCLUDES: (values, expected) => values.some((value) => value.includes(expected)),
  'STARTS WITH': (values, expected) => values.some((value) => value.startsWith(expected)),
  'ENDS WITH': (values, expected) => values.some((value) => value.endsWith(expected)),
};

/**
 * Attributes come without blanks around them, so one counts in a rule only where it would lie inside the attribute: `STARTS WITH "Dr "` is not about
 * Drew, and `EQUALS "Sales "` is about Sales.
 */
function expectedBy(operator: Clause['operator'], value: string): string {
  const piece = plainPiece(value);
  switch (operator) {
    case 'INCLUDES':
      return piece;
    case 'STARTS WITH':
      return piece.trimStart();
    case 'ENDS WITH':
      return piece.trimEnd();
    default:
      return piece.trim();
  }
}

function compileClause({ attribute, operator, value = '' }: Clause): Holds {
  const raw = rawReader(attribute);
  const holds = operators[operator];
  const expected = expectedBy(operator, value);
  return (member) => holds(valuesIn(raw(member)), expected);
}

function compileGroup(group: readonly Clause[]): Holds {
  const clauses = group.map(compileClause);
  return (member) => clauses.every((holds) => holds(member));
}

/** Names a rule without its value, which may be about a person. */
const named = (group: readonly Clause[]): string => group.map(({ attribute, operator }) => `${attribute} ${operator}`).join(' and ');

/** Why somebody is not synced, in words for operators; `undefined` for whoever is. Exclusions go before inclusions. */
export function compileScope({ guests, include, exclude }: Scope): (member: DirectoryMember) => string | undefined {
  const excluding = exclude.map((group, index) => ({
    holds: compileGroup(group),
    reason: `excluded by rule ${index + 1} (${named(group)})`,
  }));
  const including = include.map(compileGroup);
  return (member) => {
    if (guests === 'exclude' && isGuest(member)) return 'guest';
    for (const { holds, reason } of excluding) if (holds(member)) return reason;
    return including.length > 0 && !including.some((holds) => holds(member)) ? 'notIncluded' : undefined;
  };
}

export function inScope(member: DirectoryMember, { scope }: Pick<Configuration, 'scope'>): boolean {
  return compileScope(scope)(member) === undefined;
}

/** By type; by the form of the user principal name where an old guest has no type. Members of a partner tenant have that form too, and are no guests. */
export function isGuest({ userType, userPrincipalName }: DirectoryMember): boolean {
  return userType ? userType.toLowerCase() === 'guest' : /#EXT#@/i.test(userPrincipalName ?? '');
}
