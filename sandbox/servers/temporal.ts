import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from '@temporalio/client';
import { stopServer } from './child-server';
import { exclusively } from './exclusively';
import { lives, pidOf } from './process-identity';
import { sayOnStderr, type Say } from './say';
import { registerSearchAttributes, type SearchAttributeDefinitions } from './search-attributes';
import { belongsToAnother, ourselves, readRecord, writeRecord, type ServerRecord } from './server-record';
import { addressInEnvironment } from './temporal-address';
import { answers, withConnection } from './temporal-connection';
import { launchDevServer } from './temporal-dev-server';
import { temporalExecutable } from './temporal-executable';

export interface TemporalOptions {
  /** Where data, log and record lie; made if absent. Without one everything is in memory and gone at the end. */
  folder?: string;
  /** Ports on 127.0.0.1. Without: those of the last start in this folder if they are free, else free ones. */
  port?: number;
  uiPort?: number;
  /** No Web UI. */
  headless?: boolean;
  /** Where the Web UI sends payloads to be decoded, e.g. `http://127.0.0.1:8081`. */
  codecEndpoint?: string;
  /** Default: `default`. Made at the start. */
  namespace?: string;
  /** Registered before this returns, on a server from the environment too. */
  searchAttributes?: SearchAttributeDefinitions;
  /** Never a server that the environment names: for tests that kill it. */
  own?: boolean;
  env?: NodeJS.ProcessEnv;
  /** Default: a line on stderr. */
  say?: Say;
}

export interface TemporalServer {
  /** host:port */
  address: string;
  namespace: string;
  /** For `Connection.connect` and `NativeConnection.connect`: address, and what a server from the environment needs besides. */
  connectionOptions: Pick<ConnectionOptions, 'address' | 'apiKey' | 'tls' | 'metadata'>;
  /** Only of a server of ours. */
  uiUrl?: string;
  pid?: number;
  /** Stops it if this call started it (or took it over from a process that died); else does nothing. */
  stop(): Promise<void>;
}

/** Finds a Temporal server, or starts the dev server: an address in the environment → PATH → cache → download → build (docs/servers.md). */
export async function startTemporal(options: TemporalOptions = {}): Promise<TemporalServer> {
  const { env = process.env, say = sayOnStderr } = options;
  const outside = options.own ? undefined : addressInEnvironment(env);
  const server = outside ? await useOutside(outside, say) : await startOurs(options, env, say);
  try {
    if (options.searchAttributes) await register(server, options.searchAttributes);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function register(server: TemporalServer, definitions: SearchAttributeDefinitions): Promise<void> {
  return withConnection(server.connectionOptions, (connection) => registerSearchAttributes(connection, server.namespace, definitions));
}

async function useOutside(outside: Omit<TemporalServer, 'stop'>, say: Say): Promise<TemporalServer> {
  const problem = await answers(outside.connectionOptions, outside.namespace, 5_000);
  if (problem) {
    throw new Error(
      `The Temporal server that the environment names, ${outside.address} (namespace ${outside.namespace}), does not answer: ${problem}. ` +
        'Start it or mend TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE or the profile in temporal.toml; or unset them, and Rollcall starts a server of its own.',
    );
  }
  say(`Temporal server: ${outside.address}, namespace ${outside.namespace}, from the environment`);
  return { ...outside, stop: async () => undefined };
}

async function startOurs(options: TemporalOptions, env: NodeJS.ProcessEnv, say: Say): Promise<TemporalServer> {
  const before = options.own ? [] : [{ way: 'address in the environment', because: 'neither TEMPORAL_ADDRESS nor a profile names one' }];
  const executable = await temporalExecutable({ env, say, before });
  const inMemory = options.folder === undefined;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'rollcall-temporal-'));
  const clear = () => inMemory && rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return exclusively(join(folder, 'lock'), say, async () => {
    const recordFile = join(folder, 'server.json');
    const last = readRecord(recordFile);
    const survivor = last && (await survivorFor(last, options, say));
    if (survivor && belongsToAnother(survivor)) return handle(survivor, options, async () => undefined);
    // The record is written between spawning and waiting: killed meanwhile, the next start still finds the server.
    const record =
      survivor ??
      (await launchDevServer({ executable, folder, inMemory, options, last, say, started: (it) => writeRecord(recordFile, it) }));
    if (survivor) writeRecord(recordFile, { ...survivor, owner: ourselves() });
    return handle(record, options, async () => {
      await stopServer(record.server, 'SIGTERM');
      clear();
    });
  }).catch((error: unknown) => {
    clear();
    throw error;
  });
}

/** The server that an earlier process left running in this folder, if it is what is wanted now; otherwise it is stopped. */
async function survivorFor(last: ServerRecord, options: TemporalOptions, say: Say): Promise<ServerRecord | undefined> {
  if (!lives(last.server)) return undefined;
  const fits =
    (options.port ?? last.port) === last.port &&
    (options.headless ? last.uiPort === undefined : last.uiPort !== undefined && (options.uiPort ?? last.uiPort) === last.uiPort) &&
    options.codecEndpoint === last.codecEndpoint;
  const problem = fits
    ? await answers({ address: `127.0.0.1:${last.port}` }, options.namespace ?? 'default', 5_000)
    : 'other ports or another codec endpoint are wanted';
  const named = `the Temporal server ${pidOf(last.server)} on port ${last.port}`;
  if (problem === undefined) {
    say(`Temporal server: using ${named}, which is running in this folder already`);
    return last;
  }
  if (belongsToAnother(last)) {
    throw new Error(
      `${named} belongs to process ${pidOf(last.owner)}, which is still running, and can't be shared: ${problem}. Stop that process, or use another folder.`,
    );
  }
  say(`Temporal server: replacing ${named}, left by a process that was killed (${problem})`);
  await stopServer(last.server, 'SIGTERM');
  return undefined;
}

function handle(record: ServerRecord, options: TemporalOptions, stop: () => Promise<void>): TemporalServer {
  const address = `127.0.0.1:${record.port}`;
  return {
    address,
    namespace: options.namespace ?? 'default',
    connectionOptions: { address },
    uiUrl: record.uiPort === undefined ? undefined : `http://127.0.0.1:${record.uiPort}`,
    pid: pidOf(record.server),
    stop,
  };
}
