import fc from 'fast-check';
import { attributesIn, evaluate, type Expression } from '../../../domain/mapping/expression';
import { faultsInExpression } from '../../../domain/mapping/expression-faults';
import { expressionSchema } from '../../../domain/mapping/expression-schema';
import { functionNames, functionOf } from '../../../domain/mapping/functions';

const c = (constant: string) => ({ constant });
const jo = {
  mail: 'Jo@Example.org',
  userPrincipalName: 'jo@example.org',
  givenName: 'Zoë',
  department: '',
  state: 'QLD',
  otherMails: 'a@x.org;b@x.org;a@x.org',
  accountEnabled: 'true',
};

describe('an attribute mapping', () => {
  test.each<[string, Expression, string | undefined]>([
    ['takes an attribute as it is', 'givenName', 'Zoë'],
    ['treats an empty attribute as absent', 'department', undefined],
    ['treats an attribute that nobody has as absent', 'shoeSize', undefined],
    ['falls back to the next attribute', { Coalesce: ['department', 'userPrincipalName'] }, 'jo@example.org'],
    ['falls back to a constant', { Coalesce: ['department', c('None')] }, 'None'],
    ['nests functions', { ToLower: [{ Trim: ['mail'] }] }, 'jo@example.org'],
    ['leaves absent values out of a join', { Join: [c(', '), 'department', 'givenName'] }, 'Zoë'],
    ['joins nothing to nothing', { Join: [c(', '), 'department', 'shoeSize'] }, undefined],
    ['takes accents off for systems that refuse them', { NormalizeDiacritics: ['givenName'] }, 'Zoe'],
    [
      'takes letters apart that have no accent to take off',
      { NormalizeDiacritics: [c('Łukasz Søren Weiß Æsir')] },
      'Lukasz Soeren Weiss AEsir',
    ],
    ['leaves scripts alone in which a mark makes another letter', { NormalizeDiacritics: [c('Андрей が')] }, 'Андрей が'],
    ['makes up no suffix for somebody without a value', { Append: ['department', c('.test')] }, undefined],
    ['never cuts a character in half', { Left: [c('👩🏽x'), c('1')] }, '👩'],
    ['takes no more than there is', { Mid: ['givenName', c('2'), c('100')] }, 'oë'],
    [
      'has no date after the year 9999, which a change to UTC would lead to',
      { FormatDateTime: [c('9999-12-31T23:59:59-14:00'), c(''), c('yyyy-MM-dd')] },
      undefined,
    ],
    [
      'takes more digits of a second than it keeps',
      { FormatDateTime: [c('2024-02-29T23:30:00.123456789-02:00'), c(''), c('yyyy-MM-dd HH:mm:ss.fff')] },
      '2024-03-01 01:30:00.123',
    ],
    ['has nothing beyond the end', { Mid: ['givenName', c('4'), c('1')] }, undefined],
    ['replaces text for text, whatever it means in a pattern', { Replace: [c('a.b$c'), c('.'), c('$&')] }, 'a$&b$c'],
    ['replaces every occurrence', { Replace: [c('a-b-c'), c('-'), c('')] }, 'abc'],
    ['finds the word that Entra’s reference finds', { Word: [c('This,string!has&many separators'), c('3'), c(',!&#')] }, 'has'],
    ['has no fifth word of four', { Word: [c('The quick brown fox'), c('5'), c(' ')] }, undefined],
    ['chooses by value', { Switch: ['state', c('Sydney'), c('QLD'), c('Brisbane')] }, 'Brisbane'],
    ['chooses the default for whoever has no value', { Switch: ['department', c('Sydney'), c('QLD'), c('Brisbane')] }, 'Sydney'],
    [
      'chooses by the empty key for whoever has no value',
      { Switch: ['department', c('Sydney'), c('QLD'), c('Brisbane'), c(''), c('Perth')] },
      'Perth',
    ],
    ['passes a value on, and another for whoever has none', { Switch: ['department', 'department', c(''), c('Other')] }, 'Other'],
    ['passes a value on where there is one', { Switch: ['state', 'state', c(''), c('Other')] }, 'QLD'],
    ['minds letter case when choosing', { Switch: ['state', c('Sydney'), c('qld'), c('Brisbane')] }, 'Sydney'],
    ['decides by whether there is a value', { IIF: [{ IsPresent: ['department'] }, 'department', c('None')] }, 'None'],
    ['decides by an attribute that is true or false', { IIF: ['accountEnabled', c('Staff'), c('Former')] }, 'Staff'],
    ['turns a condition round', { Not: [{ IsNullOrEmpty: ['department'] }] }, 'false'],
    ['capitalises names that came in capitals', { PCase: [c('PABLO GONSALVES (SECOND)')] }, 'Pablo Gonsalves (Second)'],
    ['capitalises after the separators that are given', { PCase: [c("PINTO-DE'SILVA"), c(" '-")] }, "Pinto-De'Silva"],
    ['takes an item of a list', { Item: ['otherMails', c('2')] }, 'b@x.org'],
    ['takes each item of a list once', { RemoveDuplicates: ['otherMails'] }, 'a@x.org;b@x.org'],
    ['makes a list of text with commas', { Split: [c('Red, Blue,,'), c(',')] }, 'Red;Blue'],
  ])('%s', (_title, mapping, expected) => {
    expect(faultsInExpression(mapping)).toEqual([]);
    expect(evaluate(mapping, jo) || undefined).toBe(expected);
  });

  test.each([
    ['2026-02-01T00:00:00Z', '', 'dd/MM/yyyy', '01/02/2026'],
    ['2026-02-01', '', 'd MMMM yyyy', '1 February 2026'],
    ['2026-02-01T23:30:00-02:00', '', 'yyyy-MM-dd HH:mm', '2026-02-02 01:30'],
    ['2026-02-01T23:30:00.1234567Z', '', "yyyy-MM-dd'T'HH:mm:ss.fff", '2026-02-01T23:30:00.123'],
    ['20150123105347.1Z', 'yyyyMMddHHmmss.fZ', 'yyyy-MM-dd', '2015-01-23'],
    ['3/16/2020 7:00:00 PM', 'M/d/yyyy h:mm:ss tt', 'yyyy-MM-dd HH', '2020-03-16 19'],
    ['Mon 16 Mar 49', 'ddd dd MMM yy', 'yyyy', '2049'],
    ['2024-02-29', 'yyyy-MM-dd', 'dddd', 'Thursday'],
    ['2025-02-29', 'yyyy-MM-dd', 'yyyy', undefined],
    ['2026-02-01', 'dd/MM/yyyy', 'yyyy', undefined],
    ['soon', '', 'yyyy', undefined],
    ['2026-02-01T25:00:00Z', '', 'yyyy', undefined],
  ])('writes the date %s, read as “%s”, as “%s”: %s', (date, input, output, expected) => {
    expect(evaluate({ FormatDateTime: ['date', c(input), c(output)] }, { date })).toBe(expected);
  });

  test('does what its own reference says, function by function', () => {
    for (const name of functionNames) {
      const { takes, gives } = functionOf(name).example;
      const source = Object.fromEntries(takes.flatMap((one) => ('attribute' in one ? [[one.attribute, one.value]] : [])));
      const mapping = { [name]: takes.map((one) => ('attribute' in one ? one.attribute : one)) } as Expression;
      expect(faultsInExpression(mapping)).toEqual([]);
      expect([name, evaluate(mapping, source)]).toEqual([name, gives]);
    }
  });

  test('is refused with every fault in it, each with its path', () => {
    const { error } = expressionSchema.safeParse({
      Coalesce: [{ Shout: ['mail'] }, { Trim: [] }, { ToLower: [{ constant: null }] }, '', 7, { Trim: ['mail'], Left: [] }],
    });
    expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
      `Coalesce.0.Shout: no such function; there are ${functionNames.join(', ')}`,
      'Coalesce.1.Trim: expected a list of 1: Trim(source)',
      'Coalesce.2.ToLower.0.constant: expected text',
      'Coalesce.3: an attribute has a name',
      'Coalesce.4: expected an attribute’s name, {"constant": "…"} or one function',
      'Coalesce.5: expected an attribute’s name, {"constant": "…"} or one function',
    ]);
  });

  test.each<[string, unknown, string]>([
    ['a count that is no number', { Left: ['mail', c('three')] }, 'Left.1'],
    ['a count that only a person would tell', { Left: ['mail', 'employeeId'] }, 'Left.1'],
    ['a date format that .NET doesn’t have', { FormatDateTime: ['employeeHireDate', c(''), c('YYYY-mmm')] }, 'FormatDateTime.2'],
    ['a date format without a date', { FormatDateTime: ['employeeHireDate', c(''), c('x')] }, 'FormatDateTime.2'],
    ['a key without its value', { Switch: ['state', c(''), c('QLD'), c('Brisbane'), c('SA')] }, 'Switch'],
    ['nothing to replace', { Replace: ['mail', c(''), c('x')] }, 'Replace.1'],
    [
      'two dozen functions inside one another',
      Array.from({ length: 24 }).reduce<unknown>((inner) => ({ Trim: [inner] }), 'mail'),
      Array.from({ length: 20 }, () => 'Trim.0').join('.'),
    ],
    ['a name that is nearly an attribute’s, for it would read as empty', 'givenname', ''],
    ['SCIM’s name of an attribute', 'familyName', ''],
    ['an attribute that Graph doesn’t give in lists', 'hireDate', ''],
    ['a sixteenth extension attribute', 'extensionAttribute16', ''],
    ['a query smuggled in by a name', 'mail,manager', ''],
    ['an extension’s name with a dashed id', 'extension_3f2504e0-4f89-41d3-9a0c-0305e82c3301_site', ''],
  ])('is refused for %s', (_title, mapping, path) => {
    expect(faultsInExpression(mapping).map((fault) => fault.path.join('.'))).toEqual([path]);
  });

  test.each([
    'department',
    'extensionAttribute15',
    'manager.mail',
    'manager.employeeId',
    'employeeOrgData.costCenter',
    'extension_3f2504e04f8941d39a0c0305e82c3301_site',
    'somethingThatGraphWillHaveNextYear',
  ])('may read %s', (name) => expect(faultsInExpression(name)).toEqual([]));

  test('says which attributes it reads, so that no others are asked for', () => {
    expect(attributesIn({ Coalesce: ['mail', { Join: [c('@'), 'mailNickname', 'manager.mail'] }] })).toEqual([
      'mail',
      'mailNickname',
      'manager.mail',
    ]);
  });

  test('never makes up a value that the directory did not give', () => {
    const attribute = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('constructor', 'toString', '__proto__'));
    fc.assert(
      fc.property(fc.dictionary(attribute, fc.string()), attribute, (source, name) => {
        expect([undefined, ...Object.values(source)]).toContain(evaluate({ Coalesce: [name] }, source));
      }),
    );
  });

  test('refuses every function that is not in the reference', () => {
    const name = fc.string({ minLength: 1 }).filter((one) => one !== 'constant' && !(functionNames as string[]).includes(one));
    fc.assert(
      fc.property(
        fc.oneof(name, fc.constantFrom('toString', 'constructor', 'hasOwnProperty')),
        (one) => faultsInExpression(Object.fromEntries([[one, ['mail']]])).length === 1,
      ),
    );
  });

  test('that was accepted never fails, whatever the directory holds', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constant(''));
    const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('mail', 'surname', 'state'),
        fc.string().map(c),
        fc.constantFrom(...functionNames).chain((name) => {
          const {
            parameters,
            arguments: [least],
          } = functionOf(name);
          const operand = (index: number) => {
            const kind = parameters[index]?.kind;
            return kind === 'count' ? fc.constant(c('2')) : kind === 'format' ? fc.constant(c('yyyy')) : tie('expression');
          };
          return fc.tuple(...Array.from({ length: least }, (_, index) => operand(index))).map((operands) => ({ [name]: operands }));
        }),
      ),
    }));
    fc.assert(
      fc.property(expression, fc.record({ mail: value, surname: value, state: value }), (mapping, source) => {
        fc.pre(faultsInExpression(mapping).length === 0);
        expect(['string', 'undefined']).toContain(typeof evaluate(mapping, source));
      }),
    );
  });
});
