import { impersonal, fieldsNamed, refusalOf, saying } from '../../../adapters/target/scim/refusal';
import { withOurs, ours } from '../../../adapters/target/scim/several';
import { places } from '../../../adapters/target/scim/places';
import { fromWire, isSameValue, toWire } from '../../../adapters/target/scim/values';

describe('A custom field', () => {
  test.each([
    ['text', undefined, ' 007 ', ' 007 '],
    ['true or false', { type: 'boolean' }, 'Yes', true],
    ['true or false that is neither', { type: 'boolean' }, 'maybe', 'maybe'],
    ['a whole number', { type: 'integer' }, '42', 42],
    ['a whole number that is none', { type: 'integer' }, '4.2', '4.2'],
    ['a number', { type: 'decimal' }, '01.50', 1.5],
    ['a moment given as a day', { type: 'dateTime' }, '2026-01-31', '2026-01-31T00:00:00Z'],
    ['several texts', { type: 'string', multiValued: true }, 'a; b;', ['a', 'b']],
    ['several objects', { type: 'complex', multiValued: true }, 'a;b', [{ value: 'a' }, { value: 'b' }]],
  ])('that is %s travels as such', (_title, type, text, wire) => {
    expect(toWire(text, type)).toEqual(wire);
  });

  test.each([
    [{ type: 'string' }, 'x'],
    [{ type: 'boolean' }, 'true'],
    [{ type: 'decimal' }, '1.5'],
    [{ type: 'dateTime' }, '2026-01-31'],
    [{ type: 'dateTime' }, '2026-01-31T08:00:00Z'],
    [{ type: 'string', multiValued: true }, 'a;b'],
    [{ type: 'complex', multiValued: true }, 'a;b'],
  ])('of %j reads back as the text that was written: %s', (type, text) => {
    expect(fromWire(toWire(text, type), type)).toBe(text);
  });

  test('is the same value in another form of its type, and only then', () => {
    expect(isSameValue('01.50', '1.5', { type: 'decimal' })).toBe(true);
    expect(isSameValue('b;a', 'a; b', { type: 'string', multiValued: true })).toBe(true);
    expect(isSameValue('2026-01-31', '2026-01-31T01:00:00+01:00', { type: 'dateTime' })).toBe(true);
    expect(isSameValue('01.50', '1.5', undefined)).toBe(false);
    expect(isSameValue('1', '2', { type: 'decimal' })).toBe(false);
  });

  test.each([null, undefined, '', [], [null], {}])('without a value is absent: %j', (wire) => {
    expect(fromWire(wire, undefined)).toBeUndefined();
  });
});

describe('Of several e-mail addresses', () => {
  const email = places.email as Extract<(typeof places)['email'], { in: 'several' }>;
  const home = { value: 'home@example.org', type: 'home', primary: true };

  test('only the work address is ours, and it becomes the primary one', () => {
    const emails = [home, { value: 'old@example.org', type: 'work' }];
    expect(withOurs({ emails }, 'emails', [[email, 'new@example.org']])).toEqual([
      { value: 'home@example.org', type: 'home' },
      { value: 'new@example.org', type: 'work', primary: true },
    ]);
  });

  test('ours is taken away alone', () => {
    expect(withOurs({ emails: [home, { value: 'old@example.org', type: 'work' }] }, 'emails', [[email, undefined]])).toEqual([home]);
  });

  test('one without a type is taken for ours', () => {
    expect(withOurs({ emails: [{ value: 'old@example.org' }] }, 'emails', [[email, 'new@example.org']])).toEqual([
      { value: 'new@example.org', primary: true },
    ]);
    expect(ours([home, { value: 'plain@example.org' }], email, true)).toEqual({ value: 'plain@example.org' });
  });
});

describe('What a server says when it refuses', () => {
  const answer = (body: string, status = 400) => ({ status, headers: {}, body });

  test.each([
    [
      'in the protocol’s form',
      '{"schemas":[],"status":"400","scimType":"invalidValue","detail":"bad title"}',
      { scimType: 'invalidValue', words: 'bad title' },
    ],
    ['as a message', '{"message":"bad title"}', { words: 'bad title' }],
    ['in a list of errors', '{"Errors":[{"description":"bad title","code":"400"}]}', { words: 'bad title' }],
    ['inside an error', '{"error":{"message":"bad title"}}', { words: 'bad title' }],
    ['as HTML', '<html><body>400</body></html>', {}],
    ['as nothing', '', {}],
  ])('is understood %s', (_title, body, expected) => {
    expect(refusalOf(answer(body))).toEqual({ status: 400, ...expected });
  });

  test('names the field by its attribute', () => {
    const fields = ['title', 'email', 'country', 'custom.learningTracks', 'custom.location', 'manager'];
    expect(fieldsNamed({ status: 400, words: "Attribute 'learningTracks' has no item" }, fields)).toEqual(['custom.learningTracks']);
    expect(fieldsNamed({ status: 400, words: 'addresses[0].country is too long' }, fields)).toEqual(['country']);
    expect(fieldsNamed({ status: 400, words: 'managerEmail is subtitled' }, fields)).toEqual([]);
  });

  test.each([
    ["Another account has the userName 'jo@example.org'", 'Another account has the userName …'],
    ['Value O’Neil is too long for "title"', 'Value … is too long for "title"'],
    ['The user o’neil, born 1990-01-31, called from +49 30 123456', 'The user …, born …, called from +…'],
    ['Conflict with 11111111-2222-4333-8444-555555555555', 'Conflict with …'],
  ])('is repeated without what is personal: %s', (words, expected) => {
    expect(impersonal(words, ['O’Neil', 'jo@example.org'], ['title', 'userName'])).toBe(expected);
  });

  test('is repeated no longer than a line', () => {
    expect(saying({ status: 400, scimType: 'invalidValue', words: 'long '.repeat(500) }).length).toBeLessThan(300);
  });
});
