/** Whoever the customer's policy lets stay is not asked about in every run, and is not forgotten either. */
import { crowd, nth, stepsOf, storeAndLms } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const leavers = { leftGroup: 'leave', disabled: 'leave', deleted: 'deactivate' } as const;
const everybody = crowd(10);
const remaining = crowd(9);
const leaver = nth(10);
const isActive = (id: string) => its.lms.accounts().find(({ externalId }) => externalId === id)?.active;

/** Synced, and the tenth person left the group. */
async function afterLeaving() {
  const acme = await stepsOf(its.store, its.lms, { leavers });
  await acme.sync(everybody);
  expect((await acme.sync(remaining)).plan).toMatchObject({ deactivate: 0, held: 0 });
  return acme;
}
type Acme = Awaited<ReturnType<typeof afterLeaving>>;
const aWeekLater = ({ customerId }: Acme) =>
  its.store.database.rows(`update customer set reconciled_at = reconciled_at - interval '8 days' where customer_id = $1`, [customerId]);

test('is asked about once, and not again before the next reconciliation', async () => {
  const acme = await afterLeaving();
  const asked = acme.asked();
  await acme.sync(remaining);
  expect(acme.asked()).toBe(asked);
  expect(isActive(leaver)).toBe(true);
});

test('and is deleted later: deactivated by the policy for that, though the group never changed again', async () => {
  const acme = await afterLeaving();
  const unchanged = await acme.open(remaining);
  expect(await unchanged.read()).toMatchObject({ settled: true });
  await unchanged.close();
  acme.tell(leaver, 'deleted');
  await aWeekLater(acme);
  const run = await acme.open(remaining);
  expect(await run.read()).toMatchObject({ settled: false });
  expect(await run.plan()).toMatchObject({ deactivate: 1 });
  await run.write();
  await run.close();
  expect(isActive(leaver)).toBe(false);
});

test('and the policy changes: it holds for them too, in the next run', async () => {
  const acme = await afterLeaving();
  await acme.configure({ leavers: { ...leavers, leftGroup: 'deactivate' } });
  expect((await acme.sync(remaining)).done).toMatchObject({ deactivated: 1 });
  expect(isActive(leaver)).toBe(false);
});

test('and is disabled in the group, which is left alone too: the policy for that may change as well', async () => {
  const acme = await stepsOf(its.store, its.lms, { leavers });
  const disabled = everybody.map((person) => (person.id === leaver ? { ...person, disabled: true as const } : person));
  await acme.sync(everybody);
  expect((await acme.sync(disabled)).plan).toMatchObject({ deactivate: 0, held: 0 });
  await acme.configure({ leavers: { ...leavers, disabled: 'deactivate' } });
  expect((await acme.sync(disabled)).done).toMatchObject({ deactivated: 1 });
});

test.each(['unknown', 'left'] as const)('and is %s a week later: stays as they are, and nobody has to decide', async (is) => {
  const acme = await afterLeaving();
  await aWeekLater(acme);
  acme.tell(leaver, is);
  expect((await acme.sync(remaining)).plan).toMatchObject({ deactivate: 0, held: 0 });
  expect(isActive(leaver)).toBe(true);
});
