import { setFlagsFromString } from 'node:v8';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { Client, Connection } from '@temporalio/client';
import { createCredentials } from '../adapters/credentials/credentials';
import { endpointsOf } from '../adapters/directory/clouds';
import { registerSearchAttributes, requireSearchAttributes } from '../adapters/engine/register-search-attributes';
import { createTemporalEngine } from '../adapters/engine/temporal-engine';
import { createDataConverter } from '../adapters/payloads/data-converter';
import { openDatabase } from '../adapters/store/database';
import { migrate } from '../adapters/store/migrate';
import { createEgressPolicy } from '../adapters/target/egress';
import type { Cloud } from '../domain/configuration/configuration';
import { readEnvironment, type Environment } from './environment';
import { startHealthServer, workerPolls } from './health';
import { hostAndPort } from './host-and-port';
import { createLogger, temporalLogger } from './logger';
import { createMetrics } from './metrics';
import { createOutside } from './outside';
import { createStores } from './stores';
import { createRollcallWorker } from './worker';

/** Everything that the worker opens, closed in the opposite order; what can't be closed doesn't keep the rest from it. */
class Opened {
  private readonly closing: (() => Promise<unknown>)[] = [];

  add<Thing>(thing: Thing, close: (thing: Thing) => Promise<unknown>): Thing {
    this.closing.unshift(() => close(thing));
    return thing;
  }

  async close(onError: (error: unknown) => void): Promise<void> {
    for (const close of this.closing) await close().catch(onError);
  }
}

// V8 lets the heap grow fourfold before it tidies up where nothing presses it; twofold costs a few percent more of time and a quarter less memory.
setFlagsFromString('--heap-growing-percent=100');

async function main(): Promise<void> {
  const environment = readEnvironment();
  const logger = createLogger(environment.log);
  const bridge = temporalLogger(logger);
  const { bind, metricsPort, temporal } = environment;
  Runtime.install({
    logger: bridge,
    ...(metricsPort !== undefined && {
      telemetryOptions: { metrics: { prometheus: { bindAddress: hostAndPort(bind, metricsPort) } } },
    }),
  });
  for (const name of environment.unknown) logger.warn({ variable: name }, 'a variable of the environment that means nothing here');

  const opened = new Opened();
  try {
    const database = opened.add(openDatabase(environment.databaseUrl), (it) => it.close());
    const migrated = await migrate(database);
    if (migrated.length > 0) logger.info({ migrations: migrated }, 'the database was brought up to date');

    const dataConverter = createDataConverter(environment.payloadRing);
    const connection = opened.add(await Connection.connect(temporal.connectionOptions), (it) => it.close());
    const native = opened.add(await NativeConnection.connect(temporal.connectionOptions), (it) => it.close());
    const { namespace } = temporal;
    await registerSearchAttributes(connection, namespace).then(
      (names) => names.length > 0 && logger.info({ names }, 'search attributes were registered'),
      (error: unknown) => logger.error({ error }, 'search attributes are missing: no customer can be added'),
    );
    const client = new Client({ connection, namespace, dataConverter });
    const shared = {
      ...createStores(database),
      engine: createTemporalEngine(client),
      credentials: createCredentials(environment.sealingRing),
      now: Date.now,
    };
    const metrics = opened.add(createMetrics(Runtime.instance().metricMeter), async (it) => it.close());
    const outside = createOutside({
      ...shared,
      onRequest: metrics.requested,
      endpoints: endpointsFrom(environment),
      egress: createEgressPolicy(environment.targetHosts),
    });
    const worker = await createRollcallWorker({
      connection: native,
      namespace,
      dataConverter,
      dependencies: { ...shared, ...outside, onRunClosed: metrics.runClosed },
      roles: environment.roles,
      maxCachedWorkflows: environment.maxCachedWorkflows,
    });
    if (environment.healthPort !== undefined) {
      const health = await startHealthServer({
        port: environment.healthPort,
        host: bind,
        checks: {
          database: async () => void (await database.rows('select 1')),
          // A health check would be answered by whatever listens; this, only by a server that serves our namespace.
          temporal: async () => void (await connection.workflowService.describeNamespace({ namespace })),
          searchAttributes: () => requireSearchAttributes(connection, namespace),
          worker: workerPolls(worker),
        },
      });
      opened.add(health, (it) => it.close());
      logger.info({ url: health.url }, 'health');
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        logger.info({ signal }, 'handing over: steps under way store their results and go on elsewhere');
        worker.shutdown();
      });
    }
    logger.info({ roles: environment.roles, namespace }, 'at work');
    await worker.run();
  } finally {
    await opened.close((error) => logger.error({ error }, 'could not be closed'));
    bridge.close();
  }
}

/** Other endpoints than Microsoft's come from the environment alone. */
function endpointsFrom({ directory: { authority, graph, caPem } }: Environment) {
  if (!authority && !graph && !caPem) return undefined;
  return (cloud: Cloud) => ({ ...endpointsOf[cloud], ...(authority && { authority }), ...(graph && { graph }), ...(caPem && { caPem }) });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
