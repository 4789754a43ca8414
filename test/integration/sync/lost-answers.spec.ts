/** An account was made, and the run ended before it heard of it. */
import { Failure } from '../../../domain/failure';
import { crowd, nth, stepsOf, storeAndLms } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const accountOf = (n: number) => its.lms.accounts().find(({ externalId }) => externalId === nth(n));

/** Five people have accounts that the store knows, five more have some of which it never heard. */
async function interrupted() {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync(crowd(5));
  const run = await acme.open(crowd(10));
  await run.plan();
  const changes = {
    ...its.store.changes,
    storeResults: (...[writer, stage, results, until]: Parameters<typeof its.store.changes.storeResults>) =>
      results.length > 0 ? Promise.reject(new Failure('StoreUnavailable')) : its.store.changes.storeResults(writer, stage, results, until),
  };
  await expect(run.write({ changes })).rejects.toMatchObject({ type: 'StoreUnavailable' });
  await run.close('cancelled');
  expect(accountOf(10)).toMatchObject({ active: true });
  return acme;
}

test('whoever is still there is linked to it, and nobody is made twice', async () => {
  const acme = await interrupted();
  expect(await acme.sync(crowd(10))).toMatchObject({ outcome: 'succeeded', done: { created: 5, adopted: 0, failed: 0 } });
  expect(its.lms.accounts()).toHaveLength(10);
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
  its.lms.addAccounts([{ userName: 'by-hand', externalId: nth(77), active: true }]);
  const acme = await interrupted();
  await acme.sync(crowd(10));
  expect(accountOf(77)).toMatchObject({ active: true });
});
