import { Migrator, type Migration } from 'kysely';
import type { Database } from './database';
import * as first from './migrations/0001-first';
import * as whenConfirmed from './migrations/0002-when-confirmed';
import * as indexes from './migrations/0003-indexes-by-what-tells-most';
import * as desired from './migrations/0004-desired-accounts';
import * as tallies from './migrations/0005-tallies';
import * as doubtful from './migrations/0006-doubtful-links';
import * as sent from './migrations/0007-what-was-sent';
import * as whatARunGoesBy from './migrations/0008-what-a-run-goes-by';
import * as namesDecided from './migrations/0009-decisions-about-names';
import * as notKept from './migrations/0010-fields-not-kept';

/** In the order of their names; kysely holds a lock in the database, so that two workers starting at once migrate once. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': first,
  '0002-when-confirmed': whenConfirmed,
  '0003-indexes-by-what-tells-most': indexes,
  '0004-desired-accounts': desired,
  '0005-tallies': tallies,
  '0006-doubtful-links': doubtful,
  '0007-what-was-sent': sent,
  '0008-what-a-run-goes-by': whatARunGoesBy,
  '0009-decisions-about-names': namesDecided,
  '0010-fields-not-kept': notKept,
};

/** Brings the schema up to date; the names of what was run. */
export async function migrate({ kysely }: Database): Promise<string[]> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error(JSON.stringify(error));
  return results.map(({ migrationName }) => migrationName);
}
