/** Statistics that know one customer know nothing of the next: its first run must not cost more for that. */
import { forAllTests } from '../opened';
import type { Writer } from '../../../adapters/store/lease-store';
import { rowsLookedAt } from './rows-looked-at';
import { addCustomer, close, configuration, id, openRun, openStore, read, type Somebody, type Store } from './store-under-test';

jest.setTimeout(120_000);

const size = 1_500;
const people = Array.from({ length: size }, (_, n): Somebody => ({
  id: id(n + 1),
  name: `person-${n}`,
  manager: n > 0 ? id(1 + Math.floor(n / 10)) : undefined,
}));

let store: Store;
forAllTests(openStore, (opened) => (store = opened), 120_000);

async function planned(customerId: string) {
  await addCustomer(store, customerId);
  const writer = await openRun(store, customerId);
  await read(store, writer, people, 500);
  await store.plans.plan({ writer, view: 'live', configuration, isReconciled: false, additionsExempt: true, isEmptied: false });
  return writer;
}

/** As the step that writes them does it: by batches. */
async function make({ changes }: Pick<Store, 'changes'>, writer: Writer): Promise<void> {
  await changes.resume(writer, 'upsert');
  for (let after = 0; ;) {
    const pending = await changes.pending(writer, 'upsert', after, 500);
    if (pending.length === 0) return;
    after = pending.at(-1)?.position ?? after;
    const results = pending.map(({ position, memberId }) => {
      const [accountId, name] = [`account-${memberId}`, memberId];
      const account = { accountId, userName: name, userNameKey: name, written: '{"fields":{}}', writtenHash: name };
      const link = { ...account, active: true, deactivatedByUs: false, managerAccount: null, adopted: false };
      return { position, memberId, outcome: 'done' as const, attempts: 1, accountId, link };
    });
    await changes.storeResults(writer, 'upsert', results, after);
  }
}

test('a new customer beside others looks at its own rows, a few for each person', async () => {
  const first = await planned('first');
  await make(store, first);
  await close(store, first);
  await store.database.rows('analyze');
  const second = await planned('second');

  const looked = await rowsLookedAt(store, ['link', 'member', 'change', 'problem'], (stores) => make(stores, second));
  expect(looked).toBeLessThan(size * 15);
});
