import { request } from 'undici';
import { startLms, type Lms } from '../../../sandbox/lms/lms';
import { urn } from '../../../sandbox/lms/scim';
import { ScimClient } from './scim-client';

describe.each(['scimmy', 'lean'] as const)('from inside an LMS (%s)', (kind) => {
  let lms: Lms;
  let scim: ScimClient;
  beforeAll(async () => {
    lms = await startLms({ kind });
    scim = new ScimClient(lms);
  });
  afterAll(() => lms.close());
  beforeEach(() => lms.reset({ accounts: true }));

  const admin = async (method: string, path: string, body?: unknown) => {
    const answer = await request(`${lms.adminOrigin}${path}`, {
      method: method as 'GET',
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.body.text();
    const isLines = String(answer.headers['content-type']).includes('ndjson');
    return {
      status: answer.statusCode,
      body: (isLines
        ? text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as unknown)
        : JSON.parse(text)) as unknown,
    };
  };

  test('accounts are made, changed and seen by hand, and the journal tells them from those of clients', async () => {
    const { id } = (await scim.create({ userName: 'client' })).body;
    const hand = (await admin('POST', '/accounts', { userName: 'hand', [urn.enterprise]: { department: 'Rail' } })).body as {
      id: string;
    }[];
    await admin('PATCH', `/accounts?id=${id}`, { active: false, name: { givenName: 'Jo' } });
    expect((await admin('GET', '/accounts')).body).toEqual(lms.accounts());
    expect(lms.account(id)).toMatchObject({ active: false, name: { givenName: 'Jo' } });
    expect((await scim.get(hand[0]?.id ?? '')).body).toMatchObject({ userName: 'hand', [urn.enterprise]: { department: 'Rail' } });
    expect((await admin('GET', '/journal?by=admin')).body).toMatchObject([
      { seq: 2, did: 'create', by: 'admin', userName: 'hand', active: true },
      { seq: 3, did: 'update', by: 'admin', id, active: false, was: { active: true } },
    ]);
    expect(lms.journal({ since: 2 })).toHaveLength(1);
  });

  test('what can not be done by hand is said, all of it', async () => {
    const { status, body } = await admin('POST', '/accounts', [{ userName: 'a' }, { userName: 'A' }, { shoeSize: 43 }]);
    expect([status, body]).toEqual([400, { faults: [expect.stringMatching(/^1: .*userName/), expect.stringMatching(/^2: .*shoeSize/)] }]);
    expect(lms.accounts().map(({ userName }) => userName)).toEqual(['a']);
    expect((await admin('PATCH', '/accounts?id=nobody', {})).status).toBe(400);
  });

  test('a rename that frees a name for another shows in its order', async () => {
    const [a, b] = lms.addAccounts([{ userName: 'a' }, { userName: 'b' }]);
    await scim.patch(a?.id ?? '', { op: 'replace', path: 'userName', value: 'c' });
    await scim.patch(b?.id ?? '', { op: 'replace', path: 'userName', value: 'a' });
    expect(lms.journal({ by: 'client' }).map(({ userName, was }) => [was?.userName, userName])).toEqual([
      ['a', 'c'],
      ['b', 'a'],
    ]);
  });

  test('requests are counted by method and route, look-ups apart from pages', async () => {
    const { id } = (await scim.create({ userName: 'a' })).body;
    await scim.get(id);
    await scim.send('GET', '/Users?count=1');
    await scim.find('userName eq "a"');
    await scim.patch(id, { op: 'replace', path: 'title', value: 'x' });
    expect(lms.controls.counts.report()).toMatchObject({
      total: 5,
      routes: { 'POST /Users': 1, 'GET /Users/{id}': 1, 'GET /Users': 1, 'GET /Users?filter': 1, 'PATCH /Users/{id}': 1 },
    });
  });

  describe('a fault', () => {
    const fault = (rule: object) => lms.controls.faults.add({ times: 1, ...rule });

    test.each([
      ['throttled', 429],
      ['gatewayTimeout', 504],
      ['serverError', 500],
    ])('%s is an error of the protocol, and nothing is done', async (faultKind, status) => {
      fault({ kind: faultKind, retryAfter: 7 });
      const reply = await scim.create({ userName: 'a' });
      expect(reply).toMatchObject({ status, body: { schemas: [urn.error], status: String(status) } });
      expect(reply.headers['retry-after']).toBe(faultKind === 'throttled' ? '7' : undefined);
      expect(lms.accounts()).toEqual([]);
      expect((await scim.create({ userName: 'a' })).status).toBe(201);
    });

    test('of a proxy in front is a page of HTML', async () => {
      fault({ kind: 'unavailableHtml' });
      const reply = await scim.create({ userName: 'a' });
      expect([reply.status, reply.headers['content-type']]).toEqual([503, expect.stringContaining('text/html')]);
    });

    test('resets the connection before the work is done', async () => {
      fault({ kind: 'resetBefore' });
      await expect(scim.create({ userName: 'a' })).rejects.toThrow();
      expect(lms.accounts()).toEqual([]);
    });

    test('resets the connection after the work was done', async () => {
      fault({ kind: 'resetAfter', match: { method: 'POST' } });
      await expect(scim.create({ userName: 'a' })).rejects.toThrow();
      expect(lms.accounts()).toHaveLength(1);
    });

    test.each(['length', 'connection'])('cuts the answer off in its middle (%s)', async (ending) => {
      fault({ kind: 'cutOff', ending });
      await expect(scim.create({ userName: 'a' })).rejects.toThrow();
      expect(lms.accounts()).toHaveLength(1);
    });

    test('answers 200 with nothing at all', async () => {
      fault({ kind: 'emptyOk', match: { method: 'GET' } });
      expect(await scim.send('GET', '/Users')).toMatchObject({ status: 200, text: '' });
    });

    test('shows a list with nobody in it', async () => {
      lms.addAccounts([{ userName: 'a' }]);
      fault({ kind: 'emptyList' });
      expect((await scim.send('GET', '/Users?count=5')).body).toMatchObject({ totalResults: 0, Resources: [] });
      expect((await scim.send('GET', '/Users?count=5')).body).toMatchObject({ totalResults: 1 });
    });

    test('keeps the server down until it is taken away', async () => {
      lms.controls.faults.add({ kind: 'down' });
      await expect(scim.send('GET', '/Users')).rejects.toThrow();
      await expect(scim.send('GET', '/Users')).rejects.toThrow();
      lms.controls.faults.remove('down');
      expect((await scim.send('GET', '/Users')).status).toBe(200);
    });
  });

  test('latency lies on writes and not on reads, and is as long as was asked', async () => {
    lms.controls.latency.set({ write: 200 });
    const took = async (work: () => Promise<unknown>) => {
      const from = performance.now();
      await work();
      return performance.now() - from;
    };
    await scim.send('GET', '/Users'); // the connection is there
    const writes = [];
    for (let index = 0; index < 3; index++) writes.push(await took(() => scim.create({ userName: `u${index}` })));
    expect(Math.min(...writes)).toBeGreaterThanOrEqual(199);
    expect(Math.min(...writes)).toBeLessThan(300); // so long that a busy machine doesn't matter
    const reads = [];
    for (let index = 0; index < 10; index++) reads.push(await took(() => scim.send('GET', '/Users?count=1')));
    expect(Math.min(...reads)).toBeLessThan(150);
  });
});
