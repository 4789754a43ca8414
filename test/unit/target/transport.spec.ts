import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createEgressPolicy } from '../../../adapters/target/egress';
import { createScimTarget, type ScimTargetOptions } from '../../../adapters/target/scim/scim-target';
import type { Target } from '../../../adapters/target/target';

const signal = new AbortController().signal;
const user = { id: '1', userName: 'jo', active: true, meta: {} };

describe('A SCIM target', () => {
  let server: Server;
  let answer: RequestListener;
  let target: Target;

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
  });
  afterEach(() => target.close());
  afterAll(() => new Promise((closed) => server.close(closed).closeAllConnections()));

  const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`;
  const open = (more: Partial<ScimTargetOptions> = {}) =>
    (target = createScimTarget({
      configuration: { type: 'scim', baseUrl: baseUrl(), customFieldsSchema: 'urn:x', concurrency: 4 },
      token: 'top-secret',
      memory: { customFields: {} },
      egress: createEgressPolicy('127.0.0.1'),
      ...more,
    }));
  const answering = (status: number, body: string | Buffer, headers: Record<string, string> = {}) => {
    answer = (_request, response) => void response.writeHead(status, { 'content-type': 'application/scim+json', ...headers }).end(body);
  };

  test.each([
    ['a redirect is not followed', 302, '', { location: 'https://elsewhere.example.org/' }, 'TargetNotFound'],
    ['a page of HTML is no account', 200, '<html>Sign in</html>', {}, 'TargetUnavailable'],
    ['an answer that is cut off is no account', 200, '{"id":"1","userNa', {}, 'TargetUnavailable'],
    ['an account without an id is none', 200, '{}', {}, 'TargetUnavailable'],
    ['a gateway that gives up is an outage', 502, '<html></html>', {}, 'TargetUnavailable'],
    ['a read that is forbidden is the credential’s fault', 403, '{"detail":"no"}', {}, 'TargetCredentialRejected'],
  ])('%s', async (_title, status, body, headers, code) => {
    answering(status, body, headers);
    await expect(open().get('1', signal)).rejects.toMatchObject({ code });
  });

  test.each(['top-secret\n', 'top\u200bsecret', '“top-secret”', 'top secret', ''])(
    'a token that no header can hold (%j) is rejected, and not repeated',
    (token) => {
      expect(() => open({ token })).toThrow(
        expect.objectContaining({ code: 'TargetCredentialRejected', message: expect.not.stringContaining('top') }) as Error,
      );
    },
  );

  test('an outage says how long it asks to wait', async () => {
    answering(503, '', { 'retry-after': '7' });
    await expect(open().get('1', signal)).rejects.toMatchObject({ code: 'TargetUnavailable', status: 503, retryAfterMs: 7_000 });
  });

  test('a base URL without a SCIM service is told as such', async () => {
    answering(404, 'nothing here', { 'content-type': 'text/plain' });
    await expect(open().accounts(signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'TargetNotFound' });
    await expect(open().discover(signal)).rejects.toMatchObject({ code: 'TargetNotFound' });
  });

  test('a list without rows and without a number is not an empty one', async () => {
    answering(200, '{"status":"ok"}');
    await expect(open().accounts(signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'TargetUnavailable' });
  });

  test('an answer that is too large is refused before it is read whole', async () => {
    answering(200, JSON.stringify({ ...user, title: 'x'.repeat(10_000) }));
    await expect(open({ limits: { userBytes: 5_000 } }).get('1', signal)).rejects.toMatchObject({
      code: 'TargetUnavailable',
      message: expect.stringContaining('5000 bytes'),
    });
  });

  test('an answer that is small until it is unpacked is refused too', async () => {
    answering(200, gzipSync(JSON.stringify({ ...user, title: 'x'.repeat(1_000_000) })), { 'content-encoding': 'gzip' });
    await expect(open({ limits: { userBytes: 50_000 } }).get('1', signal)).rejects.toMatchObject({ code: 'TargetUnavailable' });
  });

  const named = JSON.stringify({ ...user, userName: 'jö' });
  test.each([
    ['with a byte-order mark', Buffer.from(`\ufeff${named}`), {}],
    ['in Latin 1, and says so', Buffer.from(named, 'latin1'), { 'content-type': 'application/json; charset=ISO-8859-1' }],
    ['in UTF-8, and says Latin 1', Buffer.from(named), { 'content-type': 'application/json;charset="iso-8859-1"' }],
    ['in UTF-8, and names a charset that nobody knows', Buffer.from(named), { 'content-type': 'application/json; charset=klingon' }],
    ['in UTF-16 with a mark', Buffer.from(`\ufeff${named}`, 'utf16le'), {}],
    ['in UTF-16 by its header', Buffer.from(named, 'utf16le'), { 'content-type': 'application/json; charset=utf-16le' }],
    ['packed by deflate', deflateSync(named), { 'content-encoding': 'deflate' }],
    ['packed by deflate without its header', deflateRawSync(named), { 'content-encoding': 'deflate' }],
  ])('a server that answers %s is understood', async (_title, body, headers) => {
    answering(200, body, headers);
    await expect(open().get('1', signal)).resolves.toMatchObject({ userName: 'jö' });
  });

  test('an account that is gone for good (410) is not there', async () => {
    answering(410, '');
    await expect(open().get('1', signal)).resolves.toBeUndefined();
  });

  test('a server that packs its answers without being asked is understood', async () => {
    answering(200, gzipSync(JSON.stringify(user)), { 'content-encoding': 'gzip' });
    await expect(open().get('1', signal)).resolves.toMatchObject({ userName: 'jo' });
  });

  test('a server that is silent, or drips for ever, is not waited for', async () => {
    answer = () => undefined;
    await expect(open({ limits: { wholeMs: 200 } }).get('1', signal)).rejects.toMatchObject({ code: 'TargetUnavailable' });
    await target.close();
    answer = (_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(drip));
    };
    await expect(open({ limits: { wholeMs: 200 } }).get('1', signal)).rejects.toMatchObject({ code: 'TargetUnavailable' });
  });

  test('a host that may not be called is not called', () => {
    let called = false;
    answer = () => (called = true);
    expect(() => open({ egress: createEgressPolicy('lms.example.com') })).toThrow(
      expect.objectContaining({ code: 'TargetAddressRefused' }) as Error,
    );
    expect(called).toBe(false);
  });

  test('a name that resolves to an address which may not be called is refused when it is connected to', async () => {
    const egress = createEgressPolicy('*', (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]));
    const { port } = server.address() as AddressInfo;
    const configuration = {
      type: 'scim' as const,
      baseUrl: `https://rebound.example.com:${port}`,
      customFieldsSchema: 'urn:x',
      concurrency: 1,
    };
    await expect(open({ egress, configuration }).get('1', signal)).rejects.toMatchObject({ code: 'TargetAddressRefused' });
  });

  test('the token is in no error, whatever the server echoes', async () => {
    answer = (request, response) =>
      void response
        .writeHead(401, { 'content-type': 'application/json' })
        .end(JSON.stringify({ detail: `bad header ${request.headers.authorization}` }));
    const failure: unknown = await open()
      .get('1', signal)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'TargetCredentialRejected' });
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('top-secret');
  });

  test('a write that is forbidden to everybody is told from one that is forbidden to one', async () => {
    const desired = { userName: 'jo', active: true, externalId: 'x', fields: {}, onlyAtCreation: [], keptWhenEmpty: [] };
    const update = () => target.update('1', { set: { title: 'x' }, clear: [] }, { desired }, signal);
    answering(403, '{}');
    open();
    await expect(update()).rejects.toMatchObject({ code: 'TargetRefusesWrites' });
    await target.close();
    open({ memory: { customFields: {}, hasWritten: true } });
    await expect(update()).rejects.toMatchObject({ code: 'TargetRefused' });
    await expect(update()).rejects.toMatchObject({ code: 'TargetRefused' });
    await expect(update()).rejects.toMatchObject({ code: 'TargetRefusesWrites' });
  });

  test('a few accounts that nobody may touch are theirs alone, however quiet the day: others may still be written', async () => {
    const desired = { userName: 'jo', active: true, externalId: 'x', fields: {}, onlyAtCreation: [], keptWhenEmpty: [] };
    const update = () => target.update('1', { set: { title: 'x' }, clear: [] }, { desired }, signal);
    let asked = 0;
    answer = (request, response) => {
      const isTheirs = request.url?.endsWith('/Users/1') === true;
      if (!isTheirs) asked += 1;
      response.writeHead(isTheirs ? 403 : 404, { 'content-type': 'application/scim+json' }).end('{}');
    };
    open();
    for (let refused = 1; refused < 40; refused += 1) await expect(update()).rejects.toMatchObject({ code: 'TargetRefused' });
    expect(asked).toBe(1);
    // So many in a row are no accident, whatever is said about accounts that aren't there.
    await expect(update()).rejects.toMatchObject({ code: 'TargetRefusesWrites' });
  });

  test.each([
    [404, true],
    [400, true],
    [204, true],
    [500, false],
    [501, false],
  ])('asked for a write to an account that is not there, HTTP %s tells that it may be written: %s', async (status, told) => {
    answering(status, status === 204 ? '' : '{}');
    expect(await open().tryWriting(signal)).toBe(told);
  });

  test.each([401, 403])('asked for a write to an account that is not there, HTTP %s is a refusal', async (status) => {
    answering(status, '{}');
    await expect(open().tryWriting(signal)).rejects.toMatchObject({ code: 'TargetRefusesWrites' });
  });

  test('a server that does not answer tells nothing of whether it may be written', async () => {
    answering(503, '');
    await expect(open().tryWriting(signal)).rejects.toMatchObject({ code: 'TargetUnavailable' });
  });

  describe('which takes so many requests at once', () => {
    /** Answers wait until they are let go. */
    function holding() {
      const held: (() => void)[] = [];
      let arrived = 0;
      let most = 0;
      answer = (_request, response) => {
        arrived += 1;
        held.push(() => void response.writeHead(200, { 'content-type': 'application/scim+json' }).end(JSON.stringify(user)));
        most = Math.max(most, held.length);
      };
      const until = async (n: number) => {
        while (arrived < n) await new Promise((turn) => setImmediate(turn));
      };
      return { letGo: (n: number) => held.splice(0, n).forEach((go) => go()), until, arrived: () => arrived, most: () => most };
    }

    test('never has more, and has as many as long as anybody waits', async () => {
      const lms = holding();
      const scim = open();
      const all = Array.from({ length: 20 }, () => scim.get('1', signal));
      for (let n = 4; n <= 20; n += 4) {
        await lms.until(n);
        lms.letGo(4);
      }
      expect(await Promise.all(all)).toHaveLength(20);
      expect(lms.most()).toBe(4);
    });

    test('is not asked for somebody who waited in line and was cancelled', async () => {
      const lms = holding();
      const scim = open();
      const first = Array.from({ length: 4 }, () => scim.get('1', signal));
      const cancelled = new AbortController();
      const waiting = scim.get('1', cancelled.signal);
      const last = scim.get('1', signal);
      await lms.until(4);
      cancelled.abort(new Error('stop'));
      lms.letGo(4);
      await expect(waiting).rejects.toThrow('stop');
      await lms.until(5);
      lms.letGo(1);
      await Promise.all([...first, last]);
      expect(lms.arrived()).toBe(5);
    });

    test('is left in peace by those in line too, when it asks for a pause', async () => {
      const arrived: number[] = [];
      let refusedAt = 0;
      answer = (_request, response) => {
        arrived.push(performance.now());
        if (arrived.length > 4) return void response.writeHead(200, { 'content-type': 'application/scim+json' }).end(JSON.stringify(user));
        refusedAt ||= performance.now();
        response.writeHead(429, { 'retry-after': '0.2' }).end();
      };
      const scim = open();
      const told = await Promise.allSettled(Array.from({ length: 8 }, () => scim.get('1', signal)));
      expect(told.map(({ status }) => status)).toEqual([...Array<string>(4).fill('rejected'), ...Array<string>(4).fill('fulfilled')]);
      expect(arrived).toHaveLength(8);
      expect((arrived[4] as number) - refusedAt).toBeGreaterThan(190);
    });
  });

  test('every request is counted as what it is', async () => {
    const seen: string[] = [];
    answering(200, JSON.stringify({ ...user, title: 'x' }));
    open({ onRequest: (kind) => seen.push(kind) });
    await target.get('1', signal);
    await target.update(
      '1',
      { set: { title: 'x' }, clear: [] },
      { desired: { userName: 'jo', active: true, externalId: 'x', fields: {}, onlyAtCreation: [], keptWhenEmpty: [] } },
      signal,
    );
    expect(seen).toEqual(['read', 'write']);
  });
});
