import { randomUUID } from 'node:crypto';
import type { Lms } from '../../../sandbox/lms/lms';
import { urn } from '../../../sandbox/lms/scim';
import { ScimClient } from './scim-client';

/** What every SCIM server of the sandbox does, whatever it is made of. */
export function scimServerContract(start: () => Promise<Lms>): void {
  let lms: Lms;
  let scim: ScimClient;

  beforeAll(async () => {
    lms = await start();
    scim = new ScimClient(lms);
  });
  afterAll(() => lms.close());
  beforeEach(() => lms.reset({ accounts: true }));

  const jo = {
    externalId: 'entra-1',
    userName: 'Jo.Müller@example.org',
    name: { givenName: 'Jo', familyName: 'Müller' },
    displayName: 'Jo Müller',
    title: 'Fitter',
    emails: [{ value: 'jo@example.org', type: 'work', primary: true }],
    active: true,
    [urn.enterprise]: { employeeNumber: '7', department: 'Rail' },
    [urn.custom]: { location: 'Łódź', learningTracks: 'Safety;Sales' },
  };
  const created = async (user: object = jo): Promise<string> => {
    const { status, body } = await scim.create(user);
    expect(status).toBe(201);
    return body.id;
  };
  const manager = `${urn.enterprise}:manager`;

  describe('a new user', () => {
    test('comes back whole, with an id, a version and an address of its own', async () => {
      const { status, headers, body } = await scim.create(jo);
      expect(status).toBe(201);
      expect(headers['content-type']).toMatch(/^application\/scim\+json/);
      expect(body).toMatchObject(jo);
      expect(body.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(body.schemas).toEqual([urn.user, urn.enterprise, urn.custom]);
      expect(body.meta).toMatchObject({ resourceType: 'User', location: `${lms.baseUrl}/Users/${body.id}`, version: expect.any(String) });
      expect(Date.parse(body.meta.lastModified)).toBeGreaterThan(Date.now() - 60_000);
      expect((await scim.get(body.id)).body).toEqual(body);
    });

    test('is active unless it says otherwise', async () => {
      expect((await scim.create({ userName: 'a' })).body.active).toBe(true);
      expect((await scim.create({ userName: 'b', active: false })).body.active).toBe(false);
    });

    test.each([
      ['without a user name', { displayName: 'Nobody' }],
      ['with an empty user name', { userName: ' ' }],
      ['with text for a boolean', { userName: 'a', active: 'yes' }],
      ['with an item that the list field does not have', { userName: 'a', [urn.custom]: { learningTracks: 'Safety;Juggling' } }],
      ['with a date that is none', { userName: 'a', [urn.custom]: { startDate: 'soon' } }],
      ['with one e-mail address where a list belongs', { userName: 'a', emails: { value: 'a@example.org' } }],
    ])('%s is refused as invalidValue', async (_title, user) => {
      const { status, body } = await scim.create(user);
      expect([status, body.scimType]).toEqual([400, 'invalidValue']);
      expect(lms.accounts()).toEqual([]);
    });

    test('may bring attributes that nobody knows: they are dropped', async () => {
      const { status, body } = await scim.create({ userName: 'a', shoeSize: 43, 'urn:example:other:2.0:User': { x: 1 } });
      expect(status).toBe(201);
      expect(body).not.toHaveProperty('shoeSize');
      expect(body).not.toHaveProperty(['urn:example:other:2.0:User']);
    });
  });

  describe('a user name', () => {
    test('belongs to one account, whatever its case', async () => {
      await created();
      const { status, body } = await scim.create({ userName: 'JO.MÜLLER@EXAMPLE.ORG' });
      expect(status).toBe(409);
      expect(body).toMatchObject({ schemas: [urn.error], status: '409', scimType: 'uniqueness' });
    });

    test('goes to one of eight who ask at the same time', async () => {
      const replies = await Promise.all(Array.from({ length: 8 }, () => scim.create(jo)));
      expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
      expect(lms.accounts()).toHaveLength(1);
    });

    test('can be changed without a change of the id, and is free again for others', async () => {
      const id = await created();
      expect((await scim.patch(id, { op: 'replace', path: 'userName', value: 'jo.meyer@example.org' })).status).toBeLessThan(300);
      expect((await scim.get(id)).body.userName).toBe('jo.meyer@example.org');
      await created({ userName: jo.userName });
      expect((await scim.patch(id, { op: 'replace', path: 'userName', value: jo.userName.toLowerCase() })).status).toBe(409);
      expect((await scim.put(id, { userName: jo.userName })).status).toBe(409);
    });

    test('can change its case alone', async () => {
      const id = await created();
      await scim.patch(id, { op: 'replace', path: 'userName', value: jo.userName.toUpperCase() });
      expect((await scim.get(id)).body.userName).toBe(jo.userName.toUpperCase());
    });
  });

  describe('a filter', () => {
    beforeEach(async () => {
      await created();
      await created({ userName: 'other', externalId: 'entra-2', active: false });
      await created({ userName: 'o\'neil "q" \\ x', externalId: 'entra-3' });
    });
    const names = async (filter: string) => (await scim.find(filter)).body.Resources.map(({ userName }) => userName);

    test.each([
      ['by user name', 'userName eq "Jo.Müller@example.org"', [jo.userName]],
      ['by user name, whatever its case', 'username EQ "jo.müller@EXAMPLE.org"', [jo.userName]],
      ['by external id, exactly', 'externalId eq "entra-2"', ['other']],
      ['by external id in another case', 'externalId eq "ENTRA-2"', []],
      ['by e-mail address', 'emails.value eq "jo@example.org"', [jo.userName]],
      ['by two things at once', 'userName eq "other" and externalId eq "entra-2"', ['other']],
      ['by two things that no one has together', 'userName eq "other" and externalId eq "entra-1"', []],
      ['by a state', 'active eq false', ['other']],
      ['by one thing or another', 'userName eq "other" or userName eq "jo.müller@example.org"', ['other', jo.userName]],
      ['by what is an attribute of an extension', `${urn.enterprise}:department eq "Rail"`, [jo.userName]],
      ['by how a user name begins, whatever its case', 'userName sw "jo.m"', [jo.userName]],
      ['by what is in a title, whatever its case', 'TITLE co "FIT"', [jo.userName]],
      ['by how an external id begins, exactly', 'externalId sw "Entra-"', []],
      ['by what is an attribute of an extension, whatever its case', `${urn.enterprise}:department sw "rA"`, [jo.userName]],
      ['by what nobody has', 'userName eq "nobody"', []],
    ])('finds %s', async (_title, filter, expected) => {
      const { status, body } = await scim.find(filter);
      expect(status).toBe(200);
      expect(body.totalResults).toBe(expected.length);
      expect((await names(filter)).sort()).toEqual([...expected].sort());
    });

    test.each([
      ['ends in the middle of a text', 'userName eq "open'],
      ['has no value', 'userName eq'],
      ['has no operator', 'userName'],
      ['has an operator that there is none', 'userName is "jo"'],
      ['has a value without its quotes', 'userName eq jo'],
      ['has two tests and nothing between them', 'userName pr title pr'],
      ['has a bracket that is never closed', '(userName pr'],
    ])('that %s is refused as invalidFilter', async (_title, filter) => {
      const { status, body } = await scim.find(filter);
      expect([status, body.scimType]).toEqual([400, 'invalidFilter']);
    });
  });

  describe('a list', () => {
    test('of nobody is an empty one', async () => {
      const { status, headers, body } = await scim.send('GET', '/Users');
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^application\/scim\+json/);
      expect(body).toMatchObject({ schemas: [urn.list], totalResults: 0, startIndex: 1 });
    });

    test.each([1, 2, 3, 5, 7, 25])('walked in pages of %i shows everybody once', async (count) => {
      lms.addAccounts(Array.from({ length: 23 }, (_, index) => ({ userName: `user-${index}` })));
      const seen: string[] = [];
      for (let startIndex = 1; ; startIndex += count) {
        const { body } = await scim.send('GET', `/Users?startIndex=${startIndex}&count=${count}`);
        expect(body.totalResults).toBe(23);
        expect(body.startIndex).toBe(startIndex);
        seen.push(...body.Resources.map(({ userName }) => userName));
        expect(body.Resources).toHaveLength(Math.max(0, Math.min(count, 24 - startIndex)));
        if (seen.length >= 23) break;
      }
      expect(seen).toEqual(Array.from({ length: 23 }, (_, index) => `user-${index}`));
    });

    test.each([2, 3, 4, 11, 12, 22, 23, 24])('starts at any row, such as row %i', async (startIndex) => {
      lms.addAccounts(Array.from({ length: 23 }, (_, index) => ({ userName: `user-${index}` })));
      const { body } = await scim.send('GET', `/Users?startIndex=${startIndex}&count=10`);
      expect(body.Resources.map(({ userName }) => userName)).toEqual(
        Array.from({ length: 23 }, (_, index) => `user-${index}`).slice(startIndex - 1, startIndex + 9),
      );
    });

    test('of no rows still says how many there are', async () => {
      lms.addAccounts([{ userName: 'a' }, { userName: 'b' }]);
      expect((await scim.send('GET', '/Users?count=0')).body).toMatchObject({ totalResults: 2 });
    });

    test('can be asked for a few attributes', async () => {
      await created();
      const { body } = await scim.send('GET', '/Users?attributes=userName');
      expect(body.Resources[0]).toMatchObject({ id: expect.any(String), userName: jo.userName });
      expect(body.Resources[0]).not.toHaveProperty('emails');
    });
  });

  describe('a search by POST', () => {
    const search = (asked: object) => scim.send('POST', '/Users/.search', { schemas: [urn.search], ...asked });
    beforeEach(() => void lms.addAccounts([jo, ...['a', 'b', 'c'].map((userName) => ({ userName }))]));

    test('answers as a list does', async () => {
      const { status, headers, body } = await search({ filter: 'userName eq "jo.müller@EXAMPLE.org"' });
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^application\/scim\+json/);
      expect(body).toMatchObject({ schemas: [urn.list], totalResults: 1, Resources: [jo] });
    });

    test('comes by pages, with the attributes that are asked for', async () => {
      const { body } = await search({ startIndex: 2, count: 2, attributes: ['userName', 'title'] });
      expect(body).toMatchObject({ totalResults: 4, startIndex: 2, Resources: [{ userName: 'a' }, { userName: 'b' }] });
      expect((await search({ filter: 'title pr', attributes: ['title'] })).body.Resources[0]).not.toHaveProperty('emails');
      expect((await search({ filter: 'title pr', excludedAttributes: ['title'] })).body.Resources[0]).not.toHaveProperty('title');
    });

    test.each([
      ['a filter that is not understood', { filter: 'userName eq' }, 'invalidFilter'],
      ['a count that is no number', { count: 'many' }, 'invalidValue'],
      ['another kind of message', { schemas: [urn.patch] }, 'invalidSyntax'],
    ])('with %s is refused', async (_title, asked, scimType) => {
      const { status, body } = await search(asked);
      expect([status, body.scimType]).toEqual([400, scimType]);
    });

    test('is one by POST alone, and by who may', async () => {
      expect((await scim.send('GET', '/Users/.search')).status).toBe(404);
      const stranger = await scim.send('POST', '/Users/.search', { filter: 'userName eq' }, { authorization: 'Bearer wrong' });
      expect(stranger.status).toBe(401);
    });
  });

  describe('one user', () => {
    test('can be asked for a few attributes, or for all but a few', async () => {
      const id = await created();
      const few = (await scim.send('GET', `/Users/${id}?attributes=title`)).body;
      expect(few).toMatchObject({ id, title: 'Fitter' });
      for (const other of ['userName', 'emails', urn.enterprise]) expect(few).not.toHaveProperty([other]);
      const rest = (await scim.send('GET', `/Users/${id}?excludedAttributes=title,emails`)).body;
      expect(rest).toMatchObject({ id, userName: jo.userName });
      for (const one of ['title', 'emails']) expect(rest).not.toHaveProperty(one);
    });

    test('comes back from a change with the attributes that are asked for', async () => {
      const id = await created();
      const { body } = await scim.send('PUT', `/Users/${id}?attributes=title`, { schemas: [urn.user], userName: 'new', title: 'Boss' });
      expect(body).toMatchObject({ id, title: 'Boss' });
      expect(body).not.toHaveProperty('userName');
    });
  });

  describe('a PATCH', () => {
    const department = `${urn.enterprise}:department`;
    test.each([
      ['replaces a value by its path', [{ op: 'replace', path: 'title', value: 'Boss' }], { title: 'Boss' }],
      ['takes the name of the operation in any case', [{ op: 'Replace', path: 'title', value: 'Boss' }], { title: 'Boss' }],
      ['adds a value by its path', [{ op: 'add', path: 'nickName', value: 'J' }], { nickName: 'J' }],
      [
        'reaches into a name',
        [{ op: 'replace', path: 'name.givenName', value: 'Joe' }],
        { name: { givenName: 'Joe', familyName: 'Müller' } },
      ],
      [
        'reaches into an extension',
        [{ op: 'replace', path: department, value: 'Sea' }],
        { [urn.enterprise]: { employeeNumber: '7', department: 'Sea' } },
      ],
      [
        'reaches into custom fields',
        [{ op: 'replace', path: `${urn.custom}:location`, value: 'Cork' }],
        { [urn.custom]: { location: 'Cork' } },
      ],
      [
        'replaces all e-mail addresses',
        [{ op: 'replace', path: 'emails', value: [{ value: 'new@example.org', type: 'work' }] }],
        { emails: [{ value: 'new@example.org', type: 'work' }] },
      ],
      [
        'picks an e-mail address by its type',
        [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'new@example.org' }],
        { emails: [{ value: 'new@example.org', type: 'work' }] },
      ],
      [
        'takes several values without a path',
        [{ op: 'replace', value: { title: 'Boss', active: false } }],
        { title: 'Boss', active: false },
      ],
      [
        'takes paths as keys where it has no path',
        [{ op: 'replace', value: { 'name.givenName': 'Joe', [department]: 'Sea' } }],
        { name: { givenName: 'Joe' }, [urn.enterprise]: { department: 'Sea' } },
      ],
      [
        'does several operations in their order',
        [
          { op: 'replace', path: 'title', value: 'A' },
          { op: 'replace', path: 'title', value: 'B' },
        ],
        { title: 'B' },
      ],
    ])('%s', async (_title, operations, expected) => {
      const id = await created();
      const { status } = await scim.patch(id, ...operations);
      expect([200, 204]).toContain(status);
      expect((await scim.get(id)).body).toMatchObject(expected);
      expect((await scim.get(id)).body).toMatchObject({ externalId: 'entra-1', userName: jo.userName });
    });

    test.each([
      ['a value', 'title', ['title']],
      ['a value of an extension', department, [urn.enterprise, 'department']],
      ['a custom field', `${urn.custom}:location`, [urn.custom, 'location']],
      ['all e-mail addresses', 'emails', ['emails']],
      ['a part of a name', 'name.givenName', ['name', 'givenName']],
    ])('removes %s', async (_title, path, at) => {
      const id = await created();
      expect((await scim.patch(id, { op: 'remove', path })).status).toBeLessThan(300);
      expect((await scim.get(id)).body).not.toHaveProperty(at);
    });

    test('that changes nothing is harmless', async () => {
      const id = await created();
      const before = (await scim.get(id)).body;
      expect((await scim.patch(id, { op: 'replace', path: 'title', value: jo.title })).status).toBeLessThan(300);
      expect((await scim.get(id)).body).toEqual(before);
    });

    test('changes the version and the date of what it changes', async () => {
      const id = await created();
      const before = (await scim.get(id)).body.meta;
      await scim.patch(id, { op: 'replace', path: 'title', value: 'Boss' });
      const after = (await scim.get(id)).body.meta;
      expect(after.version).not.toBe(before.version);
      expect(after.created).toBe(before.created);
    });

    test.each([
      ['an unknown path', { op: 'replace', path: 'shoeSize', value: 43 }, 'invalidPath'],
      ['another id', { op: 'replace', path: 'id', value: 'mine' }, 'mutability'],
      ['the id taken away', { op: 'remove', path: 'id' }, 'mutability'],
      ['a value of the wrong kind', { op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
      ['an unknown item of a list', { op: 'replace', path: `${urn.custom}:learningTracks`, value: 'Juggling' }, 'invalidValue'],
      ['an unknown operation', { op: 'shout', path: 'title', value: 'x' }, 'invalidSyntax'],
      ['a removal without a path', { op: 'remove' }, 'noTarget'],
      ['an address that is not there', { op: 'replace', path: 'emails[type eq "home"].value', value: 'x@example.org' }, 'noTarget'],
    ])('with %s is refused and changes nothing, not even by its good operations', async (_title, operation, scimType) => {
      const id = await created();
      const { status, body } = await scim.patch(id, { op: 'replace', path: 'title', value: 'Boss' }, operation);
      expect([status, body.scimType]).toEqual([400, scimType]);
      expect((await scim.get(id)).body).toMatchObject(jo);
    });

    test('that is no PatchOp is refused', async () => {
      const id = await created();
      const { status, body } = await scim.send('PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', path: 'title', value: 'x' }] });
      expect([status, body.scimType]).toEqual([400, 'invalidSyntax']);
    });

    test('of several fields by several clients at once loses none of them', async () => {
      const id = await created();
      const fields = ['title', 'nickName', 'locale', 'timezone', 'userType', 'preferredLanguage'];
      await Promise.all(fields.map((path) => scim.patch(id, { op: 'replace', path, value: path })));
      expect((await scim.get(id)).body).toMatchObject(Object.fromEntries(fields.map((field) => [field, field])));
    });
  });

  describe('a PUT', () => {
    test('clears what it leaves out, the external id too', async () => {
      const id = await created();
      const { status, body } = await scim.put(id, { userName: 'new', displayName: 'New' });
      expect(status).toBe(200);
      expect(body).toMatchObject({ id, schemas: [urn.user], userName: 'new', displayName: 'New', active: true });
      for (const gone of ['externalId', 'title', 'emails', 'name', urn.enterprise, urn.custom]) expect(body).not.toHaveProperty([gone]);
      expect((await scim.find('externalId eq "entra-1"')).body.totalResults).toBe(0);
    });

    test('may send back what a GET answered', async () => {
      const id = await created();
      const before = (await scim.get(id)).body;
      expect((await scim.send('PUT', `/Users/${id}`, before)).body).toEqual(before);
    });
  });

  describe('a manager', () => {
    test('comes with a new user', async () => {
      const boss = await created({ userName: 'boss' });
      const { body } = await scim.create({ ...jo, [urn.enterprise]: { manager: { value: boss } } });
      expect(body[urn.enterprise]).toEqual({ manager: { value: boss } });
    });

    test.each([
      ['as an object', (value: string) => ({ op: 'replace', path: manager, value: { value } })],
      ['as an addition', (value: string) => ({ op: 'add', path: manager, value: { value } })],
    ])('can be set, changed and cleared %s', async (_title, operation) => {
      const id = await created();
      const of = async () => (await scim.get(id)).body[urn.enterprise];
      expect((await scim.patch(id, operation('first'))).status).toBeLessThan(300);
      expect(await of()).toMatchObject({ department: 'Rail', manager: { value: 'first' } });
      expect((await scim.patch(id, operation('second'))).status).toBeLessThan(300);
      expect(await of()).toMatchObject({ department: 'Rail', manager: { value: 'second' } });
      expect((await scim.patch(id, { op: 'remove', path: manager })).status).toBeLessThan(300);
      expect(await of()).toEqual({ employeeNumber: '7', department: 'Rail' });
    });

    test('need not be known to the server', async () => {
      const { status } = await scim.create({ userName: 'a', [urn.enterprise]: { manager: { value: randomUUID() } } });
      expect(status).toBe(201);
    });
  });

  describe('an account', () => {
    test.each([
      ['with a path', (active: boolean) => ({ op: 'replace', path: 'active', value: active })],
      ['without a path', (active: boolean) => ({ op: 'replace', value: { active } })],
    ])('is switched off and on %s, and the journal shows both', async (_title, operation) => {
      const id = await created();
      await scim.patch(id, operation(false));
      expect((await scim.get(id)).body.active).toBe(false);
      await scim.patch(id, operation(true));
      expect((await scim.get(id)).body.active).toBe(true);
      expect(lms.journal({ id }).map(({ did, by, active, was }) => ({ did, by, active, was }))).toEqual([
        { did: 'create', by: 'client', active: true, was: undefined },
        { did: 'update', by: 'client', active: false, was: { active: true } },
        { did: 'update', by: 'client', active: true, was: { active: false } },
      ]);
    });

    test('that is deleted is gone, and counted', async () => {
      const id = await created();
      expect((await scim.send('DELETE', `/Users/${id}`)).status).toBe(204);
      expect((await scim.get(id)).status).toBe(404);
      expect(lms.deletions()).toBe(1);
      await created();
    });

    test.each(['GET', 'PATCH', 'PUT', 'DELETE'])('that is unknown answers %s with 404', async (method) => {
      const body = {
        PATCH: { schemas: [urn.patch], Operations: [{ op: 'replace', path: 'title', value: 'x' }] },
        PUT: { schemas: [urn.user], userName: 'a' },
      };
      const reply = await scim.send(method, `/Users/${randomUUID()}`, body[method as 'PUT']);
      expect(reply.status).toBe(404);
      expect(reply.body).toMatchObject({ schemas: [urn.error], status: '404' });
      expect(lms.accounts()).toEqual([]);
    });
  });

  describe('whoever', () => {
    test.each([
      ['has no token', undefined],
      ['has a wrong token', 'Bearer wrong'],
      ['has the token without its scheme', 'bare'],
    ])('%s is refused before anything is done', async (_title, authorization) => {
      const header = authorization === 'bare' ? lms.token : authorization;
      const reply = await scim.send('POST', '/Users', { schemas: [urn.user], ...jo }, { authorization: header });
      expect(reply.status).toBe(401);
      expect(reply.headers['content-type']).toMatch(/^application\/scim\+json/);
      expect(reply.body).toMatchObject({ schemas: [urn.error], status: '401' });
      expect(lms.accounts()).toEqual([]);
    });

    test('has a token that was taken away is refused from then on', async () => {
      const token = lms.token;
      lms.setToken('another');
      expect((await scim.send('GET', '/Users', undefined, { authorization: `Bearer ${token}` })).status).toBe(401);
      expect((await scim.send('GET', '/Users')).status).toBe(200);
    });

    test('sends no JSON is told so', async () => {
      const { status, body } = await scim.send('POST', '/Users', '{"userName":');
      expect([status, body.scimType]).toEqual([400, 'invalidSyntax']);
    });

    test('asks for what is not there gets an error of the protocol', async () => {
      const reply = await scim.send('GET', '/Nothing');
      expect([reply.status, reply.body.schemas]).toEqual([404, [urn.error]]);
    });

    test('sends application/json is welcome too', async () => {
      expect((await scim.send('POST', '/Users', { schemas: [urn.user], ...jo }, { 'content-type': 'application/json' })).status).toBe(201);
    });
  });

  describe('what the server can do', () => {
    test('stands in its service provider configuration', async () => {
      const { body } = await scim.send('GET', '/ServiceProviderConfig');
      expect(body).toMatchObject({ patch: { supported: true }, filter: { supported: true, maxResults: 1_000 } });
      expect(body.authenticationSchemes).toEqual([expect.objectContaining({ type: 'oauthbearertoken' })]);
    });

    test('and its schemas list the custom fields', async () => {
      const { body } = await scim.send('GET', '/Schemas');
      const ids = body.Resources.map(({ id }) => id);
      expect(ids).toEqual(expect.arrayContaining([urn.user, urn.enterprise, urn.custom]));
      const custom = (await scim.send('GET', `/Schemas/${urn.custom}`)).body;
      expect(custom.attributes.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['location', 'employeeType', 'startDate', 'managerEmail', 'costCentre', 'learningTracks']),
      );
    });

    test('and its resource types name the extensions', async () => {
      const { body } = await scim.send('GET', '/ResourceTypes');
      expect(body.Resources[0]).toMatchObject({ name: 'User', endpoint: '/Users' });
      expect(body.Resources[0]?.schemaExtensions.map(({ schema }) => schema)).toEqual(expect.arrayContaining([urn.enterprise, urn.custom]));
    });
  });
}
