import { exampleConfiguration } from '../../../domain/configuration/example-configuration';
import { parseConfiguration } from '../../../domain/configuration/configuration-schema';

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const least = {
  name: 'Acme',
  directory: { tenantId: id, clientId: id, groupId: id },
  target: { baseUrl: 'https://lms.example.com/scim/v2/' },
  userName: 'userPrincipalName',
};

/** Faults as `path: message`. */
function faultsIn(input: unknown): string[] {
  const parsed = parseConfiguration(input);
  return 'faults' in parsed ? parsed.faults.map(({ path, message }) => `${path}: ${message}`) : [];
}

function configurationOf(input: unknown) {
  const parsed = parseConfiguration(input);
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.configuration;
}

describe('a configuration', () => {
  test('needs a name, a group, an LMS and a user name; all else has defaults', () => {
    expect(configurationOf(least)).toEqual({
      name: 'Acme',
      directory: { tenantId: id, clientId: id, groupId: id, cloud: 'global' },
      target: {
        type: 'scim',
        baseUrl: 'https://lms.example.com/scim/v2',
        customFieldsSchema: 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User',
        concurrency: 16,
      },
      userName: 'userPrincipalName',
      matching: { by: 'userName' },
      fields: {},
      customFields: {},
      manager: { reference: 'write', unavailable: 'clear' },
      scope: { guests: 'exclude', include: [], exclude: [] },
      protectedAccounts: [],
      leavers: { leftGroup: 'deactivate', disabled: 'deactivate', deleted: 'deactivate' },
      thresholds: { leavers: { count: 5, percent: 5 }, additions: { count: 50, percent: 20 }, renames: { count: 10, percent: 5 } },
      cadence: { everyMinutes: 30 },
    });
  });

  test('that is given in part keeps the defaults of the rest', () => {
    const { thresholds, leavers, manager } = configurationOf({
      ...least,
      thresholds: { leavers: { count: 2 } },
      leavers: { disabled: { graceDays: 14 } },
      manager: { unavailable: 'keep' },
    });
    expect(thresholds.leavers).toEqual({ count: 2, percent: 5 });
    expect(leavers).toEqual({ leftGroup: 'deactivate', disabled: { graceDays: 14 }, deleted: 'deactivate' });
    expect(manager).toEqual({ reference: 'write', unavailable: 'keep' });
  });

  test('takes a bare expression for a field that needs no more', () => {
    const { fields, customFields } = configurationOf({
      ...least,
      fields: { title: { Trim: ['jobTitle'] } },
      customFields: { site: { value: 'city', required: true } },
    });
    expect(fields.title).toEqual({ value: { Trim: ['jobTitle'] }, apply: 'always', whenEmpty: 'clear', required: false });
    expect(customFields.site).toEqual({ value: 'city', apply: 'always', whenEmpty: 'clear', required: true });
  });

  test('as the documentation shows it is accepted', () => {
    expect(faultsIn(exampleConfiguration)).toEqual([]);
  });

  test('takes ids in capitals, and gives them as Graph does', () => {
    expect(configurationOf({ ...least, directory: { ...least.directory, tenantId: ` ${id.toUpperCase()}` } }).directory.tenantId).toBe(id);
  });

  test('once accepted is accepted again as it was stored', () => {
    const stored: unknown = JSON.parse(JSON.stringify(configurationOf(exampleConfiguration)));
    expect(configurationOf(stored)).toEqual(stored);
  });

  test.each([' ', '\t', '\u00a0\u200b'])('is refused for a rule whose value is blank, for it would hold for everybody: %j', (value) => {
    const scope = { exclude: [[{ attribute: 'displayName', operator: 'INCLUDES', value }]] };
    expect(faultsIn({ ...least, scope })).toEqual(['scope.exclude.0.0.value: expected more than blanks']);
  });

  test('names every fault at once, each with its path and what to write instead', () => {
    const faulty = {
      nmae: 'Acme',
      directory: {
        tenantId: 'acme.example',
        clientId: id,
        groupId: '00000000-0000-0000-0000-000000000000',
        cloud: 'Global',
        authority: 'https://evil.example',
      },
      target: { type: 'scmi', baseUrl: 'lms.example.com', concurrency: 100, apiToken: 'x' },
      userName: { Coalesce: [{ ToLowr: ['mail'] }, 'upn', { Left: ['mail', { constant: 3 }] }] },
      matching: { by: 'email' },
      fields: {
        familyNam: 'surname',
        title: { Join: [{ constant: ' ' }] },
        locale: { value: 'preferredLanguage', apply: 'once', requred: true },
        department: { value: 'a,b' },
      },
      customFields: { 'Cost centre': 'city' },
      scope: {
        guests: 'exclude',
        exclude: [
          [
            { attribute: 'departmnt', operator: 'EQUALS', value: 'x' },
            { attribute: 'city', operator: 'IS NULL', value: 'x' },
            { attribute: 'city', operator: 'EQUAL' },
          ],
          [],
        ],
      },
      leavers: { leftGroup: 'delete', disabled: { graceDays: 0 } },
      thresholds: { leavers: { percent: 150 } },
      cadence: { everyMinutes: 5 },
    };
    expect(faultsIn(faulty)).toMatchInlineSnapshot(`
     [
       "name: is missing",
       "directory.tenantId: expected the Directory (tenant) ID, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
       "directory.groupId: expected the group’s Object ID, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
       "directory.cloud: expected "global", "usGovernment", "usGovernmentDoD" or "china"; did you mean “global”?",
       "directory.authority: there is no such key; there are tenantId, clientId, groupId, cloud",
       "target.type: expected "scim"; did you mean “scim”?",
       "target.baseUrl: expected a URL, such as https://lms.example.com/scim/v2",
       "target.concurrency: expected at most 64",
       "target.apiToken: no secret belongs in a configuration: hand it over with \`rollcall credential set\`, and replace this one, for it has been seen",
       "userName.Coalesce.0.ToLowr: no such function; there are Append, Coalesce, FormatDateTime, IIF, IsNullOrEmpty, IsPresent, Item, Join, Left, Mid, NormalizeDiacritics, Not, PCase, RemoveDuplicates, Replace, Right, Split, StripSpaces, Switch, ToLower, ToUpper, Trim, Word; did you mean “ToLower”?",
       "userName.Coalesce.1: Graph has no such attribute; did you mean “userPrincipalName”?",
       "userName.Coalesce.2.Left.1.constant: expected text: put it in quotation marks",
       "fields.title.Join: expected a list of 2 to 20: Join(separator, source1, source2, …)",
       "fields.department.value: expected the name of an attribute: letters, digits and _",
       "fields.locale.apply: expected "always" or "onlyAtCreation"",
       "fields.locale.requred: there is no such key; did you mean “required”?",
       "fields.familyNam: there is no such key; did you mean “familyName”?",
       "customFields.Cost centre: a custom field’s name is letters, digits, _ and -, a letter first",
       "scope.exclude.0.0.attribute: Graph has no such attribute; did you mean “department”?",
       "scope.exclude.0.1.value: there is no such key; there are attribute, operator",
       "scope.exclude.0.2.operator: expected "EQUALS", "NOT EQUALS", "INCLUDES", "STARTS WITH", "ENDS WITH", "IS NULL", "IS NOT NULL", "IS TRUE" or "IS FALSE"; did you mean “EQUALS”?",
       "scope.exclude.1: expected at least 1 in the list",
       "leavers.leftGroup: expected "deactivate", "hold", "leave" or {"graceDays": a whole number from 1 to 365}",
       "leavers.disabled.graceDays: expected at least 1",
       "thresholds.leavers.percent: expected at most 100",
       "cadence.everyMinutes: expected at least 30",
       "nmae: there is no such key; did you mean “name”?",
       "matching.by: matching by e-mail needs fields.email: map it, or match by userName",
     ]
    `);
  });

  test.each([
    ['a credential in the address', { target: { baseUrl: 'https://jo:hunter2@lms.example.com' } }, 'hunter2'],
    ['a token in the query', { target: { baseUrl: 'https://lms.example.com/scim?token=hunter2' } }, 'hunter2'],
    ['a secret among the keys', { directory: { ...least.directory, clientSecret: 'hunter2' } }, 'hunter2'],
    ['a secret for an id', { directory: { ...least.directory, clientId: 'hunter2' } }, 'hunter2'],
  ])('refuses %s without repeating it', (_title, part, secret) => {
    const faults = faultsIn({ ...least, ...part });
    expect(faults).toHaveLength(1);
    expect(faults.join()).not.toContain(secret);
  });

  test.each([
    'file:///etc/passwd',
    'ftp://lms.example.com',
    'javascript:alert(1)',
    '/scim/v2',
    'https://lms.example.com/#x',
    'https://lms.example.com/scim/v2/Users',
  ])('refuses %s as an address', (baseUrl) => {
    expect(faultsIn({ ...least, target: { baseUrl } })).toEqual([expect.stringMatching(/^target\.baseUrl: /)]);
  });

  test.each([
    ['text', 'acme'],
    ['a list', [least]],
    ['nothing', null],
    ['nothing at all', undefined],
  ])('that is %s is refused with one fault about the whole', (_title, input) => {
    expect(faultsIn(input)).toEqual([expect.stringMatching(/^: (expected an object in braces|is missing)$/)]);
  });

  test('names a custom field that is called as nothing may be called', () => {
    const input: unknown = JSON.parse(JSON.stringify({ ...least, customFields: { site: 'city' } }).replace('site', '__proto__'));
    expect(faultsIn(input)).toEqual([expect.stringContaining('customFields.__proto__: a custom field’s name')]);
  });

  test.each(['constructor', 'toString', 'valueOf'])('never suggests what JavaScript calls %s', (userName) => {
    expect(faultsIn({ ...least, userName }).join()).not.toContain('native code');
  });

  test('can’t smuggle anything in by the names of JavaScript’s own properties', () => {
    const input: unknown = JSON.parse(
      JSON.stringify(least).replace('"userName":"userPrincipalName"', '"userName":{"constructor":["mail"]},"__proto__":{"name":"x"}'),
    );
    expect(faultsIn(input).map((fault) => fault.split(';')[0])).toEqual(expect.arrayContaining(['userName.constructor: no such function']));
  });
});
