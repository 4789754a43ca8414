import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Dependencies } from '../../../activities/dependencies';
import { createCredentials } from '../../../adapters/credentials/credentials';
import { generateSealingRing } from '../../../adapters/credentials/sealing-ring';
import { seal } from '../../../adapters/credentials/sealing';
import { searchAttributeDefinitions } from '../../../adapters/engine/search-attributes';
import { createTemporalEngine } from '../../../adapters/engine/temporal-engine';
import { createDataConverter } from '../../../adapters/payloads/data-converter';
import { generatePayloadRing, serializePayloadRing } from '../../../adapters/payloads/payload-ring';
import { openDatabase } from '../../../adapters/store/database';
import { migrate } from '../../../adapters/store/migrate';
import { createEgressPolicy } from '../../../adapters/target/egress';
import type { AnswerOf, ArgumentOf, UpdateName } from '../../../domain/customer/messages';
import type { CustomerStatus } from '../../../domain/customer/status';
import { Failure } from '../../../domain/failure';
import type { LookUpPage, LookUpWhat } from '../../../domain/look-up/rows';
import type { RunReport } from '../../../domain/run/run';
import { nextRunAt } from '../../../domain/customer/cadence';
import { customerWorkflowId, taskQueue } from '../../../domain/workflow-ids';
import { createDatabase, startPostgres, startTemporal } from '../../../sandbox/servers';
import { freePort } from '../../../sandbox/servers/free-port';
import type { startEntra } from '../../../sandbox/entra/entra';
import type { startLms } from '../../../sandbox/lms/lms';
import { startCodecServer } from '../../../workers/codec-server';
import { createOutside } from '../../../workers/outside';
import { createStores } from '../../../workers/stores';
import { createRollcallWorker } from '../../../workers/worker';

export type Entra = Awaited<ReturnType<typeof startEntra>>;
export type Lms = Awaited<ReturnType<typeof startLms>>;

/** Temporal, PostgreSQL and a worker in this process: what stays the same whatever customers there are. `ui`: with Temporal's Web UI and the codec server. */
export async function startWorld({ ui = false } = {}) {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-world-'));
  const ringOfPayloads = generatePayloadRing();
  const uiPort = await freePort();
  const codec = ui ? await startCodecServer({ ring: ringOfPayloads, port: 0, origins: [`http://127.0.0.1:${uiPort}`] }) : undefined;
  const [temporal, postgres] = await Promise.all([
    startTemporal({
      own: true,
      ...(codec ? { uiPort, codecEndpoint: codec.url } : { headless: true }),
      searchAttributes: searchAttributeDefinitions,
    }),
    startPostgres({ folder, own: true }),
  ]);
  const database = openDatabase(await createDatabase(postgres.url, 'world'));
  await migrate(database);
  const dataConverter = createDataConverter(ringOfPayloads);
  const connection = await Connection.connect(temporal.connectionOptions);
  const client = new Client({ connection, namespace: temporal.namespace, dataConverter });
  const native = await NativeConnection.connect({ address: temporal.address });
  const ring = await generateSealingRing();
  const credentials = createCredentials(ring);
  const lostOf = new Map<string, number>();
  const stores = losing(createStores(database), lostOf);
  const engine = createTemporalEngine(client);
  const entras = new Map<string, Entra>();
  const loopback = createEgressPolicy('127.0.0.1');
  const base = { ...stores, engine, credentials, now: Date.now };
  const dependencies: Dependencies = {
    ...base,
    // Each customer of these tests has a tenant of its own on loopback.
    directoryOf: (customer) => outsideOf(customer.configuration.directory.tenantId).directoryOf(customer),
    targetOf: (customer) => outsideOf(customer.configuration.directory.tenantId).targetOf(customer),
    targetFault: createOutside({ ...base, egress: loopback }).targetFault,
  };
  const outsides = new Map<string, ReturnType<typeof createOutside>>();
  const outsideOf = (tenantId: string) => {
    const entra = entras.get(tenantId);
    if (!entra) throw new Error('no such tenant');
    const known =
      outsides.get(tenantId) ??
      createOutside({
        ...base,
        endpoints: () => ({ authority: entra.origin, graph: entra.origin, caPem: entra.ca }),
        egress: loopback,
      });
    outsides.set(tenantId, known);
    return known;
  };
  const worker = await createRollcallWorker({
    connection: native,
    namespace: temporal.namespace,
    dataConverter,
    dependencies,
    roles: ['workflows', 'sync'],
    workflowBundle: join(__dirname, '../../../dist/workflow-bundle.js'),
  });
  const running = worker.run();

  return {
    client,
    database,
    engine,
    uiUrl: temporal.uiUrl,
    /** For a client in a process of its own. */
    env: {
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      ROLLCALL_PAYLOAD_KEYS: serializePayloadRing(ringOfPayloads),
    },
    addTenant: (entra: Entra) => {
      entras.set(entra.tenantId, entra);
      outsides.delete(entra.tenantId); // another tenant of the same seed has the same id
    },
    /** From now on the results of this customer's writes don't reach the store, until `end`. */
    loseResults: (customerId: string) => {
      lostOf.set(customerId, 0);
      return { lost: () => lostOf.get(customerId) ?? 0, end: () => void lostOf.delete(customerId) };
    },
    key: await credentials.sealingKey(),
    async close() {
      worker.shutdown();
      await running;
      await native.close();
      await connection.close();
      await database.close();
      await Promise.all([temporal.stop(), postgres.stop(), codec?.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
/** Stores that refuse the results of whoever is in the map, and count there how often. */
function losing(stores: ReturnType<typeof createStores>, lostOf: Map<string, number>): ReturnType<typeof createStores> {
  const { changes } = stores;
  const storeResults: typeof changes.storeResults = async (writer, stage, results, sentUntil) => {
    const lost = results.length > 0 ? lostOf.get(writer.customerId) : undefined;
    if (lost === undefined) return changes.storeResults(writer, stage, results, sentUntil);
    lostOf.set(writer.customerId, lost + 1);
    throw new Failure('StoreUnavailable');
  };
  return { ...stores, changes: { ...changes, storeResults } };
}
export type World = Awaited<ReturnType<typeof startWorld>>;

/** A cadence whose next turn is at least an hour off: a run that its Schedule starts in the middle of a test is none that the test asked for. */
function quietCadence(customerId: string): number {
  const isQuiet = (everyMinutes: number) => Date.parse(nextRunAt(customerId, everyMinutes, Date.now())) - Date.now() > 3_600_000;
  for (let everyMinutes = 1440; everyMinutes > 1400; everyMinutes -= 1) if (isQuiet(everyMinutes)) return everyMinutes;
  throw new Error(`every cadence has a turn of ${customerId} within the hour`);
}

/** A customer as operators meet it: by updates, queries and look-ups, and nothing else. */
export async function addCustomer(world: World, customerId: string, entra: Entra, lms: Lms, changes: object = {}) {
  const { client, key } = world;
  world.addTenant(entra);
  const configuration = {
    name: 'Northwind',
    directory: { tenantId: entra.tenantId, clientId: entra.clientId, groupId: entra.groupId },
    target: { type: 'scim', baseUrl: lms.baseUrl, concurrency: 16 },
    userName: 'userPrincipalName',
    fields: {
      givenName: 'givenName',
      familyName: 'surname',
      displayName: 'displayName',
      email: 'mail',
      title: 'jobTitle',
      department: 'department',
    },
    customFields: { location: 'officeLocation', managerEmail: 'manager.mail' },
    protectedAccounts: [] as string[],
    ...changes,
    cadence: { everyMinutes: quietCadence(customerId) },
  };
  const handle = await client.workflow.start('customer', {
    workflowId: customerWorkflowId(customerId),
    taskQueue,
    args: [{ customerId, configuration }],
  });
  await untilReady(() => handle.query('status', {}));
  const update = <Name extends UpdateName>(name: Name, argument: ArgumentOf<Name>): Promise<AnswerOf<Name>> =>
    handle.executeUpdate(name, { args: [argument] });
  const finished = async (workflowId: string, runId: string): Promise<RunReport> => {
    try {
      return (await client.workflow.getHandle(workflowId, runId).result()) as RunReport;
    } catch {
      const { rows } = {
        rows: await world.database.rows<{ report: RunReport }>('select report from run where customer_id = $1 and run_id = $2', [
          customerId,
          runId,
        ]),
      };
      if (!rows[0]?.report) throw new Error(`run ${runId} left no report`);
      return rows[0].report;
    }
  };
  const credential = async (purpose: 'directory' | 'target', value: string, at: Lms = lms) => {
    const audience = purpose === 'directory' ? `entra:${entra.tenantId}/${entra.clientId}` : new URL(at.baseUrl).origin;
    return update('provideCredential', { purpose, by: 'test', sealed: await seal(value, key.jwk, { customerId, purpose, audience }) });
  };
  return {
    customerId,
    configuration,
    handle,
    update,
    credential,
    status: () => handle.query<CustomerStatus, [object]>('status', {}),
    lookUp: async <What extends LookUpWhat>(what: What, rest: object = {}): Promise<LookUpPage<What>> =>
      (await client.workflow.execute('lookUp', {
        workflowId: `look-up/${customerId}-${what}-${Math.random()}`,
        taskQueue,
        args: [{ customerId, what, ...rest }],
      })) as LookUpPage<What>,
    async preview(): Promise<RunReport> {
      const { run } = await update('requestPreview', { by: 'test' });
      return finished(run.workflowId, run.runId);
    },
    async sync(): Promise<RunReport> {
      const { run } = await update('syncNow', { by: 'test' });
      return finished(run.workflowId, run.runId);
    },
    /** Through the whole checklist. */
    async goLive(): Promise<void> {
      await credential('directory', entra.clientSecret);
      await credential('target', lms.token);
      await update('testConnection', {});
      const preview = await this.preview();
      if (preview.outcome !== 'succeeded') throw new Error(`preview: ${JSON.stringify(preview)}`);
      await untilTold(preview.runId, () => this.status());
      await update('signOffPreview', { runId: preview.runId, by: 'test' });
      await update('goLive', { by: 'test' });
    },
  };
}

/** The run's word to the customer's workflow is a signal: it is there a moment after the run's end. */
export async function untilTold(runId: string, status: () => Promise<CustomerStatus>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (JSON.stringify(await status()).includes(runId)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the customer was not told of ${runId}`);
}

/** A moment after its start a customer's configuration is checked and it answers. */
async function untilReady(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    try {
      if (await ask()) return;
    } catch (error) {
      if (tries > 390) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the customer does not answer');
}
