import { aboutOf } from '../../../adapters/target/scim/refused-attribute';

const about = (words: string | undefined, { field = 'timezone', sent = 'Mars', scimType = 'invalidValue' } = {}) =>
  aboutOf({ status: 400, scimType, ...(words !== undefined && { words }) }, [field], [sent]);

describe('A refusal', () => {
  test.each([
    "Unknown attribute 'timezone'",
    'unknown attribute(s): timezone',
    'Unrecognized field "timezone" (class User), not marked as ignorable',
    "Unrecognized key(s) in object: 'timezone'",
    'no such attribute: timezone',
    "No schema of this server lists the attribute 'timezone'",
    "Attribute 'timezone' is not supported",
    'The attribute urn:ietf:params:scim:schemas:core:2.0:User:timezone does not exist',
    'Core attribute timezone is undefined for schema urn:ietf:params:scim:schemas:core:2.0:User',
    'timezone is not defined by the schema',
    'timezone is not a known attribute',
    "Schema 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' is not supported",
  ])('is about the attribute: %s', (words) => {
    expect(about(words)).toBe('attribute');
    expect(about(words, { sent: 'Timezone' })).toBe('attribute');
  });

  test('is about the attribute where the protocol’s own word for that comes with it', () => {
    expect(about('Mars', { scimType: 'invalidPath' })).toBe('attribute');
    expect(about('Mars', { scimType: 'noTarget' })).toBe('attribute');
    expect(aboutOf({ status: 400, scimType: 'noTarget' }, ['timezone'], [])).toBe('value'); // there was nothing to remove
  });

  test.each([
    "Timezone 'Mars' is not recognised",
    "Unknown timezone 'mars'",
    'Unknown attribute value Mars for timezone',
    "Attribute 'timezone': 'Mars' is not known",
    "Attribute 'timezone' has no item 'Mars'; there are Berlin, London",
    "Property 'Mars' does not exist",
    "The key 'Mars' was not found in schema Timezones",
    "Attribute 'timezone' expected a string",
    'Something happened',
    undefined,
  ])('is about the value: %s', (words) => expect(about(words)).toBe('value'));

  test('is about the value where it repeats one item of a list', () => {
    const list = { field: 'custom.learningTracks', sent: 'Safety;Juggling' };
    expect(about("Unknown item 'Juggling'", list)).toBe('value');
    expect(about("Unknown item 'Jugglingworld'", list)).toBe('either');
  });

  test.each(['Timezone is not recognised', 'Unknown timezone', "Unknown attribute 'timezone': Mars", 'Unrecognised value'])(
    'may be about either: %s',
    (words) => expect(about(words)).toBe('either'),
  );

  test('is read no further than anybody would', () => {
    const before = performance.now();
    about('field '.repeat(200_000));
    about('a'.repeat(1_000_000));
    expect(performance.now() - before).toBeLessThan(500);
  });
});
