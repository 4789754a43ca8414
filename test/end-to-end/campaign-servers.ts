import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureRings } from '../../adapters/credentials/ensure-rings';
import { searchAttributeDefinitions } from '../../adapters/engine/search-attributes';
import type { Entra } from '../../sandbox/entra/entra';
import { startPostgres, startTemporal, type PostgresServer, type TemporalServer } from '../../sandbox/servers';
import { freePort } from '../../sandbox/servers/free-port';
import { identityOf, lives } from '../../sandbox/servers/process-identity';
import { workerEnvironment } from '../../sandbox/start/worker-environment';

export type Victim = 'worker' | 'temporal' | 'postgres';

/** Engine, database and worker, each a process that can be killed and started again where it was. */
export interface CampaignServers {
  /** For a client. */
  env: NodeJS.ProcessEnv;
  /** SIGKILL to all of them at the same moment, then each started again. */
  killAndRestart(victims: readonly Victim[]): Promise<void>;
  /** SIGTERM to the worker, as an orchestrator replaces it; its exit code. Another one starts after it. */
  replaceWorker(): Promise<number | null>;
  stop(): Promise<void>;
}

/** The worker as it is built, seen from the sources as well as from dist/. */
const workerMain = ['../../workers/main.js', '../../dist/workers/main.js'].map((file) => join(__dirname, file)).find(existsSync) ?? '';

export async function startCampaignServers(folder: string, entra: Entra): Promise<CampaignServers> {
  const rings = await ensureRings(join(folder, 'keys'));
  const quiet = () => undefined;
  const port = await freePort();
  const postgresPort = await freePort();
  const engine = () =>
    startTemporal({
      folder: join(folder, 'temporal'),
      own: true,
      headless: true,
      port,
      searchAttributes: searchAttributeDefinitions,
      say: quiet,
    });
  const database = () => startPostgres({ folder: join(folder, 'postgres'), own: true, port: postgresPort, say: quiet });
  let [temporal, postgres]: [TemporalServer, PostgresServer] = await Promise.all([engine(), database()]);
  const env: NodeJS.ProcessEnv = {
    ...workerEnvironment({ temporal, postgres, rings, entra }),
    ROLLCALL_HEALTH_PORT: 'off',
  };
  const log = openSync(join(folder, 'worker.log'), 'a');
  let stopping = false;
  let worker: ChildProcess;
  /** Started again whenever it ends, as an orchestrator does: without database or engine it may give up by itself. */
  const startWorker = () => {
    worker = spawn(process.execPath, [workerMain], { env, stdio: ['ignore', log, log] });
    worker.once('exit', () => {
      if (!stopping) setTimeout(() => !stopping && startWorker(), 250);
    });
  };
  startWorker();
  return {
    env,
    async killAndRestart(victims) {
      const pids = victims.map((victim) => ({ worker: worker.pid, temporal: temporal.pid, postgres: postgres.pid })[victim]);
      const identities = pids.map((pid) => identityOf(pid ?? 0));
      for (const pid of pids) if (pid !== undefined) process.kill(pid, 'SIGKILL');
      while (identities.some(lives)) await wait(10);
      await Promise.all([
        victims.includes('temporal') && again(engine).then((server) => (temporal = server)),
        victims.includes('postgres') && again(database).then((server) => (postgres = server)),
      ]);
    },
    async replaceWorker() {
      const ended = once(worker, 'exit') as Promise<[number | null]>;
      worker.kill('SIGTERM');
      return (await ended)[0];
    },
    async stop() {
      stopping = true;
      if (worker.exitCode === null && worker.signalCode === null) {
        const ended = once(worker, 'exit');
        worker.kill('SIGTERM');
        const patience = setTimeout(() => worker.kill('SIGKILL'), 15_000);
        await ended;
        clearTimeout(patience);
      }
      await Promise.all([temporal.stop(), postgres.stop()]);
    },
  };
}

/** A port or a socket of the one that was killed may take a moment to be free. */
async function again<Server>(start: () => Promise<Server>): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === 5) throw error;
      await wait(500);
    }
  }
}
