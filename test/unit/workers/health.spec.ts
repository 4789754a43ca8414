import { createReadiness, startHealthServer, workerPolls, type Check, type HealthServer } from '../../../workers/health';

const servers: HealthServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function ask(checks: Record<string, Check>, path: string, method = 'GET'): Promise<{ status: number; body: unknown }> {
  const server = await startHealthServer({ port: 0, checks, timeoutMs: 50 });
  servers.push(server);
  const answer = await fetch(`${server.url}${path}`, { method });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

const well: Check = async () => undefined;
const worker = (state: string) => workerPolls({ state: () => ({ rollcall: state, 'rollcall-sync': 'RUNNING' }) });

describe('health', () => {
  it('says that the process lives, also while it can’t work', async () => {
    const { status, body } = await ask({ store: () => Promise.reject(new Error('down')) }, '/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({ alive: true });
  });

  it('is ready when the worker polls and the store answers', async () => {
    expect(await ask({ worker: worker('RUNNING'), store: well }, '/ready')).toEqual({
      status: 200,
      body: { ready: true, checks: { worker: { ok: true }, store: { ok: true } } },
    });
  });

  it('names every reason why it is not ready, without a password', async () => {
    const store: Check = () => Promise.reject(new Error('connect ECONNREFUSED postgres://rollcall:hunter2@db:5432'));
    const { status, body } = await ask({ worker: worker('DRAINING'), store }, '/ready');
    expect(status).toBe(503);
    expect(body).toMatchObject({
      ready: false,
      checks: { worker: { ok: false, says: 'the worker on rollcall takes no tasks: it is draining' } },
    });
    expect(JSON.stringify(body)).toContain('ECONNREFUSED');
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('does not wait for a store that never answers', async () => {
    expect(await ask({ store: () => new Promise(() => undefined) }, '/ready')).toEqual({
      status: 503,
      body: { ready: false, checks: { store: { ok: false, says: 'no answer within 50 ms' } } },
    });
  });

  it('answers HEAD without a body, and says what there is to whoever asks for something else', async () => {
    expect(await ask({}, '/ready', 'HEAD')).toEqual({ status: 200, body: undefined });
    expect((await ask({}, '/else')).status).toBe(404);
    expect((await ask({}, '/ready', 'POST')).status).toBe(405);
  });

  it('listens on loopback unless told otherwise', async () => {
    const server = await startHealthServer({ port: 0, checks: {} });
    servers.push(server);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('asks the store once for many probes, and never twice at a time while it hangs', async () => {
    let asked = 0;
    let time = 0;
    const hanging = createReadiness({ store: () => ((asked += 1), new Promise(() => undefined)) }, 5, 1_000, () => time);
    await Promise.all([hanging(), hanging(), hanging()]);
    time = 5_000;
    await hanging();
    expect(asked).toBe(1);
    const quick = createReadiness({ store: async () => void (asked += 1) }, 50, 1_000, () => time);
    await Promise.all([quick(), quick()]);
    await quick();
    time = 10_000;
    await quick();
    expect(asked).toBe(3);
  });
});
