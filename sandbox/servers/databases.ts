import { Client, DatabaseError } from 'pg';

/** PostgreSQL's codes (appendix A of its manual). */
const duplicateDatabase = '42P04';
const uniqueViolation = '23505';
const noSuchDatabase = '3D000';
const wrongPassword = '28P01';

/**
 * Creates a database on a running server unless it is there, and gives its URL. `serverUrl` names any database of that server.
 * For tests: one server, and a database of its own for each.
 */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  await administrate(serverUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return;
    try {
      // Stated, not inherited from whatever locale the machine has: byte order is the same everywhere, and so is every `order by`.
      await client.query(`create database ${client.escapeIdentifier(name)} template template0 encoding 'UTF8' locale 'C'`);
    } catch (error) {
      if (error instanceof DatabaseError && (error.code === duplicateDatabase || error.code === uniqueViolation)) return; // another process was quicker
      throw error;
    }
  });
  return withDatabaseName(serverUrl, name);
}

/** Drops a database, ending the sessions that use it. One that isn't there is no error. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await administrate(serverUrl, async (client) => {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
  });
}

export function withDatabaseName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

export interface DatabaseProblem {
  message: string;
  /** Waiting won't mend it. */
  hopeless: boolean;
  /** The server answers, but has no such database. */
  noDatabase: boolean;
}

/** Undefined if the database answers within the time (ms), else why not. */
export async function databaseProblem(url: string, timeoutMs: number): Promise<DatabaseProblem | undefined> {
  try {
    await withClient(url, timeoutMs, (client) => client.query('select 1'));
    return undefined;
  } catch (error) {
    const code = error instanceof DatabaseError ? error.code : undefined;
    const message = error instanceof Error ? error.message || error.name : String(error);
    return { message, hopeless: code === wrongPassword, noDatabase: code === noSuchDatabase };
  }
}

/** In the database `postgres`, which every server has. */
function administrate<T>(serverUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  return withClient(withDatabaseName(serverUrl, 'postgres'), 10_000, work);
}

/** Connects, works, and closes whatever happened. */
export async function withClient<T>(url: string, timeoutMs: number, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  // A server that is killed while nothing is asked of it speaks through this event alone; the next query tells its caller.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
