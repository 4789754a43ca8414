/** Secrets and people's data on a day on which everything goes wrong, on real servers; then every place is searched where something could have stayed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { ensureRings } from '../../../adapters/credentials/ensure-rings';
import { searchAttributeDefinitions } from '../../../adapters/engine/search-attributes';
import { createDataConverter } from '../../../adapters/payloads/data-converter';
import { createPayloadCodec } from '../../../adapters/payloads/payload-codec';
import { openDatabase } from '../../../adapters/store/database';
import { connectRollcall, type RollcallClient } from '../../../client/rollcall-client';
import { customerWorkflowId } from '../../../domain/workflow-ids';
import { everybody, startEntra, type Entra } from '../../../sandbox/entra/entra';
import { startLms, type Lms } from '../../../sandbox/lms/lms';
import { startPostgres, startTemporal, type PostgresServer, type TemporalServer } from '../../../sandbox/servers';
import { demoConfiguration } from '../../../sandbox/start/demo-configuration';
import { workerEnvironment } from '../../../sandbox/start/worker-environment';
import { rollcall } from '../../unit/client/console';
import { everythingSent, startEchoingLms, type Echo, type EchoingLms } from './echoing-lms';
import { everyHistory, type Told } from './histories';
import { tracesOf, type Sought } from './traces';

jest.setTimeout(120_000);

/** With letters that base64, URLs and JSON each write in their own way. */
const secrets = {
  'the client secret': 'Kanari~8Q+/client?secret=&%25 ümlaut"\\',
  'a wrong client secret': 'Kanari~9R+/wrong?secret=&%25 ümlaut"\\',
  'a client secret pasted in the clear': 'Kanari~7P+/pasted?secret=&%25-in-the-clear',
  'the target’s token': 'Kanari.target+token/._~-0123456789==',
  'the database’s password': 'Kanari-database-password',
} satisfies Sought;

const workerMain = join(__dirname, '../../../dist/workers/main.js');

let folder: string;
let entra: Entra;
let lms: Lms;
let gateway: EchoingLms;
let temporal: TemporalServer;
let postgres: PostgresServer;
let worker: ChildProcess | undefined;
let env: NodeJS.ProcessEnv;
let client: RollcallClient | undefined;

/** What was left behind, gathered before and after everything was stopped. */
const left = { printed: '', refused: '', log: '', rows: '', histories: [] as Told[], files: Buffer.alloc(0), unstartable: '' };
let people: Sought;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-canary-'));
  try {
    await start();
    await aBadDay();
    await gather();
  } finally {
    await stop();
  }
}, 900_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(): Promise<void> {
  const rings = await ensureRings(join(folder, 'keys'));
  [entra, lms, temporal, postgres] = await Promise.all([
    startEntra({ population: { size: 40, seed: 5 }, clientSecret: secrets['the client secret'] }),
    startLms({ kind: 'lean', token: secrets['the target’s token'] }),
    startTemporal({ folder: join(folder, 'temporal'), own: true, headless: true, searchAttributes: searchAttributeDefinitions }),
    startPostgres({ folder: join(folder, 'postgres'), own: true }),
  ]);
  entra.setTokenLifetime(59_000); // so short that each run signs in anew
  gateway = await startEchoingLms(lms.baseUrl);
  env = {
    ...workerEnvironment({ temporal, postgres, rings, entra }),
    ROLLCALL_FOLDER: folder,
    ROLLCALL_LOG_LEVEL: 'trace',
    ROLLCALL_HEALTH_PORT: 'off',
  };
  await startWorker();
  client = await connectRollcall(env);
}

async function startWorker(): Promise<void> {
  const file = join(folder, 'worker.log');
  const log = openSync(file, 'a');
  const starts = () => readFileSync(file, 'utf8').split('"at work"').length;
  const before = starts();
  worker = spawn(process.execPath, [workerMain], { env, stdio: ['ignore', log, log] });
  for (const until = Date.now() + 300_000; starts() === before; await new Promise((resolve) => setTimeout(resolve, 50)))
    if (Date.now() > until || worker.exitCode !== null)
      throw new Error(`the worker does not come up: ${readFileSync(file, 'utf8').slice(-2_000)}`);
}

async function stop(): Promise<void> {
  const ended = worker?.exitCode === null && worker.signalCode === null ? once(worker, 'exit') : undefined;
  worker?.kill('SIGTERM');
  await ended;
  await client?.close();
  await Promise.all([gateway?.close(), entra?.close(), lms?.close(), temporal?.stop(), postgres?.stop()]);
  left.log = readFileSync(join(folder, 'worker.log'), 'utf8');
  left.files = Buffer.concat(filesIn(join(folder, 'temporal')).map((file) => readFileSync(file)));
}

const filesIn = (where: string): string[] =>
  readdirSync(where, { recursive: true, encoding: 'utf8' })
    .map((name) => join(where, name))
    .filter((file) => statSync(file).isFile());

/** One call of the command on the real engine; what it prints is kept. */
async function call(line: string, stdin = ''): Promise<number> {
  // One connection for all: Temporal's client tries again what was given up, and throws where its connection was closed meanwhile (client/rollcall.ts).
  const { exit, out, err } = await rollcall(line.split(' '), {
    env,
    connect: async () => ({ ...(client as RollcallClient), close: async () => undefined }),
    stdin,
  });
  left.printed += `${out}\n${err}\n`;
  if (exit !== 0) left.refused += `${err}\n`;
  return exit;
}

const echoing =
  (which: (method: string, path: string) => boolean, status: number, contentType = 'application/scim+json'): Echo =>
  (request, body) => {
    if (!which(request.method ?? '', request.url ?? '')) return undefined;
    const detail = everythingSent(request, body);
    const isHtml = contentType === 'text/html';
    return {
      status,
      contentType,
      body: isHtml ? `<html><pre>${detail}</pre></html>` : JSON.stringify({ status: String(status), detail, scimType: 'invalidValue' }),
    };
  };
const isWrite = (method: string) => method !== 'GET';

async function aBadDay(): Promise<void> {
  const { tenantId, clientId, groupId } = entra;
  const configuration = demoConfiguration({ tenantId, clientId, groupId, baseUrl: gateway.baseUrl });
  const connection = await Connection.connect(temporal.connectionOptions);
  // As the Temporal UI starts it: in the clear.
  await new Client({ connection, namespace: temporal.namespace }).workflow.start('customer', {
    workflowId: customerWorkflowId('acme'),
    taskQueue: 'rollcall',
    args: [{ customerId: 'acme', configuration }],
  });
  for (let tries = 0; (await call('customer show acme')) !== 0; tries += 1)
    if (tries > 200) throw new Error('the customer does not answer');

  // A secret where none belongs, by a client that encrypts and by one that doesn't.
  const clients = [createDataConverter((await ensureRings(join(folder, 'keys'))).payload), undefined];
  const pasted = secrets['a client secret pasted in the clear'];
  for (const dataConverter of clients) {
    const acme = new Client({ connection, namespace: temporal.namespace, dataConverter }).workflow.getHandle(customerWorkflowId('acme'));
    for (const argument of [
      { purpose: 'directory', sealed: pasted, by: 'Jo' },
      { purpose: pasted, sealed: 'x', by: 'Jo' },
      { secret: pasted, [pasted]: 1 },
      pasted,
    ])
      await expect(acme.executeUpdate('provideCredential', { args: [argument] })).rejects.toThrow();
    await expect(acme.executeUpdate('provideCredentials', { args: [{ sealed: pasted }] })).rejects.toThrow();
  }

  // Sign-in: a wrong secret, an expired one; then the right one.
  await call('credential set acme --for directory --secret-stdin', secrets['a wrong client secret']);
  await call('credential set acme --for target --secret-stdin', secrets['the target’s token']);
  await call('customer test-connection acme');
  await call('customer preview acme --wait');
  await call('credential set acme --for directory --secret-stdin', secrets['the client secret']);
  entra.controls.faults.add({ kind: 'secretExpired' });
  await call('customer preview acme --wait');
  entra.controls.faults.remove();

  // The target repeats what it was sent: to the connection test, then to one person after the other.
  for (const echo of [
    echoing(() => true, 401),
    echoing(() => true, 403, 'text/html'),
    echoing(() => true, 500),
    echoing((_method, path) => path.includes('/Users'), 400),
  ]) {
    gateway.echo(echo);
    await call('customer test-connection acme');
  }
  gateway.echo(undefined);
  expect(await call('customer test-connection acme')).toBe(0);
  expect(await call('customer preview acme --wait')).toBe(0);
  const preview = (await (client as RollcallClient).query('acme', 'status')).preview?.runId;
  expect(await call(`customer sign-off acme --run-id ${preview}`)).toBe(0);
  expect(await call('customer go-live acme')).toBe(0);
  let writes = 0;
  gateway.echo((request, body) =>
    isWrite(request.method ?? '') && (writes += 1) % 3 === 0 ? echoing(isWrite, writes % 2 ? 400 : 409)(request, body) : undefined,
  );
  await call('customer sync acme --wait');
  entra.churn({ percent: 30, seed: 3 });
  gateway.echo(echoing(isWrite, 400));
  await call('customer sync acme --wait');
  gateway.echo(echoing(isWrite, 401));
  await call('customer sync acme --wait');

  // A crash in the middle of the writes, and another worker that goes on.
  gateway.echo(undefined);
  lms.controls.latency.set({ write: 200 });
  const before = lms.journal().length;
  const running = call('customer sync acme --wait');
  while (lms.journal().length === before) await new Promise((resolve) => setTimeout(resolve, 5));
  const crashed = worker as ChildProcess;
  crashed.kill('SIGKILL');
  await once(crashed, 'exit');
  await startWorker();
  expect(await running).toBe(0);
  for (const what of [
    'customer show acme',
    'runs acme',
    'changes acme',
    'problems acme',
    'unlinked acme',
    'customer holds acme',
    'keys show',
    'doctor',
  ])
    await call(what);
  await call('--json customer show acme');
  await connection.close();
  left.unstartable = await outputsOfWorkersThatCannotStart();
}

/** Where the database is down, where its URL is none, where a ring of keys is none. */
async function outputsOfWorkersThatCannotStart(): Promise<string> {
  const canary = secrets['the database’s password'];
  const faulty: NodeJS.ProcessEnv[] = [
    { ROLLCALL_DATABASE_URL: `postgres://rollcall:${canary}@127.0.0.1:1/none` },
    { ROLLCALL_DATABASE_URL: `postgres//${canary}` },
    { ROLLCALL_SEALING_KEYS_FILE: '', ROLLCALL_SEALING_KEYS: `{"keys":[{"kty":"EC","kid":"k","d":"${canary}"}]}` },
    { ROLLCALL_PAYLOAD_KEYS_FILE: '', ROLLCALL_PAYLOAD_KEYS: `{${canary}` },
  ];
  const outputs = await Promise.all(
    faulty.map(async (wrong) => {
      const child = spawn(process.execPath, [workerMain], { env: { ...env, ...wrong } });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number];
      return `${code}: ${output}`;
    }),
  );
  return outputs.join('\n');
}

async function gather(): Promise<void> {
  const { payload } = await ensureRings(join(folder, 'keys'));
  const connection = await Connection.connect(temporal.connectionOptions);
  left.histories = await everyHistory(new Client({ connection, namespace: temporal.namespace }), createPayloadCodec(payload));
  await connection.close();
  const database = openDatabase(postgres.url);
  const tables = await database.rows<{ name: string }>(`select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`);
  for (const { name } of tables)
    for (const { text } of await database.rows<{ text: string }>(`select t::text as text from ${name} t`)) left.rows += `${name} ${text}\n`;
  await database.close();
  people = Object.fromEntries(
    [...everybody(entra.tenant)].flatMap(({ id, userPrincipalName, mail, displayName }) =>
      Object.entries({ userPrincipalName, mail, displayName }).flatMap(([name, value]) =>
        typeof value === 'string' && value.trim().length > 6 ? [[`${name} of ${String(id)}`, value.trim()]] : [],
      ),
    ),
  );
}

describe('no secret', () => {
  test('is in any event of any history, as the server keeps it or as whoever has the keys reads it', () => {
    expect(left.histories.length).toBeGreaterThan(8);
    expect(
      left.histories.flatMap(({ raw, decoded, listing }) => [raw, decoded, listing].flatMap((bytes) => tracesOf(secrets, bytes))),
    ).toEqual([]);
  });

  test('is in what the worker logs, from trace up', () => {
    expect(/"level":"debug"/.test(left.log)).toBe(true);
    expect(tracesOf(secrets, left.log)).toEqual([]);
  });

  test('is in any column of the store', () => {
    expect(left.rows.includes('credential (')).toBe(true);
    expect(tracesOf(secrets, left.rows)).toEqual([]);
  });

  test('is in what the command prints', () => {
    const said = ['AADSTS7000215', 'AADSTS7000222', 'The LMS did not accept our credential'];
    expect(said.filter((words) => !left.printed.includes(words))).toEqual([]);
    expect(tracesOf(secrets, left.printed)).toEqual([]);
  });

  test('is in the engine’s files', () => {
    expect(left.files.includes('customer/acme')).toBe(true);
    expect(tracesOf(secrets, left.files)).toEqual([]);
  });

  test('is said by a worker that can’t start', () => {
    expect(left.unstartable.match(/^1: .+/gm)).toHaveLength(4);
    expect(tracesOf(secrets, left.unstartable)).toEqual([]);
  });
});

describe('nobody’s name or address', () => {
  test('is in a workflow’s id, search attributes, or any history as the server keeps it', () => {
    expect(left.histories.flatMap(({ raw, listing }) => [raw, listing].flatMap((bytes) => tracesOf(people, bytes)))).toEqual([]);
    // While whoever has the keys reads them there.
    expect(left.histories.flatMap(({ decoded }) => tracesOf(people, decoded)).length).toBeGreaterThan(10);
  });

  test('is in the engine’s files', () => {
    expect(tracesOf(people, left.files)).toEqual([]);
  });

  test('is in what the worker logs, from info up', () => {
    const lines = left.log.split('\n').filter((line) => !/"level":"(?:trace|debug)"/.test(line));
    expect(lines.length).toBeGreaterThan(3);
    expect(tracesOf(people, lines.join('\n'))).toEqual([]);
  });

  test('is in what the command says when it refuses', () => {
    expect(left.refused).not.toBe('');
    expect(tracesOf(people, left.refused)).toEqual([]);
  });
});

test('the search finds what it looks for in every form', () => {
  const sought = { it: secrets['the client secret'] };
  const forms = ['', 'a', 'ab'].map((before) => Buffer.from(`${before}${sought.it}tail`));
  const hidden = [
    ...forms.flatMap((bytes) => [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')]),
    encodeURIComponent(sought.it),
    new URLSearchParams({ secret: sought.it }).toString(),
    JSON.stringify({ secret: sought.it }),
    `x${sought.it}y`,
  ];
  expect(hidden.filter((text) => tracesOf(sought, `before ${text} behind`).length === 0)).toEqual([]);
});
