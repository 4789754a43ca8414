import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createDatabase, dropDatabase, withClient } from '../../../sandbox/servers/databases';
import { startPostgres, type PostgresOptions, type PostgresServer } from '../../../sandbox/servers/postgres';
import { identityOf } from '../../../sandbox/servers/process-identity';
import { kill } from './ended';

jest.setTimeout(120_000);

const said: string[] = [];
const folder = mkdtempSync(join(tmpdir(), 'rollcall-servers-'));
const started: PostgresServer[] = [];

async function start(name: string, options: Partial<PostgresOptions> = {}): Promise<PostgresServer> {
  const server = await startPostgres({ folder: join(folder, name), own: true, say: (line) => said.push(line), ...options });
  started.push(server);
  return server;
}

function ask(server: { url: string }, sql: string): Promise<Record<string, unknown>[]> {
  return withClient(server.url, 10_000, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
}

const portOf = (server: PostgresServer) => new URL(server.url).port;

/** As if the process that started the server had been killed. */
function orphan(name: string): void {
  const file = join(folder, name, 'server.json');
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), owner: '1@0' }));
}

afterAll(async () => {
  await Promise.all(started.map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe('our own PostgreSQL', () => {
  it('keeps every row that it acknowledged when it is killed in the middle of writing and started again on the same port', async () => {
    const first = await start('kept');
    await ask(first, 'create table kept (n int primary key)');
    const writer = new Client({ connectionString: first.url });
    writer.on('error', () => undefined);
    await writer.connect();
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await writer.query('insert into kept values ($1)', [acknowledged]);
        acknowledged += 1;
      }
    })().catch((error: unknown) => error);
    while (acknowledged < 50) await new Promise(setImmediate);
    await kill(first.pid);
    await writing;

    const second = await start('kept', { port: Number(portOf(first)) });
    expect(second.url).toBe(first.url);
    expect(second.pid).not.toBe(first.pid);
    const [row] = await ask(second, 'select count(*)::int as n from kept');
    expect(row?.n).toBeGreaterThanOrEqual(acknowledged);
    expect(row?.n).toBeLessThanOrEqual(acknowledged + 1);
  });

  it('starts again after a kill while a session of the old one is still busy', async () => {
    const first = await start('busy');
    const sleeper = new Client({ connectionString: first.url });
    sleeper.on('error', () => undefined);
    await sleeper.connect();
    const busy = sleeper.query('select count(*) from generate_series(1, 6000000)').catch((error: unknown) => error);
    const [before] = await ask(
      first,
      "select count(*)::int as n from pg_stat_activity where query like '%generate_series%' and state = 'active' and pid <> pg_backend_pid()",
    );
    expect(before?.n).toBe(1);
    await kill(first.pid);
    const second = await start('busy');
    expect(await ask(second, 'select 1 as one')).toEqual([{ one: 1 }]);
    await busy;
  });

  it('runs twice at once, and stopping one leaves the other alone', async () => {
    const [one, other] = await Promise.all([start('one'), start('other')]);
    expect(portOf(one)).not.toBe(portOf(other));
    await one.stop();
    expect(identityOf(one.pid as number)).toBeUndefined();
    expect(await ask(other, 'select 1 as one')).toEqual([{ one: 1 }]);
    await one.stop(); // once more does no harm
  });

  it('is used, and left running, by a second start in the same folder', async () => {
    const owner = await start('shared');
    const guest = await start('shared');
    expect(guest).toMatchObject({ url: owner.url, pid: owner.pid });
    await guest.stop();
    expect(await ask(owner, 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(start('shared', { port: Number(portOf(owner)) + 1 })).rejects.toThrow(/belongs to process \d+.*use another folder/);
  });

  it('is taken over, and stopped in the end, by the next start when the process that began it was killed', async () => {
    const lost = await start('lost');
    orphan('lost');
    const heir = await start('lost');
    expect(heir.pid).toBe(lost.pid);
    await heir.stop();
    expect(identityOf(lost.pid as number)).toBeUndefined();
  });

  it('starts although a stranger has the pid that its last postmaster had', async () => {
    const first = await start('stranger');
    await kill(first.pid);
    const pidFile = join(folder, 'stranger', 'data', 'postmaster.pid');
    const other = await start('other');
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(other.pid)));
    expect(await ask(await start('stranger'), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('sorts by bytes in UTF-8 whatever the locale of the machine, with fsync on, for whoever knows the password on loopback', async () => {
    const server = await start('other', { env: { ...process.env, LC_ALL: 'tr_TR.UTF-8', PGOPTIONS: '-c fsync=off' } });
    const [row] = await ask(
      server,
      "select current_database() as name, current_setting('server_encoding') as encoding, datcollate, datctype, current_setting('fsync') as fsync, current_setting('listen_addresses') as listens from pg_database where datname = current_database()",
    );
    expect(row).toEqual({ name: 'rollcall', encoding: 'UTF8', datcollate: 'C', datctype: 'C', fsync: 'on', listens: '127.0.0.1' });
    expect(await ask(server, "select n from unnest(array['ä', 'b', 'Z', 'a']) n order by n")).toEqual(
      ['Z', 'a', 'b', 'ä'].map((n) => ({ n })),
    );
    const stranger = new URL(server.url);
    stranger.password = 'guessed';
    await expect(ask({ url: stranger.href }, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(statSync(join(folder, 'other', 'password')).mode & 0o777).toBe(0o600);
  });

  it('makes and drops databases for tests, also two at once', async () => {
    const server = await start('other');
    const urls = await Promise.all([
      createDatabase(server.url, 'a "test"'),
      createDatabase(server.url, 'a "test"'),
      createDatabase(server.url, 'b'),
    ]);
    expect(await ask({ url: urls[1] }, 'select current_database() as name')).toEqual([{ name: 'a "test"' }]);
    await dropDatabase(server.url, 'a "test"');
    await dropDatabase(server.url, 'a "test"');
    await expect(ask({ url: urls[0] }, 'select 1')).rejects.toThrow(/does not exist/);
  });

  it('gives way to ROLLCALL_DATABASE_URL, makes that database if it is missing, and never stops that server', async () => {
    const elsewhere = await start('other');
    const url = elsewhere.url.replace(/rollcall$/, 'theirs');
    const server = await start('never made', { own: false, env: { ROLLCALL_DATABASE_URL: url } });
    expect(server).toMatchObject({ url });
    expect(server.pid).toBeUndefined();
    await server.stop();
    expect(await ask({ url }, 'select current_database() as name')).toEqual([{ name: 'theirs' }]);
    expect(said.at(-1)).not.toContain(new URL(url).password);
  });

  it('says what is wrong with ROLLCALL_DATABASE_URL, without its password', async () => {
    const bad = (url: string) => start('never made', { own: false, env: { ROLLCALL_DATABASE_URL: url } });
    await expect(bad('postgres://me:s3cret@127.0.0.1:1/x')).rejects.toThrow(
      /^(?!.*s3cret).*x on 127\.0\.0\.1:1, does not answer.*ECONNREFUSED/,
    );
    await expect(bad('host=here password=s3cret')).rejects.toThrow(/^(?!.*s3cret).*not a URL of the form/);
  });

  it('does not mistake whoever has its port for itself', async () => {
    const server = await start('other');
    await expect(start('third', { port: Number(portOf(server)) })).rejects.toThrow(/Port \d+ on 127\.0\.0\.1 is taken/);
  });
});
