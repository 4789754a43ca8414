import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureRings } from '../../adapters/credentials/ensure-rings';
import { searchAttributeDefinitions } from '../../adapters/engine/search-attributes';
import { startCodecServer } from '../../workers/codec-server';
import { startEntra, type Entra } from '../entra/entra';
import { startLms, type Lms } from '../lms/lms';
import { handMadeAccounts } from '../people/hand-made';
import { populate } from '../people/population';
import { startPostgres, startTemporal } from '../servers';
import { freePort, freePortLike } from '../servers/free-port';

/** All that `npm start` runs: engine, database, sandbox and worker, kept in one folder. */
export interface Demo {
  entra: Entra;
  lms: Lms;
  uiUrl?: string;
  /** For the client: where the engine is and which keys it reads with. */
  env: NodeJS.ProcessEnv;
  /** Ends with an error when the worker dies. */
  worker: Promise<never>;
  stop(): Promise<void>;
}

/** What must be the same at the next start: addresses that stand in the customer's configuration, and the tokens that were sealed. */
interface Kept {
  lmsPort: number;
  lmsToken: string;
  entraPort: number;
}

const size = 1_200;
const seed = 1;

export async function startServers(folder: string, say: (line: string) => void): Promise<Demo> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close().catch((error: unknown) => say(`could not be stopped: ${String(error)}`));
  };
  try {
    const kept = await keptIn(folder);
    const rings = await ensureRings(join(folder, 'keys'));
    const [uiPort, codecPort] = [await freePortLike(8233), await freePortLike(8081)];
    const codec = await startCodecServer({
      ring: rings.payload,
      port: codecPort,
      origins: [`http://127.0.0.1:${uiPort}`, `http://localhost:${uiPort}`],
    });
    closing.push(() => codec.close());
    const temporal = await startTemporal({
      folder: join(folder, 'temporal'),
      uiPort,
      codecEndpoint: codec.url,
      searchAttributes: searchAttributeDefinitions,
      say,
    });
    closing.push(() => temporal.stop());
    const postgres = await startPostgres({ folder: join(folder, 'postgres'), say });
    closing.push(() => postgres.stop());
    const entra = await startEntra({ population: { size, seed }, port: kept.entraPort, keepIn: join(folder, 'entra') });
    closing.push(() => entra.close());
    const lms = await startLms({ kind: 'scimmy', port: kept.lmsPort, token: kept.lmsToken, folder: join(folder, 'lms') });
    closing.push(() => lms.close());
    if (lms.accounts().length === 0) {
      const byHand = handMadeAccounts(populate({ size, seed }), seed, { ambiguous: 0 });
      lms.addAccounts([
        { userName: 'lms.administrator', active: true },
        ...byHand.map(({ userName, displayName, active, email }) => ({
          userName,
          displayName,
          active,
          emails: [{ value: email, type: 'work' }],
        })),
      ]);
    }
    const healthPort = await freePortLike(9463);
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      ROLLCALL_FOLDER: folder,
      ROLLCALL_DATABASE_URL: postgres.url,
      ROLLCALL_SEALING_KEYS_FILE: rings.files.sealing,
      ROLLCALL_PAYLOAD_KEYS_FILE: rings.files.payload,
      ROLLCALL_ENTRA_AUTHORITY: entra.origin,
      ROLLCALL_GRAPH_ORIGIN: entra.origin,
      ROLLCALL_ENTRA_CA_FILE: entra.caPath,
      ROLLCALL_TARGET_HOSTS: '127.0.0.1',
      ROLLCALL_HEALTH_PORT: String(healthPort),
      ROLLCALL_METRICS_PORT: 'off',
    };
    const worker = startWorker(folder, env);
    closing.push(() => stopChild(worker));
    writeFileSync(
      join(folder, 'state.json'),
      JSON.stringify({
        temporal: { address: temporal.address, namespace: temporal.namespace, ui: temporal.uiUrl },
        codec: codec.url,
        worker: `http://127.0.0.1:${healthPort}`,
        sandbox: { entraAdmin: entra.adminOrigin, lmsAdmin: lms.adminOrigin },
      }),
    );
    return { entra, lms, uiUrl: temporal.uiUrl, env, stop, worker: deathOf(worker, join(folder, 'worker.log')) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function keptIn(folder: string): Promise<Kept> {
  const file = join(folder, 'kept.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const kept = { lmsPort: await freePort(), entraPort: await freePort(), lmsToken: `lms-${crypto.randomUUID()}` };
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
  return kept;
}

/** The worker is a process of its own, as in production; what it logs goes to a file. */
function startWorker(folder: string, env: NodeJS.ProcessEnv): ChildProcess {
  const log = openSync(join(folder, 'worker.log'), 'a');
  return spawn(process.execPath, [join(__dirname, '..', '..', 'workers', 'main.js')], { env, stdio: ['ignore', log, log] });
}

function deathOf(child: ChildProcess, log: string): Promise<never> {
  const death = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the worker ended (${signal ?? code}); its last words stand in ${log}`)));
  });
  death.catch(() => undefined); // whoever waits for something else at the moment hears of it there
  return death;
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
