import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureRings } from '../../adapters/credentials/ensure-rings';
import { searchAttributeDefinitions } from '../../adapters/engine/search-attributes';
import { startCodecServer } from '../../workers/codec-server';
import { addAccountsByHand } from '../accounts-before-sync';
import { startEntra, type Entra } from '../entra/entra';
import { KeptAddresses } from '../kept-addresses';
import { startLms, type Lms } from '../lms/lms';
import { startPostgres, startTemporal } from '../servers';
import { freePortLike } from '../servers/free-port';
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

const population = { size: 1_200, seed: 1 };

export async function startServers(folder: string, say: (line: string) => void, closing: Closing): Promise<Demo> {
  const kept = await KeptAddresses.in(folder, 'npm start -- --fresh');
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
  const entra = await closing.add(await kept.entra(startSandboxEntra), (it) => it.close());
  const lms = await closing.add(await kept.lms(startSandboxLms), (it) => it.close());
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
    return startEntra({ population, port, keepIn: join(folder, 'entra') });
  }

  async function startSandboxLms(port: number, token: string): Promise<Lms> {
    const lms = await startLms({ kind: 'scimmy', port, token, folder: join(folder, 'lms') });
    addAccountsByHand(lms, population);
    return lms;
  }
}
