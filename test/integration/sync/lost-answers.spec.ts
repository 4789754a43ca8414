/** An account was made, and the run ended before it heard of it. */
import { Failure } from '../../../domain/failure';
import { startLms } from '../../../sandbox/lms/lms';
import { forAllTests, forEachTest } from '../opened';
import { openStore, type Store } from '../store/store-under-test';
import { crowd, nth, stepsOf } from './steps-world';
import type { Lms } from './world';

jest.setTimeout(120_000);

let store: Store;
let lms: Lms;

forAllTests(openStore, (opened) => (store = opened), 120_000);
forEachTest(
  () => startLms({ kind: 'lean' }),
  (started) => (lms = started),
);

const accountOf = (n: number) => lms.accounts().find(({ externalId }) => externalId === nth(n));

/** Five people have accounts that the store knows, five more have some of which it never heard. */
async function interrupted() {
  const acme = await stepsOf(store, lms);
  await acme.sync(crowd(5));
  const run = await acme.open(crowd(10));
  await run.plan();
  const changes = {
    ...store.changes,
    storeResults: (...[writer, stage, results, until]: Parameters<typeof store.changes.storeResults>) =>
      results.length > 0 ? Promise.reject(new Failure('StoreUnavailable')) : store.changes.storeResults(writer, stage, results, until),
  };
  await expect(run.write({ changes })).rejects.toMatchObject({ type: 'StoreUnavailable' });
  await run.close('cancelled');
  expect(accountOf(10)).toMatchObject({ active: true });
  return acme;
}

test('whoever is still there is linked to it, and nobody is made twice', async () => {
  const acme = await interrupted();
  expect(await acme.sync(crowd(10))).toMatchObject({ outcome: 'succeeded', done: { created: 0, adopted: 5, failed: 0 } });
  expect(lms.accounts()).toHaveLength(10);
});

test('whoever has left by then is let go as everybody is who leaves: confirmed, and deactivated', async () => {
  const acme = await interrupted();
  const asked = acme.asked();
  const report = await acme.sync(crowd(9));
  expect(report).toMatchObject({ outcome: 'succeeded', done: { adopted: 4, deactivated: 1 } });
  expect(acme.asked()).toBe(asked + 1);
  expect([9, 10].map((n) => accountOf(n)?.active)).toEqual([true, false]);
});

test('an account that carries the id of somebody for whom we never made one stays as it is', async () => {
  lms.addAccounts([{ userName: 'by-hand', externalId: nth(77), active: true }]);
  const acme = await interrupted();
  await acme.sync(crowd(10));
  expect(accountOf(77)).toMatchObject({ active: true });
});
