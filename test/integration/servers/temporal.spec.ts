import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { startTemporal, type TemporalOptions, type TemporalServer } from '../../../sandbox/servers/temporal';
import { kill } from './ended';
import { identityOf } from '../../../sandbox/servers/process-identity';

jest.setTimeout(120_000);

const said: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'rollcall-servers-'));
const started: TemporalServer[] = [];

async function start(options: TemporalOptions): Promise<TemporalServer> {
  const server = await startTemporal({ own: true, headless: true, say: (line) => said.push(line), ...options });
  started.push(server);
  return server;
}

/** As if the process that started the server had been killed. */
function orphan(data: string): void {
  const file = join(data, 'server.json');
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), owner: '1@0' }));
}

async function withClient<T>(server: TemporalServer, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect(server.connectionOptions);
  try {
    return await work(new Client({ connection, namespace: server.namespace }));
  } finally {
    await connection.close();
  }
}

afterAll(async () => {
  await Promise.all(started.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe('the Temporal dev server', () => {
  it('keeps what it was told when it is killed and started again in the same folder, on the same port', async () => {
    const data = join(folder, 'kept');
    const first = await start({ folder: data, searchAttributes: { RollcallCustomer: 'KEYWORD' } });
    await withClient(first, (client) =>
      client.workflow.start('nobodyRunsThis', {
        taskQueue: 'none',
        workflowId: 'kept',
        typedSearchAttributes: [{ key: defineSearchAttributeKey('RollcallCustomer', 'KEYWORD'), value: 'acme' }],
      }),
    );
    await kill(first.pid);

    const second = await start({ folder: data });
    expect(second.address).toBe(first.address);
    expect(second.pid).not.toBe(first.pid);
    await withClient(second, async (client) => {
      expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
      expect((await client.workflow.count("RollcallCustomer = 'acme'")).count).toBe(1);
    });
  });

  it('runs twice at once, each on ports of its own, and stopping one leaves the other alone', async () => {
    const [one, other] = await Promise.all([start({}), start({})]);
    expect(one?.address).not.toBe(other?.address);
    await one?.stop();
    expect(identityOf(one?.pid as number)).toBeUndefined();
    await withClient(other, async (client) => expect((await client.workflow.count()).count).toBe(0));
    await one?.stop(); // once more does no harm
  });

  it('is used, and left running, by a second start in the same folder', async () => {
    const data = join(folder, 'shared');
    const owner = await start({ folder: data });
    const guest = await start({ folder: data });
    expect(guest.pid).toBe(owner.pid);
    await guest.stop();
    await withClient(owner, (client) => client.workflow.count());
  });

  it('refuses to replace a server that another one is using, and says what to do', async () => {
    const data = join(folder, 'shared');
    await expect(start({ folder: data, codecEndpoint: 'http://127.0.0.1:1', headless: false })).rejects.toThrow(
      /belongs to process \d+.*use another folder/,
    );
  });

  it('is used by the next start when the process that began it was killed, and replaced when another codec server is wanted', async () => {
    const data = join(folder, 'lost');
    const lost = await start({ folder: data });
    orphan(data);
    const heir = await start({ folder: data });
    expect(heir.pid).toBe(lost.pid);
    orphan(data);
    const successor = await start({ folder: data, headless: false, codecEndpoint: 'http://127.0.0.1:1/' });
    expect(successor.pid).not.toBe(lost.pid);
    expect(successor.address).toBe(lost.address);
    expect(identityOf(lost.pid as number)).toBeUndefined();
  });

  it('shows a Web UI that knows the codec server, and registers search attributes once', async () => {
    const searchAttributes = { RollcallHolds: 'INT', RollcallSecretExpiresAt: 'DATETIME' } as const;
    const data = join(folder, 'ui');
    const server = await start({
      folder: data,
      headless: false,
      codecEndpoint: 'http://127.0.0.1:8888/codec',
      searchAttributes,
      namespace: 'rollcall',
    });
    const settings = (await (await fetch(`${server.uiUrl}/api/v1/settings`)).json()) as { Codec: { Endpoint: string } };
    expect(settings.Codec.Endpoint).toBe('http://127.0.0.1:8888/codec');
    const again = await start({
      folder: data,
      headless: false,
      codecEndpoint: 'http://127.0.0.1:8888/codec',
      searchAttributes,
      namespace: 'rollcall',
    });
    expect(again.namespace).toBe('rollcall');
    await expect(
      start({
        folder: data,
        headless: false,
        codecEndpoint: 'http://127.0.0.1:8888/codec',
        namespace: 'rollcall',
        searchAttributes: { RollcallHolds: 'KEYWORD' },
      }),
    ).rejects.toThrow(/RollcallHolds must be KEYWORD.*search-attribute remove/);
  });

  it('does not mistake whoever has its port for itself', async () => {
    const running = await start({});
    await expect(start({ port: Number(running.address.split(':')[1]) })).rejects.toThrow(/Port \d+ on 127\.0\.0\.1 is taken/);
  });

  it('takes an address in the environment as it is, and never stops it', async () => {
    const elsewhere = await start({});
    const env = { ...process.env, TEMPORAL_ADDRESS: elsewhere.address, TEMPORAL_CONFIG_FILE: join(folder, 'none.toml') };
    const server = await start({ own: false, env, searchAttributes: { RollcallPhase: 'KEYWORD' } });
    expect(server).toMatchObject({ address: elsewhere.address, namespace: 'default' });
    expect(server.pid).toBeUndefined();
    await server.stop();
    await withClient(elsewhere, (client) => client.workflow.count());
  });

  it('says so when the address in the environment does not answer', async () => {
    await expect(start({ own: false, env: { ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:1' } })).rejects.toThrow(
      /127\.0\.0\.1:1.*does not answer.*TEMPORAL_ADDRESS/s,
    );
  });

  it('tells in one line what it is doing and how long it took', () => {
    expect(said.join('\n')).toMatch(/Temporal server: (cache|`temporal` on PATH) \(.*, \d+ m?s\)/);
    expect(said.join('\n')).toMatch(/Temporal server: started on 127\.0\.0\.1:\d+, no Web UI, data in memory \(/);
  });

  it('writes who it is beside its data', () => {
    const record = JSON.parse(readFileSync(join(folder, 'kept', 'server.json'), 'utf8')) as { server: string; owner: string };
    expect(record.owner).toBe(identityOf(process.pid));
    expect(record.server).toMatch(/^\d+@\d+/);
  });
});
