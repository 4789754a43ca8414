/** As long as somebody's days run, every run has to look whether they are over; and no longer. */
import { crowd, nth, stepsOf, storeAndLms } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const leavers = { leftGroup: { graceDays: 1 }, disabled: 'deactivate', deleted: 'deactivate' } as const;
const everybody = crowd(10);
const remaining = crowd(9);
const leaver = nth(10);
const account = () => its.lms.accounts().find(({ externalId }) => externalId === leaver);

/** The tenth person left the group, and their days are over. */
async function afterTheirDays(changes: Parameters<typeof stepsOf>[2] = {}) {
  const acme = await stepsOf(its.store, its.lms, { leavers, ...changes });
  await acme.sync(everybody);
  await acme.sync(remaining);
  expect(account()?.active).toBe(true);
  const unchanged = await acme.open(remaining);
  expect(await unchanged.read()).toMatchObject({ settled: false });
  await unchanged.close();
  await its.store.database.rows(`update link set leaving_since = leaving_since - interval '2 days' where customer_id = $1`, [
    acme.customerId,
  ]);
  return acme;
}

test('whoever was deactivated in the end is none of the next runs’ business', async () => {
  const acme = await afterTheirDays();
  expect((await acme.sync(remaining)).done).toMatchObject({ deactivated: 1 });
  expect(account()?.active).toBe(false);
  expect(await (await acme.open(remaining)).read()).toMatchObject({ settled: true });
});

test('neither is whoever is to stay as they are by somebody’s decision', async () => {
  const acme = await afterTheirDays({
    thresholds: { leavers: { count: 0, percent: 1 }, additions: { count: 50, percent: 20 }, renames: { count: 10, percent: 5 } },
  });
  expect((await acme.sync(remaining)).plan).toMatchObject({ held: 1, deactivate: 0 });
  const { customerId } = acme;
  await its.store.holds.decide({ customerId, decision: 'reject', holds: 'all', by: 'Jo', reason: 'stays', at: new Date().toISOString() });
  expect((await acme.sync(remaining)).plan).toMatchObject({ held: 0, deactivate: 0 });
  expect(await (await acme.open(remaining)).read()).toMatchObject({ settled: true });
});

test('whoever comes back and leaves again has all their days anew', async () => {
  const acme = await afterTheirDays();
  await acme.sync(remaining);
  expect((await acme.sync(everybody)).done).toMatchObject({ reactivated: 1 });
  expect((await acme.sync(remaining)).plan).toMatchObject({ deactivate: 0 });
  expect(account()?.active).toBe(true);
});
