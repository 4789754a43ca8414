import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import type { Closing } from './closing';
import { workerEnvironment } from './worker-environment';
import { startWorker, type WorkerProcess } from './worker-process';

/** All that `npm start` runs: engine, database, sandbox and worker, kept in one folder. */
export interface Demo {
  entra: Entra;
  lms: Lms;
  uiUrl?: string;
  /** Prometheus metrics of the worker. */
  metricsUrl: string;
  /** For the client: where the engine is and which keys it reads with. */
  env: NodeJS.ProcessEnv;
  worker: WorkerProcess;
}

/** What must be the same at the next start: addresses that stand in the customer's configuration, and the tokens that were sealed. */
interface Kept {
  lmsPort: number;
  lmsToken: string;
  entraPort: number;
}

const size = 1_200;
const seed = 1;

export async function startServers(folder: string, say: (line: string) => void, closing: Closing): Promise<Demo> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept = await keptIn(folder);
  const rings = await ensureRings(join(folder, 'keys'));
  const [uiPort, codecPort] = [await freePortLike(8233), await freePortLike(8081)];
  const origins = [`http://127.0.0.1:${uiPort}`, `http://localhost:${uiPort}`];
  const codec = await closing.add(await startCodecServer({ ring: rings.payload, port: codecPort, origins }), (it) => it.close());
  const temporal = await closing.add(
    await startTemporal({
      folder: join(folder, 'temporal'),
      uiPort,
      codecEndpoint: codec.url,
      searchAttributes: searchAttributeDefinitions,
      say,
    }),
    (it) => it.stop(),
  );
  const postgres = await closing.add(await startPostgres({ folder: join(folder, 'postgres'), say }), (it) => it.stop());
  const entra = await closing.add(await ofKept('Entra', kept.entraPort, folder, startSandboxEntra), (it) => it.close());
  const lms = await closing.add(await ofKept('the LMS', kept.lmsPort, folder, startSandboxLms), (it) => it.close());
  const [healthPort, metricsPort] = [await freePortLike(9463), await freePortLike(9464)];
  const env = {
    ...workerEnvironment({ temporal, postgres, rings, entra }),
    ROLLCALL_FOLDER: folder,
    ROLLCALL_METRICS_PORT: String(metricsPort),
  };
  const worker = await closing.add(await startWorker(folder, healthPort, env), (it) => it.stop());
  const state = {
    temporal: { address: temporal.address, namespace: temporal.namespace, ui: temporal.uiUrl },
    codec: codec.url,
    worker: worker.url,
    sandbox: { entraAdmin: entra.adminOrigin, lmsAdmin: lms.adminOrigin },
  };
  writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
  return { entra, lms, uiUrl: temporal.uiUrl, metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`, env, worker };

  function startSandboxEntra(port: number): Promise<Entra> {
    return startEntra({ population: { size, seed }, port, keepIn: join(folder, 'entra') });
  }

  async function startSandboxLms(port: number): Promise<Lms> {
    const lms = await startLms({ kind: 'scimmy', port, token: kept.lmsToken, folder: join(folder, 'lms') });
    if (lms.accounts().length === 0) addAccountsByHand(lms);
    return lms;
  }
}

/** Accounts that somebody made in the LMS before Rollcall came; some of them belong to members. */
function addAccountsByHand(lms: Lms): void {
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

/** A port that stands in the customer's configuration can't be exchanged for another one. */
async function ofKept<Thing>(what: string, port: number, folder: string, start: (port: number) => Promise<Thing>): Promise<Thing> {
  try {
    return await start(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${port} on 127.0.0.1, where ${what} of this sandbox was at the last start (${join(folder, 'kept.json')}), is taken. ` +
        `Stop what listens there (\`ss -ltnp 'sport = :${port}'\` names it), or start over with other ports: npm start -- --fresh.`,
      { cause: error },
    );
  }
}

async function keptIn(folder: string): Promise<Kept> {
  const file = join(folder, 'kept.json');
  let text: string | undefined;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (text !== undefined) return parsed(text, file);
  const kept = { lmsPort: await freePort(), entraPort: await freePort(), lmsToken: `lms-${crypto.randomUUID()}` };
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600 });
  return kept;
}

function parsed(text: string, file: string): Kept {
  try {
    return JSON.parse(text) as Kept;
  } catch (error) {
    throw new Error(`${file} can’t be read. Start over: npm start -- --fresh.`, { cause: error });
  }
}
