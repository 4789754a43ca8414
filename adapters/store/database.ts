import { Kysely, PostgresDialect } from 'kysely';
import { Pool, type PoolClient } from 'pg';
import { Failure } from '../../domain/failure';
import type { Schema } from './schema';

/** A statement that takes longer is ended by the server: no attempt waits for ever on a lock. Planning sets its own. */
const statementTimeout = 30_000; // ms

/**
 * How a transaction's statements may join. PostgreSQL plans by statistics, and of tables that were filled a moment ago, or of a customer whom they have
 * never seen, it expects one row where there are a hundred thousand: then it compares each with each (measured: 9.6 s of 16.7 for 10,000 people, and 30 s for
 * one look at the pending changes). `byHash`: no nested loops; for set arithmetic over everybody. A batch of rows is found by keys, each in a
 * `lateral (… limit 1)`, which the planner can't turn round.
 */
export type Joins = 'byHash';

const settings: Record<Joins, string> = { byHash: '; set local enable_nestloop = off' };

export interface Database {
  /** For ordinary rows. */
  kysely: Kysely<Schema>;
  /** Rows of one statement, its parameters as $1, $2 …. */
  rows<Row>(text: string, parameters?: readonly unknown[], options?: { joins?: Joins }): Promise<Row[]>;
  /** All or nothing. `timeout` in milliseconds for each statement in it. */
  transaction<Result>(work: (client: PoolClient) => Promise<Result>, options?: { timeout?: number; joins?: Joins }): Promise<Result>;
  close(): Promise<void>;
}

export function openDatabase(url: string, { connections = 10 }: { connections?: number } = {}): Database {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    statement_timeout: statementTimeout,
    query_timeout: 10 * 60_000, // of the client's, should the server not answer at all
    keepAlive: true,
    application_name: 'rollcall',
    options: '-c jit=off', // compiling takes longer than any statement here
  });
  pool.on('error', () => undefined); // an idle connection that breaks is replaced; whoever uses one hears of it there
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const transaction: Database['transaction'] = (work, { timeout, joins } = {}) =>
    translated(async () => {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query(`begin${timeout ? `; set local statement_timeout = ${timeout}` : ''}${joins ? settings[joins] : ''}`);
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((fault: Error) => (broken = fault));
        throw error;
      } finally {
        client.release(broken);
      }
    });
  return {
    kysely,
    rows: <Row>(text: string, parameters: readonly unknown[] = [], { joins }: { joins?: Joins } = {}) =>
      joins
        ? transaction(async (client) => (await client.query(text, parameters as unknown[])).rows as Row[], { joins })
        : translated(async () => (await pool.query(text, parameters as unknown[])).rows as Row[]),
    transaction,
    close: () => kysely.destroy(),
  };
}

/** SQLSTATE classes of a server that is going, coming, full or lost (PostgreSQL, appendix A): 08, 53, 57, 58; and sockets that broke. */
async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure || !isOutage(error)) throw error;
    throw new Failure('StoreUnavailable', (error as Error).message, { cause: error });
  }
}

export function isOutage(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (code && /^(08|53|57P|58|40001|40P01|55P03|57014)/.test(code)) return true;
  if (code && /^E[A-Z]+$/.test(code)) return true; // ECONNREFUSED, ECONNRESET, EPIPE, ENOENT of a socket …
  return (
    !code &&
    /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|not queryable/i.test(
      message ?? '',
    )
  );
}
