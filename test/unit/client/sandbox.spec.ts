import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rollcall } from './console';

function answering(answer: unknown, init: ResponseInit = {}) {
  const asked: string[] = [];
  const fetch = (async (url: string, { method, body }: RequestInit) => {
    asked.push(`${method} ${url} ${(body as string) ?? ''}`.trim());
    return typeof answer === 'string' ? new Response(answer, init) : Response.json(answer, init);
  }) as typeof globalThis.fetch;
  return { asked, fetch };
}
const env = { ROLLCALL_SANDBOX_ENTRA_ADMIN: 'http://127.0.0.1:1', ROLLCALL_SANDBOX_LMS_ADMIN: 'http://127.0.0.1:2' };

describe('rollcall sandbox', () => {
  it.each<[string, string]>([
    [
      'hire --count 3 --set department=Sales --set employeeId=0042',
      'POST http://127.0.0.1:1/hire {"count":3,"attributes":{"department":"Sales","employeeId":"0042"}}',
    ],
    ['leave jo@x.example', 'POST http://127.0.0.1:1/leave {"id":"jo@x.example"}'],
    ['swap-names a b', 'POST http://127.0.0.1:1/swapNames {"one":"a","other":"b"}'],
    ['move a --manager none', 'POST http://127.0.0.1:1/moveToManager {"id":"a","managerId":null}'],
    ['rename a --surname Berg', 'POST http://127.0.0.1:1/rename {"id":"a","surname":"Berg"}'],
    ['set a jobTitle=null', 'POST http://127.0.0.1:1/set {"id":"a","attributes":{"jobTitle":null}}'],
    [
      'fault lms throttled --times 2 --retry-after none --method PATCH',
      'POST http://127.0.0.1:2/faults {"kind":"throttled","times":2,"retryAfter":null,"match":{"method":"PATCH"}}',
    ],
    ['fault entra memberFallsOut --with id=m1', 'POST http://127.0.0.1:1/faults {"kind":"memberFallsOut","with":{"id":"m1"}}'],
    ['mend lms --kind throttled', 'DELETE http://127.0.0.1:2/faults?kind=throttled'],
    ['counts lms --reset', 'DELETE http://127.0.0.1:2/counts'],
    ['latency entra page=150', 'POST http://127.0.0.1:1/latency {"page":150}'],
    ['quota', 'GET http://127.0.0.1:1/quota'],
    ['quota 40 --window-ms 500', 'POST http://127.0.0.1:1/quota {"units":40,"windowMs":500}'],
    ['quota none', 'POST http://127.0.0.1:1/quota {"units":null}'],
    ['quota by-size', 'POST http://127.0.0.1:1/quota {}'],
    ['tenant', 'GET http://127.0.0.1:1/habits'],
    [
      'tenant --needs-consistency-level on --snapshots off --empty-page-every 0',
      'PATCH http://127.0.0.1:1/habits {"requiresConsistencyLevelForCast":true,"snapshots":false,"emptyPageEvery":0}',
    ],
    ['tenant --most-per-page 9 --token-lifetime-ms 50', 'PATCH http://127.0.0.1:1/habits {"mostPerPage":9,"tokenLifetimeMs":50}'],
    ['revoke-tokens', 'POST http://127.0.0.1:1/revokeTokens {}'],
    ['awkwardness capsCountAt=10', 'PATCH http://127.0.0.1:2/awkwardness {"capsCountAt":10}'],
  ])('%s', async (line, sends) => {
    const { asked, fetch } = answering({ done: true });
    expect((await rollcall(['sandbox', ...line.split(' ')], { env, fetch })).exit).toBe(0);
    expect(asked).toEqual([sends]);
  });

  it.each(['quota many', 'quota --window-ms 500', 'tenant --snapshots maybe', 'tenant --most-per-page some'])(
    '%s is a question, and nothing is sent',
    async (line) => {
      const { asked, fetch } = answering({});
      expect((await rollcall(['sandbox', ...line.split(' ')], { env, fetch })).exit).toBe(2);
      expect(asked).toEqual([]);
    },
  );

  it('finds the servers of npm start by its word in .rollcall/state.json', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
    writeFileSync(join(folder, 'state.json'), JSON.stringify({ sandbox: { entraAdmin: 'http://127.0.0.1:9' } }));
    const { asked, fetch } = answering([]);
    await rollcall(['sandbox', 'faults', 'entra'], { env: { ROLLCALL_FOLDER: folder }, fetch });
    expect(asked).toEqual(['GET http://127.0.0.1:9/faults']);
  });

  it('shows what came one value a line as a list', async () => {
    const { fetch } = answering('{"id":1}\n{"id":2}\n', { headers: { 'content-type': 'application/x-ndjson' } });
    expect(JSON.parse((await rollcall(['sandbox', 'people', '--json'], { env, fetch })).out)).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('lists the faults that can be switched on, each with what then happens', async () => {
    const kinds = { down: 'connections are reset', throttled: '429 with Retry-After' };
    const { fetch } = answering({ routes: ['GET /'], faultKinds: kinds });
    const { out } = await rollcall(['sandbox', 'fault-kinds', 'lms'], { env, fetch });
    expect(out).toMatch(/kind +what happens\n.*down +connections are reset\nthrottled +429 with Retry-After/s);
    expect(JSON.parse((await rollcall(['sandbox', 'fault-kinds', 'lms', '--json'], { env, fetch })).out)).toEqual(kinds);
  });

  it('passes on why it was refused, and says what to do where nothing answers', async () => {
    const { fetch } = answering({ faults: ['nobody is called jo'] }, { status: 400 });
    expect(await rollcall(['sandbox', 'leave', 'jo'], { env, fetch })).toMatchObject({
      exit: 1,
      err: expect.stringContaining('nobody is called jo'),
    });
    expect(await rollcall(['sandbox', 'leave', 'jo'], { env })).toMatchObject({ exit: 3, err: expect.stringContaining('npm start') });
    expect(await rollcall(['sandbox', 'leave', 'jo'])).toMatchObject({
      exit: 3,
      err: expect.stringContaining('ROLLCALL_SANDBOX_ENTRA_ADMIN'),
    });
  });
});
