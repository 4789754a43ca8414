import { stopServer } from './child-server';
import { createDatabase, databaseProblem } from './databases';
import { startCluster } from './postgres-cluster';
import { pidOf } from './process-identity';
import { sayOnStderr, type Say } from './say';

export interface PostgresOptions {
  /** Where data, password, log and record lie; made if absent. Needed unless ROLLCALL_DATABASE_URL is set. */
  folder: string;
  /** On 127.0.0.1. Without: that of the last start in this folder if it is free, else a free one. */
  port?: number;
  /** Made if absent. Default: `rollcall`. */
  database?: string;
  /** Never a database that the environment names: for tests that kill the server. */
  own?: boolean;
  env?: NodeJS.ProcessEnv;
  /** Default: a line on stderr. */
  say?: Say;
}

export interface PostgresServer {
  /** postgres://user:password@127.0.0.1:port/database */
  url: string;
  /** Of the postmaster; only of a server of ours. */
  pid?: number;
  /** Stops it if this call started it (or took it over from a process that died); else does nothing. Sessions that are open are ended. */
  stop(): Promise<void>;
}

/** The PostgreSQL of ROLLCALL_DATABASE_URL, else one of our own in a folder (docs/servers.md). */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { env = process.env, say = sayOnStderr, database = 'rollcall' } = options;
  if (env.ROLLCALL_DATABASE_URL && !options.own) return useOutside(env.ROLLCALL_DATABASE_URL, say);
  const { record, url: serverUrl, owned } = await startCluster({ folder: options.folder, port: options.port, env, say });
  // SIGINT: PostgreSQL's fast shutdown, which ends the open sessions and writes a checkpoint.
  const stop = () => (owned ? stopServer(record.server, 'SIGINT') : Promise.resolve());
  try {
    return { url: await createDatabase(serverUrl, database), pid: pidOf(record.server), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function useOutside(url: string, say: Say): Promise<PostgresServer> {
  const { host, database } = named(url);
  const problem = await databaseProblem(url, 10_000);
  if (problem && !problem.noDatabase) {
    throw new Error(
      `The database of ROLLCALL_DATABASE_URL, ${database} on ${host}, does not answer: ${problem.message}. ` +
        'Start it or mend the variable; or unset it, and Rollcall starts a PostgreSQL of its own.',
    );
  }
  if (problem) await createDatabase(url, database);
  say(`PostgreSQL: database ${database} on ${host}${problem ? ', made just now' : ''}, from ROLLCALL_DATABASE_URL`);
  return { url, stop: async () => undefined };
}

/** Host and database without user and password: that much may be printed. */
function named(url: string): { host: string; database: string } {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol) || new URL(url).pathname.length < 2) {
    throw new Error('ROLLCALL_DATABASE_URL is not a URL of the form postgres://user:password@host:port/database.');
  }
  const { host, pathname } = new URL(url);
  return { host, database: decodeURIComponent(pathname.slice(1)) };
}
