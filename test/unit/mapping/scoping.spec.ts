import fc from 'fast-check';
import type { Clause } from '../../../domain/configuration/configuration';
import { inScope } from '../../../domain/mapping/scoping';
import { configured, jo, mapped } from './people';

const clause = (attribute: string, operator: Clause['operator'], value?: string): Clause => ({
  attribute,
  operator,
  ...(value !== undefined && { value }),
});
const isIn = (include: Clause[][], member = jo) => inScope(member, configured({ scope: { include } }));

describe('a scoping filter', () => {
  test.each<[boolean, Clause]>([
    [true, clause('department', 'EQUALS', 'Sales')],
    [false, clause('department', 'EQUALS', 'sales')],
    [false, clause('department', 'NOT EQUALS', 'Sales')],
    [true, clause('department', 'NOT EQUALS', 'Service')],
    [false, clause('jobTitle', 'NOT EQUALS', 'Service')],
    [true, clause('jobTitle', 'IS NULL')],
    [false, clause('department', 'IS NULL')],
    [true, clause('department', 'IS NOT NULL')],
    [true, clause('accountEnabled', 'IS TRUE')],
    [false, clause('accountEnabled', 'IS FALSE')],
    [false, clause('onPremisesSyncEnabled', 'IS FALSE')],
    [true, clause('department', 'INCLUDES', 'ale')],
    [true, clause('mail', 'STARTS WITH', 'jo.')],
    [true, clause('mail', 'ENDS WITH', '@example.org')],
    [false, clause('jobTitle', 'ENDS WITH', 'x')],
  ])('is %s for Jo of Sales who has no title: %j', (expected, one) => {
    expect(isIn([[one]])).toBe(expected);
  });

  test('reads a department with a blank behind it as the department', () => {
    expect(isIn([[clause('department', 'EQUALS', 'Sales')]], { ...jo, department: 'Sales\u00a0' })).toBe(true);
  });

  test.each<[boolean, Clause, string]>([
    [true, clause('displayName', 'STARTS WITH', 'Dr '), 'Dr Who'],
    [false, clause('displayName', 'STARTS WITH', 'Dr '), 'Drew'],
    [true, clause('displayName', 'STARTS WITH', 'Dr\u00a0'), ' Dr Who'],
    [true, clause('displayName', 'STARTS WITH', ' Dr'), ' Dr Who'],
    [true, clause('displayName', 'ENDS WITH', ' Ltd'), 'Who Ltd '],
    [false, clause('displayName', 'ENDS WITH', ' Ltd'), 'WhoLtd'],
    [true, clause('displayName', 'ENDS WITH', 'Ltd '), 'WhoLtd'],
    [true, clause('displayName', 'INCLUDES', ' of '), 'House of Who'],
    [false, clause('displayName', 'INCLUDES', ' of '), 'Office'],
    [true, clause('displayName', 'EQUALS', 'Sales '), 'Sales'],
    [false, clause('displayName', 'NOT EQUALS', 'Sales '), ' Sales'],
  ])('counts a blank where it lies inside the value: %s for %j of “%s”', (expected, one, displayName) => {
    expect(isIn([[one]], { ...jo, displayName })).toBe(expected);
  });

  test('finds one value among several', () => {
    const member = { ...jo, proxyAddresses: ['smtp:jo@example.com', 'SMTP:jo@example.org'] };
    expect(isIn([[clause('proxyAddresses', 'STARTS WITH', 'SMTP:')]], member)).toBe(true);
    expect(isIn([[clause('proxyAddresses', 'EQUALS', 'smtp:jo@example.com')]], member)).toBe(true);
    expect(isIn([[clause('proxyAddresses', 'NOT EQUALS', 'smtp:jo@example.com')]], member)).toBe(false);
  });

  test('without clauses lets everybody in', () => expect(isIn([])).toBe(true));

  test('lets in whoever one group of clauses fits, every clause of it', () => {
    const clauses = fc.constantFrom<Clause>(
      clause('department', 'EQUALS', 'Sales'),
      clause('department', 'IS NULL'),
      clause('city', 'IS NULL'),
      clause('mail', 'INCLUDES', 'zzz'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(clauses, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }), (groups) => {
        expect(isIn(groups)).toBe(groups.some((group) => group.every((one) => isIn([[one]]))));
      }),
    );
  });

  test('that excludes goes before one that includes, and names its rule without its value', () => {
    const scope = {
      include: [[clause('department', 'EQUALS', 'Sales')]],
      exclude: [[clause('city', 'EQUALS', 'Hull')], [clause('mail', 'EQUALS', 'jo.doe@example.org'), clause('department', 'IS NOT NULL')]],
    };
    expect(mapped({ scope }, {})).toEqual({ state: 'excluded', reason: 'excluded by rule 2 (mail EQUALS and department IS NOT NULL)' });
  });

  test('says so of whoever no rule includes', () => {
    expect(mapped({ scope: { include: [[clause('department', 'EQUALS', 'Service')]] } }, {})).toEqual({
      state: 'excluded',
      reason: 'notIncluded',
    });
  });
});
