import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, request as send, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, Lines, startAdmin, type Admin } from '../../../sandbox/controls/admin';
import { controlled } from '../../../sandbox/controls/controlled';
import { createControls } from '../../../sandbox/controls/controls';
import { Refused } from '../../../sandbox/controls/refused';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0)) await close();
});

interface Seen {
  status?: number;
  headers?: Record<string, unknown>;
  body?: string;
  failed?: string;
}

async function sandbox(options: { errorBody?: boolean } = {}) {
  const controls = createControls({ latencyClasses: ['read'], kinds: { ownKind: 'something of its own' } });
  const done: string[] = [];
  const handler: RequestListener = (request, response) => {
    done.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"value":');
    response.end('[1,2,3,4,5,6,7,8]}');
  };
  const listener = controlled(
    {
      controls,
      classify: (method, url) => ({ route: `${method} ${url.split('?')[0]}`, latency: 'read' }),
      errorBody: options.errorBody ? (status) => ({ contentType: 'application/json', body: `{"mine":${status}}` }) : undefined,
    },
    handler,
  );
  const server: Server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  opened.push({ close: () => closeServer(server) });
  const { port } = server.address() as AddressInfo;
  const ask = (path: string, method = 'GET') =>
    new Promise<Seen>((resolve) => {
      const request = send({ port, host: '127.0.0.1', path, method, agent: false }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
        response.on('error', (error) => resolve({ status: response.statusCode, body, failed: error.message }));
      });
      request.on('error', (error) => resolve({ failed: (error as NodeJS.ErrnoException).code }));
      request.end();
    });
  return { controls, done, ask };
}

describe('faults that any sandbox server can be given', () => {
  it('throttles with the Retry-After that was asked for, with one second by default, or without any', async () => {
    const { controls, ask, done } = await sandbox({ errorBody: true });
    controls.faults.addAll([
      { kind: 'throttled', retryAfter: 0.5, times: 1 },
      { kind: 'throttled', times: 1 },
      { kind: 'throttled', retryAfter: null, times: 1 },
    ]);
    expect(await ask('/a')).toMatchObject({ status: 429, body: '{"mine":429}', headers: { 'retry-after': '0.5' } });
    expect((await ask('/a')).headers?.['retry-after']).toBe('1');
    const bare = await ask('/a');
    expect([bare.status, bare.headers?.['retry-after']]).toEqual([429, undefined]);
    expect(done).toEqual([]);
    expect((await ask('/a')).status).toBe(200);
  });

  it('answers 503 as a web page, 504 and 500', async () => {
    const { controls, ask } = await sandbox();
    controls.faults.addAll(['unavailableHtml', 'gatewayTimeout', 'serverError'].map((kind) => ({ kind, times: 1 })));
    expect(await ask('/')).toMatchObject({
      status: 503,
      headers: { 'content-type': 'text/html' },
      body: expect.stringContaining('<html>'),
    });
    expect((await ask('/')).status).toBe(504);
    expect(await ask('/')).toMatchObject({ status: 500, body: '{"message":"sandbox fault: serverError"}' });
  });

  it('cuts an answer off so that its length looks right, or so that the line drops; the work is done in both', async () => {
    const { controls, ask, done } = await sandbox();
    controls.faults.addAll([
      { kind: 'cutOff', times: 1 },
      { kind: 'cutOff', times: 1, ending: 'connection' },
    ]);
    const whole = '{"value":[1,2,3,4,5,6,7,8]}';
    const half = whole.slice(0, Math.ceil(whole.length / 2));
    const first = await ask('/');
    expect(first).toMatchObject({ status: 200, body: half });
    expect(first.failed).toBeUndefined();
    expect(await ask('/')).toMatchObject({ status: 200, body: half, failed: 'aborted' });
    expect((await ask('/')).body).toBe(whole);
    expect(done).toHaveLength(3);
  });

  it('resets before anything is done, or after it was done', async () => {
    const { controls, ask, done } = await sandbox();
    controls.faults.add({ kind: 'resetBefore', times: 1 });
    expect((await ask('/before')).failed).toBe('ECONNRESET');
    controls.faults.add({ kind: 'resetAfter', times: 1 });
    expect((await ask('/after')).failed).toBe('ECONNRESET');
    expect(done).toEqual(['GET /after']);
  });

  it('is down until the rule is taken away', async () => {
    const { controls, ask } = await sandbox();
    const { id } = controls.faults.add({ kind: 'down' });
    expect([(await ask('/')).failed, (await ask('/')).failed]).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(controls.faults.remove(id)).toBe(1);
    expect((await ask('/')).status).toBe(200);
  });

  it('gives an empty 200, and slow answers that are whole', async () => {
    const { controls, ask, done } = await sandbox();
    controls.faults.addAll([
      { kind: 'emptyOk', times: 1 },
      { kind: 'slow', delayMs: 40, times: 1 },
    ]);
    expect(await ask('/')).toMatchObject({ status: 200, body: '' });
    expect(done).toEqual([]);
    const before = performance.now();
    expect((await ask('/')).body).toContain('8]}');
    expect(performance.now() - before).toBeGreaterThan(38);
  });

  it('hits only what matches method and path, lets the first ones pass, and stops after so many times', async () => {
    const { controls, ask } = await sandbox();
    controls.faults.add({ kind: 'serverError', match: { method: 'post', path: '^/Users' }, after: 1, times: 1 });
    const seen = [];
    for (const [method, path] of [
      ['GET', '/Users'],
      ['POST', '/Groups'],
      ['POST', '/Users'],
      ['POST', '/Users'],
      ['POST', '/Users'],
    ] as const) {
      seen.push((await ask(path, method)).status);
    }
    expect(seen).toEqual([200, 200, 200, 500, 200]);
    expect(controls.faults.list()).toMatchObject([{ seen: 2, fired: 1 }]);
  });

  it('draws the same lots for the same seed', () => {
    const draws = (seed: number) => {
      const { faults } = createControls({ latencyClasses: [] });
      faults.add({ kind: 'serverError', probability: 0.3, seed });
      return Array.from({ length: 200 }, () => (faults.fires('serverError', 'GET', '/') ? 1 : 0));
    };
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
    const hits = draws(7).filter(Boolean).length;
    expect(hits).toBeGreaterThan(35);
    expect(hits).toBeLessThan(85);
  });

  it('refuses a faulty rule, naming every fault, and switches none of a list on if one is faulty', () => {
    const { faults } = createControls({ latencyClasses: [] });
    const refusal = (rules: unknown[]) => {
      try {
        faults.addAll(rules);
      } catch (error) {
        return (error as Refused).faults;
      }
      return [];
    };
    const named = refusal([
      { kind: 'slow' },
      { kind: 'nonsense' },
      { kind: 'down', times: 0, probability: 2, match: { path: '(' }, more: 1 },
    ]);
    expect(named).toEqual([
      '0.delayMs: how slow?',
      expect.stringMatching(/^1\.kind: there is no "nonsense"; there are throttled, /),
      expect.stringMatching(/^2\.times: /),
      expect.stringMatching(/^2\.probability: /),
      '2.match.path: not a regular expression',
      expect.stringMatching(/more/),
    ]);
    expect(refusal([{ kind: 'down' }, { kind: 'toString' }])).toHaveLength(1);
    expect(faults.list()).toEqual([]);
  });
});

describe('counts and latency', () => {
  it('counts by route, faulted requests too, and starts over when asked', async () => {
    const { controls, ask } = await sandbox();
    controls.faults.add({ kind: 'down', times: 1 });
    await Promise.all([ask('/a'), ask('/a?x=1'), ask('/b', 'POST')]);
    controls.counts.item('GET /users/{id}');
    expect(controls.counts.report()).toMatchObject({ total: 3, routes: { 'GET /a': 2, 'POST /b': 1, 'item GET /users/{id}': 1 } });
    controls.counts.reset();
    expect(controls.counts.report()).toMatchObject({ total: 0, routes: {} });
  });

  it('makes a class of requests as slow as it is told', async () => {
    const { controls, ask } = await sandbox();
    controls.latency.set({ read: 30 });
    const before = performance.now();
    await ask('/');
    expect(performance.now() - before).toBeGreaterThan(28);
    expect(() => controls.latency.set({ write: 1 })).toThrow(Refused);
  });
});

describe('the admin port', () => {
  let made = 0;
  let answering: ServerResponse | undefined;
  let listeners = 0;
  function* many(): Generator<object> {
    for (made = 0; made < 40_000; made += 1) {
      listeners = Math.max(listeners, answering?.listenerCount('close') ?? 0);
      yield { n: made, text: 'x'.repeat(100) };
    }
  }
  async function admin(): Promise<{
    admin: Admin;
    call(method: string, path: string, body?: string): Promise<{ status: number; text: string }>;
  }> {
    const controls = createControls({ latencyClasses: ['read'] });
    const started = await startAdmin({
      controls,
      routes: {
        'GET /rows': () => new Lines([{ a: 1 }, { a: 2 }]),
        'GET /many': () => new Lines(many()),
        'POST /break': () => Promise.reject(new Error('broken')),
      },
    });
    opened.push(started);
    const call = async (method: string, path: string, body?: string) => {
      const response = await fetch(`${started.origin}${path}`, { method, body });
      return { status: response.status, text: await response.text() };
    };
    return { admin: started, call };
  }

  it('switches faults on and off, sets latency and shows counts', async () => {
    const { call } = await admin();
    expect(await call('POST', '/faults', '{"kind":"down"}')).toMatchObject({ status: 200, text: expect.stringContaining('"id":"1"') });
    expect(JSON.parse((await call('GET', '/faults')).text)).toMatchObject([{ kind: 'down', fired: 0 }]);
    expect((await call('DELETE', '/faults?kind=down')).text).toBe('{"removed":1}');
    expect((await call('POST', '/latency', '{"read":5}')).text).toBe('{"read":5}');
    expect(JSON.parse((await call('GET', '/counts')).text)).toMatchObject({ total: 0 });
    expect((await call('DELETE', '/counts')).status).toBe(200);
  });

  it('gives a long list out as fast as it is taken, and gathers no listeners on the way', async () => {
    const { call } = await admin();
    const follow = (message: unknown) => void (answering = (message as { response: ServerResponse }).response);
    subscribe('http.server.request.start', follow);
    const { text } = await call('GET', '/many');
    unsubscribe('http.server.request.start', follow);
    expect(text.split('\n')).toHaveLength(40_001);
    expect(listeners).toBeLessThan(10); // Node's own and the pipeline's; more, and Node warns of a leak
  });

  it('stops making lines for whoever has gone', async () => {
    const { admin: started, call } = await admin();
    const response = await fetch(`${started.origin}/many`);
    await response.body?.cancel();
    expect((await call('GET', '/rows')).status).toBe(200);
    expect(made).toBeLessThan(40_000);
  });

  it('answers bad input with 400 and every fault, an unknown route with those there are, its own failure with 500', async () => {
    const { call } = await admin();
    expect(await call('POST', '/faults', '{"kind":"x","times":-1}')).toMatchObject({ status: 400, text: expect.stringContaining('times') });
    expect(await call('POST', '/latency', '{"write":1}')).toMatchObject({ status: 400 });
    expect(await call('POST', '/faults', '{')).toEqual({ status: 400, text: '{"faults":["the body is not JSON"]}' });
    expect(await call('GET', '/nowhere')).toMatchObject({ status: 404, text: expect.stringContaining('GET /counts') });
    expect(await call('POST', '/break')).toEqual({ status: 500, text: '{"faults":["broken"]}' });
  });

  it('streams rows one a line, and listens on loopback only', async () => {
    const { call, admin: started } = await admin();
    expect((await call('GET', '/rows')).text).toBe('{"a":1}\n{"a":2}\n');
    expect(started.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
