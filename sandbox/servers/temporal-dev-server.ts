import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endOfLog, startChildServer, stopServer } from './child-server';
import { freePortLike, mustBeFree } from './free-port';
import { inWords, type Say } from './say';
import { ourselves, type ServerRecord } from './server-record';
import type { TemporalOptions } from './temporal';
import { answers } from './temporal-connection';

/** Boots in half a second headless, in two with the Web UI on a busy machine; the first start in a folder makes the schema too. */
const patienceMs = 60_000;

interface Launch {
  executable: string;
  folder: string;
  inMemory: boolean;
  options: TemporalOptions;
  /** The last start in this folder: its ports are taken again if they are free. */
  last?: ServerRecord;
  say: Say;
  started: (record: ServerRecord) => void;
}

export async function launchDevServer({ executable, folder, inMemory, options, last, say, started }: Launch): Promise<ServerRecord> {
  const begun = Date.now();
  const port = options.port ?? (await freePortLike(last?.port));
  const uiPort = options.headless ? undefined : (options.uiPort ?? (await freePortLike(last?.uiPort)));
  // Looked at first: whoever has the port, perhaps another Temporal, would answer in the place of ours.
  for (const taken of [port, uiPort]) if (taken !== undefined) await mustBeFree(taken);
  const logFile = join(folder, 'temporal.log');
  const server = await startChildServer({
    command: executable,
    prefix: [],
    args: devServerArguments({ port, uiPort, options, databaseFile: inMemory ? undefined : join(folder, 'temporal.sqlite') }),
    logFile,
    cwd: folder,
    // No profile of the user's may redirect or encrypt what the CLI does here.
    env: { ...withoutTemporal(options.env ?? process.env), HOME: folder },
    lastSignal: inMemory ? 'SIGKILL' : 'SIGTERM',
    // At once, so that the next start can't meet one that is on its way out. The file survives that (WAL).
    atOurDeath: 'KILL',
  });
  const record = { server: server.identity, owner: ourselves(), port, uiPort, codecEndpoint: options.codecEndpoint };
  started(record);
  let problem: string | undefined = 'not asked yet';
  while (problem !== undefined) {
    const because =
      server.ended() ?? (Date.now() - begun > patienceMs ? `gave no answer for ${inWords(patienceMs)} (${problem})` : undefined);
    if (because !== undefined) {
      await stopServer(server.identity, 'SIGKILL');
      throw new Error(`The Temporal dev server on port ${port} ${because}. Its log, ${logFile}, ends with: ${endOfLog(logFile)}`);
    }
    problem = (await answers({ address: `127.0.0.1:${port}` }, options.namespace ?? 'default', 1_000)) ?? (await uiProblem(uiPort));
    if (problem !== undefined) await wait(40);
  }
  const where = `127.0.0.1:${port}, ${uiPort === undefined ? 'no Web UI' : `Web UI http://127.0.0.1:${uiPort}`}, data in ${inMemory ? 'memory' : folder}`;
  say(`Temporal server: started on ${where} (${inWords(Date.now() - begun)})`);
  return record;
}

async function uiProblem(uiPort: number | undefined): Promise<string | undefined> {
  if (uiPort === undefined) return undefined;
  try {
    const answer = await fetch(`http://127.0.0.1:${uiPort}/`, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok ? undefined : `the Web UI answers ${answer.status}`;
  } catch (error) {
    return `the Web UI does not answer: ${String(error)}`;
  }
}

interface Arguments {
  port: number;
  uiPort?: number;
  /** In memory without one. */
  databaseFile?: string;
  options: Pick<TemporalOptions, 'namespace' | 'codecEndpoint'>;
}

/** WAL and synchronous=NORMAL: twice the activities per second, and a killed server still loses nothing (only a power cut could take the last writes). */
export function devServerArguments({ port, uiPort, databaseFile, options }: Arguments): string[] {
  const inFile = databaseFile === undefined ? [] : ['--db-filename', databaseFile];
  const pragmas = databaseFile === undefined ? [] : ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'];
  const codec = options.codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', options.codecEndpoint];
  const ui =
    uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort), '--ui-disable-news-fetch', ...codec];
  const namespace = options.namespace === undefined ? [] : ['--namespace', options.namespace];
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    ...namespace,
    ...inFile,
    ...pragmas,
    ...ui,
    '--log-level',
    'error',
    '--color',
    'never',
  ];
}

function withoutTemporal(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
