import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { stopServer } from './child-server';
import { databaseProblem } from './databases';
import { exclusively } from './exclusively';
import { freePortLike, mustBeFree } from './free-port';
import { postgresAccount } from './postgres-account';
import { postgresBinaries } from './postgres-binaries';
import { makeCluster } from './postgres-init';
import { launchPostgres } from './postgres-launch';
import { runningPostmaster } from './postmaster';
import { pidOf } from './process-identity';
import type { Say } from './say';
import { belongsToAnother, ourselves, readRecord, writeRecord, type ServerRecord } from './server-record';

/** One that shuts down ends within that time, one that recovers from a kill answers. */
const patienceMs = 120_000;

export interface ClusterRequest {
  folder: string;
  port?: number;
  env: NodeJS.ProcessEnv;
  say: Say;
}

export interface Cluster {
  record: ServerRecord;
  /** Of its database `postgres`. */
  url: string;
  /** Whether this process is to stop it. */
  owned: boolean;
}

/** Starts PostgreSQL in a folder, or joins the one that is running there. */
export async function startCluster({ folder: given, port, env, say }: ClusterRequest): Promise<Cluster> {
  const folder = resolve(given);
  mkdirSync(folder, { recursive: true });
  return exclusively(join(folder, 'lock'), say, async () => {
    const recordFile = join(folder, 'server.json');
    const last = readRecord(recordFile);
    const data = join(folder, 'data');
    const password = passwordOf(folder);
    const survivor = await joinSurvivor({ data, port, password, last, say });
    if (survivor) {
      if (survivor.owned) writeRecord(recordFile, survivor.record);
      return survivor;
    }
    const binaries = postgresBinaries();
    const account = postgresAccount([data, binaries.postgres], env);
    const cluster = { folder, data, password, binaries, account, env, say };
    if (!existsSync(data)) await makeCluster(cluster);
    const chosen = port ?? (await freePortLike(last?.port));
    // Looked at first: whoever has the port would answer in the place of ours.
    await mustBeFree(chosen);
    const url = urlOf(chosen, password);
    const record = await launchPostgres({ ...cluster, port: chosen, url, started: (it) => writeRecord(recordFile, it) });
    return { record, url, owned: true };
  });
}

/** Random, in a file that only its owner reads: other users of this machine reach the port too. */
function passwordOf(folder: string): string {
  const file = join(folder, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function urlOf(port: number, password: string): string {
  return `postgres://rollcall:${password}@127.0.0.1:${port}/postgres`;
}

interface Search {
  data: string;
  port?: number;
  password: string;
  last?: ServerRecord;
  say: Say;
}

/** The server that runs in this folder already: another process's, or one whose parent was killed. On another port than wanted it is restarted. */
async function joinSurvivor({ data, port, password, last, say }: Search): Promise<Cluster | undefined> {
  const running = runningPostmaster(data);
  if (running === undefined) return undefined;
  const url = urlOf(running.port, password);
  const named = `the PostgreSQL ${pidOf(running.identity)} on port ${running.port}`;
  const another = last !== undefined && last.server === running.identity && belongsToAnother(last);
  const problem =
    port !== undefined && port !== running.port
      ? `port ${port} is wanted`
      : await comesToAnswer(url, () => runningPostmaster(data)?.identity !== running.identity);
  if (problem === undefined) {
    say(`PostgreSQL: using ${named}, which is running in this folder already`);
    const owner = another ? last.owner : ourselves();
    return { record: { server: running.identity, owner, port: running.port }, url, owned: !another };
  }
  if (another) {
    throw new Error(
      `${named} belongs to process ${pidOf(last.owner)}, which is still running, and can't be shared: ${problem}. Stop that process, or use another folder.`,
    );
  }
  say(`PostgreSQL: replacing ${named}, left by a process that was killed (${problem})`);
  await stopServer(running.identity, 'SIGINT');
  return undefined;
}

/** Undefined once the server answers; else what it said last, when it has gone, shuts us out or the time is up. */
async function comesToAnswer(url: string, gone: () => boolean): Promise<string | undefined> {
  for (const until = Date.now() + patienceMs; ; await wait(25)) {
    const problem = await databaseProblem(url, 5_000);
    if (problem === undefined || problem.hopeless || gone() || Date.now() > until) return problem?.message;
  }
}
