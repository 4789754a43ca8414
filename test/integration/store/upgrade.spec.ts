/** A database that was in use before the desired accounts, and then the tallies, were kept in it. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../adapters/store/database';
import { migrations } from '../../../adapters/store/migrate';
import { startPostgres } from '../../../sandbox/servers';
import { createStores } from '../../../workers/stores';
import { forAllTests } from '../opened';
import { addCustomer, configuration, id, openRun, read, type Store } from './store-under-test';

jest.setTimeout(120_000);

const inOrder = Object.values(migrations);

let store: Store;
forAllTests(
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-upgrade-'));
    const postgres = await startPostgres({ folder });
    const database = openDatabase(postgres.url);
    for (const migration of inOrder.slice(0, 3)) await migration.up(database.kysely);
    return {
      ...createStores(database),
      database,
      url: postgres.url,
      async close() {
        await database.close();
        await postgres.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
  (opened) => (store = opened),
  120_000,
);

/** As a run was opened then. */
async function openedThen(customerId: string): Promise<{ customerId: string; runId: string }> {
  const runId = randomUUID();
  await store.leases.take(customerId, { runId, workflowId: 'sync' });
  await store.database.rows(
    `insert into run (customer_id, run_id, workflow_id, mode, configuration_version, mapping_version) values ($1, $2, 'sync', 'sync', 1, 'm1')`,
    [customerId, runId],
  );
  return { customerId, runId };
}

test('everybody is mapped anew by the next read, and a run that was under way is overtaken', async () => {
  await addCustomer(store, 'acme');
  const writer = await openedThen('acme');
  await store.database.rows(
    `insert into member (customer_id, view, member_id, source, source_hash, mapping_version, state, desired_hash, user_name_key, active)
     values ('acme', 'live', $1, '{"id":"x"}', 'unchanged', 'm1', 'desired', 'jo', 'jo', true)`,
    [id(1)],
  );
  await store.database.rows(`update customer set settled = true, baseline_run = $1`, [writer.runId]);

  await store.database.rows(
    `insert into change (customer_id, run_id, stage, position, kind, member_id, outcome, code) values
       ('acme', $1, 'upsert', 1, 'create', $2, 'done', null), ('acme', $1, 'upsert', 2, 'create', $3, 'failed', 'TargetRefused'), ('acme', $1, 'upsert', 3, 'create', $4, null, null)`,
    [writer.runId, id(1), id(2), id(3)],
  );

  await store.database.rows(
    `insert into hold (customer_id, hold_id, kind, member_id, code, run_id, state) values ('acme', 'h1', 'rename', $1, 'ThresholdRenames', 'r', 'released')`,
    [id(1)],
  );

  for (const migration of inOrder.slice(3)) await migration.up(store.database.kysely);

  expect(await store.database.rows('select wanted from hold')).toEqual([{ wanted: 'jo' }]);
  // The links are accounts of the LMS that the customer is configured for.
  expect(await store.database.rows('select linked_to from customer')).toEqual([{ linked_to: configuration.target.baseUrl }]);
  // The run that is under way goes by what was signed off, and opened with it as far as anybody knows.
  expect(await store.database.rows('select signed_preview from run')).toEqual([{ signed_preview: 'preview' }]);
  expect(await store.changes.done('acme', writer.runId)).toMatchObject({ created: 1, failed: 1 });
  expect(await store.lookUps.problemsByCode('acme', 'live', writer.runId)).toEqual({ TargetRefused: 1 });

  await expect(store.leases.nextFence('acme', writer.runId)).rejects.toMatchObject({ code: 'FenceLost' });
  const next = await openRun(store, 'acme');
  const { changed, settled } = await read(store, next, [{ id: id(1), name: 'jo' }]);
  expect({ changed, settled }).toEqual({ changed: 1, settled: false });
  const [member] = await store.database.rows('select desired, mapping_version from member');
  expect(member).toEqual({ desired: '{"userName":"jo","fields":{}}', mapping_version: 'm1' });
});
