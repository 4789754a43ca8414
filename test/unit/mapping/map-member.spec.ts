import fc from 'fast-check';
import { exampleConfiguration } from '../../../domain/configuration/example-configuration';
import { parseConfiguration } from '../../../domain/configuration/configuration-schema';
import type { Expression } from '../../../domain/mapping/expression';
import { compileMapping } from '../../../domain/mapping/map-member';
import { plainText } from '../../../domain/mapping/plain-text';
import { configured, desiredOf, jo, mapped } from './people';

const nbsp = '\u00a0';
const zeroWidth = '\u200b';

describe('a member of the group', () => {
  test('becomes the account that the mapping says', () => {
    const fields = {
      email: 'mail',
      givenName: 'givenName',
      department: { value: 'department', whenEmpty: 'keep' },
      timezone: { value: { constant: 'UTC' }, apply: 'onlyAtCreation' },
    };
    const outcome = mapped(
      { fields, customFields: { managerMail: 'manager.mail' } },
      { manager: { id: 'B1E0C9D4-2F37-4C1E-8A55-90D6F3A7E610', mail: 'boss@example.org' } },
    );
    expect(outcome).toEqual({
      state: 'desired',
      warnings: [],
      desired: {
        userName: 'jo@example.org',
        active: true,
        externalId: '6c0a6c4b-7d5b-4a3c-9a51-0e7b5d1f2a10',
        fields: {
          email: 'jo.doe@example.org',
          givenName: 'Jo',
          department: 'Sales',
          timezone: 'UTC',
          'custom.managerMail': 'boss@example.org',
        },
        onlyAtCreation: ['timezone'],
        keptWhenEmpty: ['department'],
      },
    });
  });

  test('who is disabled in Entra is to be inactive', () => {
    expect(desiredOf(mapped({}, { accountEnabled: false })).active).toBe(false);
  });

  test.each([null, undefined])('of whom Entra hides whether they are enabled (%s) is a problem, never inactive', (accountEnabled) => {
    expect(mapped({}, { accountEnabled })).toEqual({
      state: 'problem',
      problems: [{ code: 'MembersUnreadable', field: 'accountEnabled' }],
    });
  });
});

describe('a user name', () => {
  test.each([
    ['with a blank behind it', 'jo@example.org '],
    ['with a no-break space behind it', `jo@example.org${nbsp}`],
    ['with a zero-width space in it', `jo${zeroWidth}@example.org`],
    ['with a byte-order mark before it', '\ufeffjo@example.org'],
    ['with a soft hyphen in it', 'jo@exam\u00adple.org'],
  ])('%s is the same person’s', (_title, userPrincipalName) => {
    expect(desiredOf(mapped({}, { userPrincipalName })).userName).toBe('jo@example.org');
  });

  test('that is decomposed is the same person’s as the composed one, and keeps its diacritics', () => {
    expect(desiredOf(mapped({}, { userPrincipalName: 'zoe\u0308@example.org' })).userName).toBe('zoë@example.org');
  });

  test.each([
    ['nothing that can be seen', `${zeroWidth}\u2060`],
    ['a filler that looks like a blank', '\u3164'],
    ['the empty Braille cell in it', 'jo\u2800@example.org'],
    ['tags that nobody sees', 'jo\u{e0041}@example.org'],
    ['a line break inside', 'jo\n@example.org'],
    ['text that runs backwards', 'jo\u202egro.elpmaxe@'],
    ['what a broken encoding leaves', 'j\ufffd@example.org'],
    ['half a character', 'j\ud800@example.org'],
    ['the name that Entra gives a deleted user', '6c0a6c4b7d5b4a3c9a510e7b5d1f2a10jo@example.org'],
  ])('with %s is a problem', (_title, userPrincipalName) => {
    expect(mapped({ userName: { Coalesce: ['userPrincipalName'] } }, { userPrincipalName })).toMatchObject({
      state: 'problem',
      problems: [{ code: expect.stringMatching(/^UserName(Invalid|Missing)$/) }],
    });
  });

  test('of a deleted user is never taken, even where the user name comes from elsewhere', () => {
    const outcome = mapped({ userName: 'mail' }, { userPrincipalName: '6c0a6c4b7d5b4a3c9a510e7b5d1f2a10jo@example.org' });
    expect(outcome).toEqual({ state: 'problem', problems: [{ code: 'UserNameInvalid', field: 'userPrincipalName' }] });
  });

  test.each([null, undefined, '', '  '])('that is missing (%j) is a problem', (mail) => {
    expect(mapped({ userName: 'mail' }, { mail })).toEqual({
      state: 'problem',
      problems: [{ code: 'UserNameMissing', field: 'userName' }],
    });
  });
});

describe('a field', () => {
  test('is left out where the attribute is empty, and cleared or kept as the mapping says', () => {
    const fields = { title: 'jobTitle', department: { value: 'department', whenEmpty: 'keep' } };
    const { fields: values, keptWhenEmpty } = desiredOf(mapped({ fields }, { department: '', jobTitle: null }));
    expect(values).toEqual({});
    expect(keptWhenEmpty).toEqual(['department']);
  });

  test('takes its default where the attribute is empty', () => {
    expect(desiredOf(mapped({ fields: { department: { value: 'department', default: 'None' } } }, { department: ' ' })).fields).toEqual({
      department: 'None',
    });
  });

  test('that is required and empty makes the person a problem, and every such field is named', () => {
    const required = (value: string) => ({ value, required: true });
    const outcome = mapped({ fields: { givenName: required('givenName'), title: required('jobTitle') } }, { givenName: null });
    expect(outcome).toEqual({
      state: 'problem',
      problems: [
        { code: 'FieldMissing', field: 'givenName' },
        { code: 'FieldMissing', field: 'title' },
      ],
    });
  });

  test('comes without blanks around it, composed, and without what can’t be seen', () => {
    const outcome = mapped(
      { fields: { familyName: 'surname', displayName: 'displayName' } },
      { surname: 'Doe \t', displayName: `Zoe\u0308${nbsp}D${zeroWidth}oe` },
    );
    expect(desiredOf(outcome).fields).toEqual({ familyName: 'Doe', displayName: 'Zoë Doe' });
  });

  test('keeps the joiner that Persian and emoji need', () => {
    expect(desiredOf(mapped({ fields: { displayName: 'displayName' } }, { displayName: 'می\u200cخواهم' })).fields.displayName).toBe(
      'می\u200cخواهم',
    );
  });

  test.each([
    ['a truth', 'onPremisesSyncEnabled', { onPremisesSyncEnabled: true }, 'true'],
    ['a list', 'businessPhones', { businessPhones: ['+61 1 ', '', '+61 2'] }, '+61 1;+61 2'],
    ['an extension attribute', 'extensionAttribute3', { onPremisesExtensionAttributes: { extensionAttribute3: 'Hull' } }, 'Hull'],
    [
      'a directory extension',
      'extension_3f2504e04f8941d39a0c0305e82c3301_site',
      { extension_3f2504e04f8941d39a0c0305e82c3301_site: 'Hull' },
      'Hull',
    ],
    ['the cost centre', 'employeeOrgData.costCenter', { employeeOrgData: { division: 'x', costCenter: '42' } }, '42'],
    ['an attribute of the manager', 'manager.displayName', { manager: { id: 'x', displayName: 'Boss' } }, 'Boss'],
  ])('can show %s', (_title, value, member, expected) => {
    expect(desiredOf(mapped({ fields: { title: value } }, member)).fields).toEqual({ title: expected });
    expect(
      desiredOf(mapped({ fields: { title: value } }, { onPremisesExtensionAttributes: null, manager: null, employeeOrgData: null })).fields,
    ).toEqual({});
  });

  describe('with several values', () => {
    const c = (constant: string) => ({ constant });
    const member = { otherMails: ['a@x.org', 'b@x.org', 'a@x.org'], displayName: 'Doe; Jo' };
    test.each<[string, Expression, string]>([
      ['has every one of them joined', { Join: [c(', '), 'givenName', 'otherMails'] }, 'Jo, a@x.org, b@x.org, a@x.org'],
      ['has them joined by nothing', { Join: [c(''), 'otherMails'] }, 'a@x.orgb@x.orga@x.org'],
      ['has each joined once', { Join: [c(', '), { RemoveDuplicates: ['otherMails'] }] }, 'a@x.org, b@x.org'],
      ['has joined what was split', { Join: [c(' + '), { Split: [c('Red, Blue'), c(',')] }] }, 'Red + Blue'],
      [
        'has them joined where they stand in for a missing value',
        { Join: [c(', '), { Coalesce: ['mailNickname', 'otherMails'] }] },
        'a@x.org, b@x.org, a@x.org',
      ],
      [
        'has them joined where they were chosen',
        { Join: [c(', '), { Switch: ['department', c('None'), c('Service'), c(''), c('Sales'), 'otherMails'] }] },
        'a@x.org, b@x.org, a@x.org',
      ],
      [
        'is asked as a whole whether there are any',
        { IIF: [{ IsPresent: ['otherMails'] }, { Item: ['otherMails', c('2')] }, c('')] },
        'b@x.org',
      ],
      ['is not taken for one value that has a semicolon in it', { Join: [c(', '), 'displayName', 'givenName'] }, 'Doe; Jo, Jo'],
    ])('%s', (_title, title, expected) => {
      expect(desiredOf(mapped({ fields: { title } }, member)).fields).toEqual({ title: expected });
    });
  });

  test('that holds a date in another form is reported, left out and kept; the person is synced', () => {
    const fields = { title: { FormatDateTime: ['employeeHireDate', { constant: 'yyyy-MM-dd' }, { constant: 'dd/MM/yyyy' }] } };
    expect(mapped({ fields }, { employeeHireDate: '1 May' })).toMatchObject({
      state: 'desired',
      desired: { fields: {}, keptWhenEmpty: ['title'] },
      warnings: [{ code: 'FieldInvalid', field: 'title' }],
    });
    expect(mapped({ fields }, { employeeHireDate: null })).toMatchObject({ desired: { keptWhenEmpty: [] }, warnings: [] });
  });
});

describe('an e-mail address', () => {
  test.each(['jo@example.org', "o'brien+lms@example.org", 'zoë@exämple.org', 'jo@xn--exmple-cua.org', 'JO@EXAMPLE.ORG'])(
    'such as %s is taken',
    (mail) => {
      expect(desiredOf(mapped({ fields: { email: 'mail' } }, { mail })).fields).toEqual({ email: mail });
    },
  );

  test.each([
    'jo',
    'jo@localhost',
    'jo@@example.org',
    'jo doe@example.org',
    '@example.org',
    'jo@example..org',
    'jo_example.org#EXT#@acme.onmicrosoft.com',
    'jo@example.org;jo@example.com',
    `${'x'.repeat(65)}@example.org`,
  ])('such as %s is reported and left out; what the LMS holds stays, and the person is synced', (mail) => {
    expect(mapped({ fields: { email: 'mail' } }, { mail })).toMatchObject({
      state: 'desired',
      desired: { fields: {}, keptWhenEmpty: ['email'] },
      warnings: [{ code: 'FieldInvalid', field: 'email' }],
    });
  });

  test('that is required and no address makes the person a problem', () => {
    expect(mapped({ fields: { email: { value: 'mail', required: true } } }, { mail: 'jo' })).toEqual({
      state: 'problem',
      problems: [{ code: 'FieldInvalid', field: 'email' }],
    });
  });
});

describe('a guest', () => {
  const guest = {
    userType: 'Guest',
    userPrincipalName: 'jo_example.org#EXT#@acme.onmicrosoft.com',
    mail: null,
    otherMails: ['jo@example.org'],
  };

  test('is excluded, and the reason is visible', () => {
    expect(mapped({}, guest)).toEqual({ state: 'excluded', reason: 'guest' });
    expect(mapped({}, { ...guest, userType: null })).toEqual({ state: 'excluded', reason: 'guest' });
  });

  test('who is included gets no e-mail address out of the user principal name', () => {
    const outcome = mapped({ scope: { guests: 'include' }, fields: { email: { Coalesce: ['mail', 'userPrincipalName'] } } }, guest);
    expect(outcome).toMatchObject({ state: 'desired', desired: { fields: {} }, warnings: [{ code: 'FieldInvalid', field: 'email' }] });
  });

  test('who is included can have the address that the guest really has', () => {
    const outcome = mapped(
      { scope: { guests: 'include' }, fields: { email: { Coalesce: ['mail', { Item: ['otherMails', { constant: '1' }] }] } } },
      guest,
    );
    expect(desiredOf(outcome).fields).toEqual({ email: 'jo@example.org' });
  });

  test('of old who was made a member of the tenant is none', () => {
    expect(mapped({}, { ...guest, userType: 'Member' }).state).toBe('desired');
  });
});

describe('mapping', () => {
  const example = parseConfiguration(exampleConfiguration);
  if ('faults' in example) throw new Error('the example is faulty');
  const value = fc.oneof(
    fc.constant(null),
    fc.constant(''),
    fc.string({ unit: 'binary' }),
    fc.emailAddress(),
    fc.boolean(),
    fc.array(fc.string()),
  );
  const anybody = fc.dictionary(
    fc.constantFrom(
      'mail',
      'userPrincipalName',
      'givenName',
      'surname',
      'displayName',
      'otherMails',
      'department',
      'state',
      'employeeHireDate',
      'jobTitle',
      'accountEnabled',
    ),
    value,
  );

  test('copes with whatever a directory holds, and says nothing of it in a problem', () => {
    const { map } = compileMapping(example.configuration);
    fc.assert(
      fc.property(anybody, (attributes) => {
        const outcome = map({
          ...attributes,
          id: jo.id,
          userPrincipalName: typeof attributes.userPrincipalName === 'string' ? attributes.userPrincipalName : null,
        });
        const said = outcome.state === 'desired' ? outcome.warnings : outcome.state === 'problem' ? outcome.problems : [];
        for (const one of said) expect(Object.keys(one).sort()).toEqual(['code', 'field']);
        if (outcome.state === 'problem') expect(outcome.problems.length).toBeGreaterThan(0);
      }),
    );
  });

  test('never makes up a value that the directory did not give', () => {
    const { map } = compileMapping(configured({ fields: { givenName: 'givenName', title: { Coalesce: ['jobTitle', 'department'] } } }));
    const text = fc.option(fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.record({ givenName: text, jobTitle: text, department: text }), (given) => {
        const known = Object.values(given).map((one) => one && plainText(one));
        expect(known).toEqual(expect.arrayContaining(Object.values(desiredOf(map({ ...jo, ...given })).fields)));
      }),
    );
  });

  test('never writes an empty value', () => {
    const { map } = compileMapping(
      configured({
        fields: { title: { IIF: ['jobTitle', { constant: '' }, { Trim: [{ constant: ' ' }] }] }, division: { constant: '\u200b' } },
      }),
    );
    expect(desiredOf(map(jo)).fields).toEqual({});
  });

  test('has another version whenever somebody might be mapped differently, and only then', () => {
    const version = (parts: Record<string, unknown>) => compileMapping(configured(parts)).version;
    const fields = { title: 'jobTitle', email: 'mail' };
    expect(version({ fields })).toMatch(/^[0-9a-f]{16}$/);
    expect(version({ fields: { email: 'mail', title: 'jobTitle' } })).toBe(version({ fields }));
    expect(version({ fields, cadence: { everyMinutes: 60 }, name: 'Other' })).toBe(version({ fields }));
    const others = [
      {},
      { fields: { ...fields, title: 'department' } },
      { fields, scope: { guests: 'include' } },
      { fields, manager: { reference: 'leave' } },
      { fields, userName: 'mail' },
    ];
    expect(new Set([{ fields }, ...others].map(version)).size).toBe(others.length + 1);
  });
});
