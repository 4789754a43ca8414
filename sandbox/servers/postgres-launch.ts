import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endOfLog, startChildServer, stopServer } from './child-server';
import { databaseProblem } from './databases';
import { postgresEnvironment, type NewCluster } from './postgres-init';
import { disownPidFile } from './postmaster';
import { inWords } from './say';
import { ourselves, type ServerRecord } from './server-record';

/** Long enough for the recovery of a large write-ahead log after a kill. */
const patienceMs = 120_000;

export interface Launch extends NewCluster {
  port: number;
  url: string;
  /** Called as soon as the process is there, before it answers. */
  started: (record: ServerRecord) => void;
}

export async function launchPostgres(launch: Launch): Promise<ServerRecord> {
  const begun = Date.now();
  for (;;) {
    const outcome = await tryOnce(launch, begun);
    if ('record' in outcome) {
      launch.say(`PostgreSQL: started on 127.0.0.1:${launch.port}, data in ${launch.folder} (${inWords(Date.now() - begun)})`);
      return outcome.record;
    }
    // The children of a postmaster that was killed end by themselves, as soon as they look up from their statement.
    if (!outcome.because.includes('is still in use') || Date.now() - begun > patienceMs) {
      throw new Error(`PostgreSQL on port ${launch.port} ${outcome.because}`);
    }
    await wait(100);
  }
}

async function tryOnce(
  { folder, data, port, url, binaries, account, env, started }: Launch,
  begun: number,
): Promise<{ record: ServerRecord } | { because: string }> {
  const logFile = join(folder, 'postgres.log');
  const logged = existsSync(logFile) ? statSync(logFile).size : 0;
  disownPidFile(data);
  const server = await startChildServer({
    command: binaries.postgres,
    args: postgresArguments(data, port),
    prefix: account.prefix,
    ...account.spawnAs,
    env: postgresEnvironment(env),
    logFile,
    cwd: '/',
    lastSignal: 'SIGINT',
    atOurDeath: 'INT',
  });
  const record = { server: server.identity, owner: ourselves(), port };
  started(record);
  for (;;) {
    // Asked in this order: a server that answered and one that has ended can't be confused.
    const problem = await databaseProblem(url, 5_000);
    const ended = server.ended();
    if (ended !== undefined) return { because: `${ended}. Its log, ${logFile}, ends with: ${endOfLog(logFile, logged)}` };
    if (problem === undefined) return { record };
    if (problem.hopeless || Date.now() - begun > patienceMs) {
      await stopServer(server.identity, 'SIGINT');
      const remedy = 'If the file `password` beside the data was changed, put the old one back; or remove the folder with all its data.';
      return { because: `does not let us in: ${problem.message}. ${remedy}` };
    }
    await wait(25);
  }
}

/** Loopback TCP alone, no socket in /tmp. fsync and its kin stay on: what was acknowledged is there after any kill and any power cut. */
export function postgresArguments(data: string, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'on',
    max_connections: '200',
    // Statements that fail hold people's data; they don't belong in a log.
    log_min_error_statement: 'panic',
  };
  return ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
