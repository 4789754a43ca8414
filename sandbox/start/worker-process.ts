import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endOfLog, startChildServer, stopServer } from '../servers/child-server';

export interface WorkerProcess {
  /** Its health server's origin. */
  url: string;
  /** Ends with an error, and only so, when the worker dies by itself. */
  death: Promise<never>;
  stop(): Promise<void>;
}

const main = join(__dirname, '..', '..', 'workers', 'main.js');
const patience = 60_000; // ms, on a machine that is busy with other things
/** Steps under way store what they did and go on elsewhere; that takes a second or two. */
const handingOver = 20_000; // ms

/** The worker is a process of its own, as in production; it is there once it takes work, and what it logs goes to a file. */
export async function startWorker(folder: string, healthPort: number, env: NodeJS.ProcessEnv): Promise<WorkerProcess> {
  const logFile = join(folder, 'worker.log');
  const server = await startChildServer({
    command: process.execPath,
    args: [main],
    prefix: [],
    logFile,
    cwd: process.cwd(),
    env: { ...env, ROLLCALL_HEALTH_PORT: String(healthPort) },
    lastSignal: 'SIGKILL',
    atOurDeath: 'KILL',
  });
  let isStopping = false;
  const stop = () => {
    isStopping = true;
    return stopServer(server.identity, 'SIGTERM', handingOver);
  };
  const death = new Promise<never>((_resolve, reject) => {
    void server.end.then((how) => {
      if (!isStopping) reject(new Error(`The worker ${how}. Its log, ${logFile}, ends with: ${endOfLog(logFile)}`));
    });
  });
  death.catch(() => undefined); // whoever waits for something else at the moment hears of it there
  const url = `http://127.0.0.1:${healthPort}`;
  try {
    await Promise.race([untilReady(`${url}/ready`, logFile), death]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, death, stop };
}

/** Until the worker whose readiness is asked at `url` takes work. */
export async function untilReady(url: string, logFile: string): Promise<void> {
  for (const until = Date.now() + patience; ; await wait(100)) {
    const hindrance = await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
      async (answer) => (answer.ok ? undefined : await answer.text()),
      (error: Error) => (error.cause instanceof Error ? error.cause : error).message,
    );
    if (hindrance === undefined) return;
    if (Date.now() > until) throw new Error(`The worker is not ready after ${patience / 1_000} s: ${hindrance}. Its log is ${logFile}.`);
  }
}
