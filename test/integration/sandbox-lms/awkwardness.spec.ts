import { startLms, type Lms } from '../../../sandbox/lms/lms';
import type { AwkwardnessOptions } from '../../../sandbox/lms/lean/awkwardness';
import { urn } from '../../../sandbox/lms/scim';
import { ScimClient, type Reply } from './scim-client';

describe('the lean LMS, awkward on request,', () => {
  let lms: Lms;
  let scim: ScimClient;
  beforeAll(async () => {
    lms = await startLms({ kind: 'lean' });
    scim = new ScimClient(lms);
  });
  afterAll(() => lms.close());
  beforeEach(() => lms.reset({ accounts: true }));

  const jo = {
    userName: 'jo',
    externalId: 'x-1',
    title: 'Fitter',
    name: { givenName: 'Jo', familyName: 'Müller', formatted: 'Jo Müller' },
    emails: [{ value: 'jo@example.org', type: 'work' }],
    [urn.enterprise]: { department: 'Rail', manager: { value: 'boss' } },
  };
  const manager = `${urn.enterprise}:manager`;
  const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
  const error = ({ status, body }: Reply) => [status, body.scimType];
  const capabilities = ({ patch, filter }: Record<string, unknown>) => {
    const { supported, maxResults } = filter as { supported: boolean; maxResults: number };
    return [(patch as { supported: boolean }).supported, supported, maxResults];
  };
  const made = async (user: object = jo) => (await scim.create(user)).body.id;
  const only = (id: string) => lms.account(id);

  /** What is tried, twice: as the server was started, and with the habit on. */
  const habits: [habit: AwkwardnessOptions, tried: (id: string) => Promise<unknown>, usual: unknown, awkward: unknown][] = [
    [{ ignoresFilters: true }, async () => (await scim.find('userName eq "nobody"')).body.totalResults, 0, 1],
    [{ filterCaseSensitive: true }, async () => (await scim.find('userName eq "JO"')).body.totalResults, 1, 0],
    [{ omitsPagingFields: true }, async () => 'startIndex' in (await scim.send('GET', '/Users')).body, true, false],
    [{ failsOnCount: true }, async () => (await scim.send('GET', '/Users?count=10')).status, 200, 500],
    [
      { announces: { patch: false, maxResults: 0 } },
      async () => capabilities((await scim.send('GET', '/ServiceProviderConfig')).body),
      [true, true, 1_000],
      [false, true, 0],
    ],
    [
      { refusesPlainJson: true },
      async () => (await scim.send('POST', '/Users', { userName: 'a' }, { 'content-type': 'application/json' })).status,
      201,
      415,
    ],
    [{ closesConnections: true }, async () => (await scim.send('GET', '/Users')).headers.connection, 'keep-alive', 'close'],
    [{ noDiscovery: true }, async () => (await scim.send('GET', '/ServiceProviderConfig')).status, 200, 404],
    [{ trimsUserNames: true }, async () => (await scim.create({ userName: ' jo ' })).status, 201, 409],
    [{ caseSensitiveUserNames: true }, async () => (await scim.create({ userName: 'JO' })).status, 409, 201],
    [{ allowsDuplicateUserNames: true }, async () => (await scim.create({ userName: 'jo' })).status, 409, 201],
    [
      { searchLags: 1 },
      async () => {
        await scim.create({ userName: 'late' });
        const search = async () => (await scim.send('GET', `/Users?filter=${encodeURIComponent('userName eq "late"')}`)).body.totalResults;
        return [await search(), await search()];
      },
      [1, 1],
      [0, 1],
    ],
    [{ uniqueEmails: true }, async () => (await scim.create({ userName: 'a', emails: [{ value: 'JO@example.org' }] })).status, 201, 409],
    [{ uniqueExternalIds: true }, async () => (await scim.create({ userName: 'a', externalId: 'x-1' })).status, 201, 409],
    [
      { refusesUnknownAttributes: true },
      async () => error(await scim.create({ userName: 'a', shoeSize: 43 })),
      [201, undefined],
      [400, 'invalidSyntax'],
    ],
    [
      { refusesNoSchemasListed: true },
      async () => error(await scim.create({ ...jo, userName: 'a' })),
      [201, undefined],
      [400, 'invalidSyntax'],
    ],
    [{ needsNameFormatted: true }, async () => error(await scim.create({ userName: 'a' })), [201, undefined], [400, 'invalidValue']],
    [{ activeDefaultsNull: true }, async () => (await scim.create({ userName: 'a' })).body.active, true, null],
    [{ requiresIfMatch: true }, async (id) => (await scim.patch(id, replace('title', 'x'))).status, 200, 428],
    [{ noPatch: true }, async (id) => (await scim.patch(id, replace('title', 'x'))).status, 200, 501],
    [
      { noFilterPaths: true },
      async (id) => error(await scim.patch(id, replace('emails[type eq "work"].value', 'x@example.org'))),
      [200, undefined],
      [400, 'invalidPath'],
    ],
    [{ patchAnswersNothing: true }, async (id) => (await scim.patch(id, replace('title', 'x'))).text === '', false, true],
    [
      { wipesPartialObjects: true },
      async (id) => (await scim.patch(id, replace('name', { givenName: 'Joe' }))).body.name,
      { ...jo.name, givenName: 'Joe' },
      { givenName: 'Joe' },
    ],
    [{ errorsAsHtml: true }, async () => (await scim.get('nobody')).headers['content-type'], 'application/scim+json', 'text/html'],
    [{ conflictAs500: true }, async () => error(await scim.create(jo)), [409, 'uniqueness'], [500, undefined]],
    [{ patchManagerForm: 'string' }, async (id) => (await scim.patch(id, replace(manager, { value: 'x' }))).status, 200, 400],
    [{ patchManagerForm: 'object' }, async (id) => (await scim.patch(id, replace(manager, 'x'))).status, 200, 400],
    [{ patchManagerForm: 'path.value' }, async (id) => (await scim.patch(id, replace(manager, { value: 'x' }))).status, 200, 400],
    [{ patchManagerForm: 'object' }, async (id) => (await scim.patch(id, replace(`${manager}.value`, 'x'))).status, 200, 400],
    [
      { halfAppliesPatches: true },
      async (id) => [(await scim.patch(id, replace('title', 'x'), replace('nope', 1))).status, only(id)?.title],
      [400, 'Fitter'],
      [400, 'x'],
    ],
  ];
  test.each(habits)('does otherwise with %j, and only then', async (habit, tried, usual, awkward) => {
    expect(await tried(await made())).toEqual(usual);
    lms.reset({ accounts: true });
    const id = await made();
    lms.setAwkwardness(habit);
    expect(await tried(id)).toEqual(awkward);
  });

  test.each([
    ['object', replace(manager, { value: 'x' })],
    ['string', replace(manager, 'x')],
    ['path.value', replace(`${manager}.value`, 'x')],
  ] as const)('takes a manager in the one form that it wants: %s', async (patchManagerForm, operation) => {
    const id = await made({ userName: 'a' });
    lms.setAwkwardness({ patchManagerForm });
    expect((await scim.patch(id, operation)).body[urn.enterprise]).toEqual({ manager: { value: 'x' } });
    expect((await scim.patch(id, { op: 'remove', path: manager })).body).not.toHaveProperty([urn.enterprise]);
  });

  test.each([
    [['title'], { title: undefined }],
    [['manager'], { [urn.enterprise]: { department: 'Rail' } }],
    [['enterprise'], { [urn.enterprise]: undefined }],
    [
      [`${urn.enterprise}:department`, 'name.formatted'],
      { [urn.enterprise]: { manager: { value: 'boss' } }, name: { givenName: 'Jo', familyName: 'Müller' } },
    ],
  ])('drops %j silently, from a create and from a PATCH', async (dropsAttributes, kept) => {
    lms.setAwkwardness({ dropsAttributes });
    const created = await scim.create(jo);
    expect(created.status).toBe(201);
    const plain = { title: jo.title, name: jo.name, [urn.enterprise]: jo[urn.enterprise], ...kept };
    const seen = (body: Reply['body']) => ({ title: body.title, name: body.name, [urn.enterprise]: body[urn.enterprise] });
    expect(seen(created.body)).toEqual(plain);
    const patched = await scim.patch(
      created.body.id,
      replace('title', 'Fitter'),
      replace(manager, { value: 'boss' }),
      replace(`${urn.enterprise}:department`, 'Rail'),
    );
    expect(patched.status).toBe(200);
    expect(seen(patched.body)).toEqual(plain);
  });

  test('cuts a count above its cap without a word', async () => {
    lms.addAccounts(Array.from({ length: 9 }, (_, index) => ({ userName: `u${index}` })));
    lms.setAwkwardness({ capsCountAt: 4 });
    const { body } = await scim.send('GET', '/Users?count=9');
    expect([body.totalResults, body.Resources.length]).toEqual([9, 4]);
  });

  test('has an id that is the user name, so that a rename moves the account', async () => {
    lms.setAwkwardness({ idEqualsUserName: true });
    expect(await made()).toBe('jo');
    expect((await scim.patch('jo', replace('userName', 'jo é/2'))).body.id).toBe('jo é/2');
    expect((await scim.get('jo')).status).toBe(404);
    expect((await scim.get(encodeURIComponent('jo é/2'))).body.userName).toBe('jo é/2');
    expect(lms.journal({ id: 'jo' }).map(({ id, was }) => [id, was?.id])).toEqual([
      ['jo', undefined],
      ['jo é/2', 'jo'],
    ]);
  });

  test('refuses a change of a version that is not the newest any more', async () => {
    const { headers, body } = await scim.create(jo);
    const change = (version: string, value: string) =>
      scim.send('PATCH', `/Users/${body.id}`, { schemas: [urn.patch], Operations: [replace('title', value)] }, { 'if-match': version });
    expect((await change(headers.etag as string, 'x')).status).toBe(200);
    expect((await change(headers.etag as string, 'y')).status).toBe(412);
    expect((await change('*', 'z')).status).toBe(200);
  });

  describe('limits its clients to so many requests a minute', () => {
    test('and announces it', async () => {
      lms.setAwkwardness({ rateLimit: { perMinute: 2, announced: true } });
      const replies = [await scim.send('GET', '/Users'), await scim.send('GET', '/Users'), await scim.send('GET', '/Users')];
      expect(replies.map(({ status, headers }) => [status, headers['ratelimit-limit'], headers['ratelimit-remaining']])).toEqual([
        [200, '2', '1'],
        [200, '2', '0'],
        [429, '2', '0'],
      ]);
      expect(Number(replies[2]?.headers['retry-after'])).toBeGreaterThan(50);
    });

    test('or says so only when it is too late', async () => {
      lms.setAwkwardness({ rateLimit: { perMinute: 1, announced: false } });
      const replies = [await scim.send('GET', '/Users'), await scim.create(jo)];
      expect(replies.map(({ status, headers }) => [status, headers['ratelimit-limit'], 'retry-after' in headers])).toEqual([
        [200, undefined, false],
        [429, undefined, true],
      ]);
      expect(lms.accounts()).toEqual([]);
    });
  });

  test('refuses to become awkward in ways that it does not know, naming each', () => {
    expect(() => lms.setAwkwardness({ noPatch: 'yes', sulks: true } as never)).toThrow(/noPatch.*sulks|sulks.*noPatch/s);
    expect(lms.awkwardness().noPatch).toBe(false);
  });

  test('is what it was at its start after a reset', async () => {
    const grumpy = await startLms({ kind: 'lean', awkward: { noPatch: true } });
    grumpy.setAwkwardness({ noPatch: false });
    grumpy.reset();
    expect(grumpy.awkwardness().noPatch).toBe(true);
    await grumpy.close();
  });

  describe('in bulk', () => {
    const operations = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        method: 'POST',
        path: '/Users',
        bulkId: `b${index}`,
        data: { userName: `u${index}` },
      }));
    const bulk = (client: ScimClient, Operations: object[]) => client.send('POST', '/Bulk', { schemas: [urn.bulkRequest], Operations });

    test('does nothing unless it is asked to', async () => {
      expect((await bulk(scim, operations(1))).status).toBe(501);
    });

    test.each([
      ['text', '201', '409'],
      ['number', 201, 409],
      ['object', { code: '201' }, { code: '409' }],
    ] as const)('tells the status as %s, and refers to what it just made', async (status, created, conflict) => {
      const other = await startLms({ kind: 'lean', bulk: { maxOperations: 3, status } });
      const client = new ScimClient(other);
      const report = {
        method: 'POST',
        path: '/Users',
        bulkId: 'r',
        data: { userName: 'report', [urn.enterprise]: { manager: { value: 'bulkId:b0' } } },
      };
      const { body } = await bulk(client, [...operations(1), report, { ...report, bulkId: 's' }]);
      expect((body.Operations as { status: unknown }[]).map((one) => one.status)).toEqual([created, created, conflict]);
      const [boss, reporting] = other.accounts();
      expect(reporting?.[urn.enterprise]).toEqual({ manager: { value: boss?.id } });
      expect((await bulk(client, operations(4))).status).toBe(413);
      await other.close();
    });

    test('goes on where a single answer has no body, or is a web page', async () => {
      const other = await startLms({ kind: 'lean', bulk: {}, awkward: { patchAnswersNothing: true, errorsAsHtml: true } });
      const client = new ScimClient(other);
      const [{ id = '' } = {}, { id: leaver = '' } = {}] = other.addAccounts([{ userName: 'stays' }, { userName: 'goes' }]);
      const patch = { schemas: [urn.patch], Operations: [{ op: 'replace', path: 'title', value: 'Harbour pilot' }] };
      const { status, body } = await bulk(client, [
        { method: 'PATCH', path: `/Users/${id}`, bulkId: 'p', data: patch },
        { method: 'DELETE', path: `/Users/${leaver}`, bulkId: 'd' },
        { method: 'DELETE', path: `/Users/${leaver}`, bulkId: 'e' },
      ]);
      expect(status).toBe(200);
      expect(body.Operations).toMatchObject([
        { status: '204', bulkId: 'p' },
        { status: '204', bulkId: 'd' },
        { status: '404', bulkId: 'e', response: expect.stringContaining('<h1>Error 404</h1>') },
      ]);
      expect(other.account(id)).toMatchObject({ title: 'Harbour pilot' });
      await other.close();
    });
  });
});
