import { openDatabase } from '../../../adapters/store/database';
import { createStores } from '../../../workers/stores';
import type { Store } from './store-under-test';

type Stores = ReturnType<typeof createStores>;

/** How many rows of these tables are looked at meanwhile: by one connection, whose counts can be asked for. */
export async function rowsLookedAt(
  { url }: Store,
  tables: readonly string[],
  meanwhile: (stores: Stores) => Promise<unknown>,
): Promise<number> {
  const database = openDatabase(url, { connections: 1 });
  const looked = async (): Promise<number> => {
    await database.rows('select pg_stat_force_next_flush()');
    const [row] = await database.rows<{ n: string }>(
      `select sum(coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0)) as n from pg_stat_user_tables where relname = any($1)`,
      [tables],
    );
    return Number(row?.n);
  };
  try {
    const before = await looked();
    await meanwhile(createStores(database));
    return (await looked()) - before;
  } finally {
    await database.close();
  }
}
