import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { NativeConnection, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import { createDataConverter, failureConverterPath } from '../../../adapters/payloads/data-converter';
import { createPayloadCodec } from '../../../adapters/payloads/payload-codec';
import { generatePayloadRing } from '../../../adapters/payloads/payload-ring';
import { startTemporal, type TemporalServer } from '../../../sandbox/servers/temporal';
import { startCodecServer, type CodecServer } from '../../../workers/codec-server';

jest.setTimeout(180_000);

const ring = generatePayloadRing();
const name = 'Zoë Canary';
let server: TemporalServer;
let connection: Connection;
let native: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let client: Client;
let codecServer: CodecServer;

beforeAll(async () => {
  Runtime.install({ logger: quiet() });
  server = await startTemporal({ own: true, headless: true, say: () => undefined });
  connection = await Connection.connect(server.connectionOptions);
  native = await NativeConnection.connect({ address: server.address });
  const dataConverter = createDataConverter(ring);
  client = new Client({ connection, namespace: server.namespace, dataConverter });
  worker = await Worker.create({
    connection: native,
    namespace: server.namespace,
    taskQueue: 'greetings',
    dataConverter,
    workflowBundle: await bundleWorkflowCode({ workflowsPath: require.resolve('./workflows'), failureConverterPath, logger: quiet() }),
    activities: {
      refuse: async (who: string) => {
        throw new Error(`The LMS knows no ${who}`);
      },
    },
  });
  running = worker.run();
  codecServer = await startCodecServer({ ring, port: 0, origins: ['http://127.0.0.1:8080'] });
});

afterAll(async () => {
  await codecServer?.close();
  worker?.shutdown();
  await running;
  await native?.close();
  await connection?.close();
  await server?.stop();
});

/** Every byte that the server keeps of it. */
async function historyOf(workflowId: string): Promise<string> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  return Buffer.from(temporal.api.history.v1.History.encode(history).finish()).toString('latin1');
}

it('a workflow’s arguments, results, summaries and details are nowhere in the clear on the server', async () => {
  const answer = await client.workflow.execute('greet', {
    taskQueue: 'greetings',
    workflowId: 'greeted',
    args: [{ name }],
    staticSummary: `About ${name}`,
  });
  expect(answer).toBe(`Hello, ${name}`);
  const history = await historyOf('greeted');
  expect(history).toContain('binary/encrypted');
  expect(history).not.toContain('Canary');
});

it.each(['activity', 'workflow'] as const)('a failure of a %s keeps its words for those who have the key', async (fails) => {
  const failed: unknown = await client.workflow
    .execute('greet', { taskQueue: 'greetings', workflowId: `failed-${fails}`, args: [{ name, fails }] })
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(WorkflowFailedError);
  const words = chain(failed).map(({ message }) => message);
  expect(words.join('\n')).toContain(name);
  expect(await historyOf(`failed-${fails}`)).not.toContain('Canary');
});

it('what was started in the clear, as from the Temporal UI, is answered encrypted', async () => {
  const plain = new Client({ connection, namespace: server.namespace });
  await plain.workflow.start('greet', { taskQueue: 'greetings', workflowId: 'from-ui', args: [{ name: 'Jo' }] });
  expect(await client.workflow.result('from-ui')).toBe('Hello, Jo');
  await expect(plain.workflow.result('from-ui')).rejects.toThrow(/encrypted/);
});

it('a client whose ring lacks the key says which key it needs', async () => {
  const stranger = new Client({ connection, namespace: server.namespace, dataConverter: createDataConverter(generatePayloadRing()) });
  await expect(stranger.workflow.result('greeted')).rejects.toThrow(new RegExp(`${ring.keys[0].kid}.*ROLLCALL_PAYLOAD_KEYS`));
});

it('the codec server decodes for the UI what stands in a history, and encodes what is sent from there', async () => {
  const history = await client.workflow.getHandle('greeted').fetchHistory();
  const [payload] = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const wire = { metadata: mapValues(payload?.metadata ?? {}), data: Buffer.from(payload?.data ?? []).toString('base64') };
  const decoded = await post('/decode', [wire]);
  expect(JSON.parse(Buffer.from(decoded[0]?.data ?? '', 'base64').toString())).toEqual({ name });
  const encoded = await post('/encode', decoded);
  expect(Buffer.from(encoded[0]?.metadata.encoding ?? '', 'base64').toString()).toBe('binary/encrypted');
  const [again] = await createPayloadCodec(ring).decode(
    encoded.map(({ metadata, data }) => ({ metadata: mapValues(metadata, 'base64'), data: Buffer.from(data, 'base64') })),
  );
  expect(JSON.parse(Buffer.from(again?.data ?? []).toString())).toEqual({ name });
});

interface Wire {
  metadata: Record<string, string>;
  data: string;
}

async function post(path: string, payloads: Wire[]): Promise<Wire[]> {
  const answer = await fetch(`${codecServer.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': server.namespace, origin: 'http://127.0.0.1:8080' },
    body: JSON.stringify({ payloads }),
  });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { payloads: Wire[] }).payloads;
}

function mapValues(metadata: Record<string, Uint8Array>): Record<string, string>;
function mapValues(metadata: Record<string, string>, from: 'base64'): Record<string, Uint8Array>;
function mapValues(metadata: Record<string, Uint8Array | string>, from?: 'base64'): Record<string, Uint8Array | string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      key,
      from ? Buffer.from(value as string, from) : Buffer.from(value as Uint8Array).toString('base64'),
    ]),
  );
}

function chain(error: unknown): Error[] {
  return error instanceof Error ? [error, ...chain(error.cause)] : [];
}

function quiet() {
  const nothing = () => undefined;
  return { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
}
