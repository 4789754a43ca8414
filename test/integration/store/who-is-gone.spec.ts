/** Creates of which nobody heard, of people who aren't in the group any more: the LMS is read again for them, and to find that out must not take as long. */
import { forAllTests } from '../opened';
import { addCustomer, close, configuration, id, openRun, openStore, read, type Somebody, type Store } from './store-under-test';
import { rowsLookedAt } from './rows-looked-at';

jest.setTimeout(120_000);

let store: Store;
forAllTests(openStore, (opened) => (store = opened), 120_000);

const people = Array.from({ length: 300 }, (_, n): Somebody => ({ id: id(n + 1), name: `person-${n}` }));

/** A run after one that sent everybody's create and heard of none. */
async function afterUnheardCreates(customerId: string, present: readonly Somebody[]) {
  await addCustomer(store, customerId);
  const first = await openRun(store, customerId);
  await read(store, first, []);
  await store.accounts.complete(first, 'k');
  await store.accounts.reconciled(first, 'k');
  await planOf(first);
  await close(store, first);
  const unheard = await openRun(store, customerId);
  await read(store, unheard, people, 10);
  await planOf(unheard);
  await store.changes.resume(unheard, 'upsert');
  await store.changes.storeResults(unheard, 'upsert', [], people.length);
  await close(store, unheard);
  const next = await openRun(store, customerId);
  await read(store, next, present, 10);
  return next;
}
const planOf = (writer: Awaited<ReturnType<typeof openRun>>) =>
  store.plans.plan({ writer, view: 'live', configuration, isReconciled: false, additionsExempt: true, isEmptied: false });

test('nobody is gone: the LMS is not read again, and each page of the group is looked at a few times, not once for each person', async () => {
  const next = await afterUnheardCreates('all-here', people);
  let isDue: boolean | undefined;
  const looked = await rowsLookedAt(store, ['page'], async ({ accounts }) => (isDue = await accounts.isDue(next, 'k')));
  expect(isDue).toBe(false);
  expect(looked).toBeLessThan(200); // there are 60 pages of two runs
});

test('one of them is gone: it is', async () => {
  const next = await afterUnheardCreates('one-gone', people.slice(1));
  expect(await store.accounts.isDue(next, 'k')).toBe(true);
});
