/** Between planning and the leavers lie all creates and updates, and perhaps an outage: what was proven then may not be true any more. */
import { Failure } from '../../../domain/failure';
import { crowd, nth, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const minutes = (n: number) => n * 60_000;
const everybody = crowd(30);
const without = (...gone: number[]) => everybody.filter(({ id }) => !gone.some((n) => nth(n) === id));
const isActive = (n: number) => its.lms.accounts().find(({ externalId }) => externalId === nth(n))?.active;

async function planned(people: Person[]) {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync(everybody);
  const run = await acme.open(people);
  await run.plan();
  return { acme, run };
}

test('whoever came back since the plan keeps the account, and the next run looks again', async () => {
  const { acme, run } = await planned(without(29, 30));
  acme.pass(minutes(6));
  acme.tell(nth(30), 'member');
  await run.write();
  const report = await run.close();
  expect([isActive(29), isActive(30)]).toEqual([false, true]);
  expect(await run.rows()).toEqual([
    expect.objectContaining({ memberId: nth(29), outcome: 'done', code: null }),
    expect.objectContaining({ memberId: nth(30), outcome: 'unchanged', code: 'LeaverUnproven' }),
  ]);
  expect(report).toMatchObject({ done: { deactivated: 1, failed: 0 }, problems: { LeaverUnproven: 1 } });

  acme.tell(nth(30), 'left');
  expect((await acme.sync(without(29, 30))).done).toMatchObject({ deactivated: 1 });
  expect(isActive(30)).toBe(false);
});

test('of several who came back each keeps the account, also in a second attempt that finds the answers fresh', async () => {
  const disabled = everybody.flatMap((person) =>
    [26, 27].some((n) => nth(n) === person.id)
      ? [{ ...person, disabled: true as const }]
      : without(28, 29, 30).includes(person)
        ? [person]
        : [],
  );
  const { acme, run } = await planned(disabled);
  await run.age(minutes(6));
  for (const n of [27, 29, 30]) acme.tell(nth(n), 'member');
  acme.tell(nth(26), 'disabled');
  const asked = acme.asked();
  const lost = { ...its.store.changes, storeResults: () => Promise.reject(new Failure('StoreUnavailable')) };
  await expect(run.write({ changes: lost })).rejects.toMatchObject({ type: 'StoreUnavailable' });
  await run.write();
  await run.close();
  expect([26, 27, 28, 29, 30].map(isActive)).toEqual([false, true, false, true, true]);
  expect(acme.asked() - asked).toBeLessThanOrEqual(5);
});

test.each(['unknown', 'nested'] as const)('whoever is %s by now keeps the account, until a person decides', async (is) => {
  const { acme, run } = await planned(without(30));
  acme.pass(minutes(6));
  acme.tell(nth(30), is);
  await run.write();
  await run.close();
  expect(isActive(30)).toBe(true);
  expect((await acme.sync(without(30))).plan).toMatchObject({ held: 1, deactivate: 0 });
});

test('whoever was disabled and is enabled again keeps the account; whoever still is, does not', async () => {
  const disabled = everybody.map((person) =>
    ['29', '30'].some((n) => nth(Number(n)) === person.id) ? { ...person, disabled: true as const } : person,
  );
  const { acme, run } = await planned(disabled);
  acme.pass(minutes(6));
  acme.tell(nth(29), 'disabled');
  acme.tell(nth(30), 'member');
  await run.write();
  await run.close();
  expect([isActive(29), isActive(30)]).toEqual([false, true]);
});

test('a recent proof counts: nobody is asked about twice', async () => {
  const { acme, run } = await planned(
    without(28, 29, 30).map((person) => (person.id === nth(1) ? { ...person, disabled: true as const } : person)),
  );
  expect(acme.asked()).toBe(3);
  acme.pass(minutes(4));
  await run.write();
  expect(acme.asked()).toBe(3);
  expect([1, 28, 29, 30].map(isActive)).toEqual([false, false, false, false]);
});

test('while the directory gives no answer nobody is deactivated on an old proof; afterwards the step goes on', async () => {
  const { acme, run } = await planned(without(30));
  acme.pass(minutes(6));
  acme.refuse(new Failure('DirectoryUnavailable'));
  await expect(run.write()).rejects.toMatchObject({ type: 'DirectoryUnavailable' });
  expect(isActive(30)).toBe(true);
  acme.refuse();
  await run.write();
  expect(isActive(30)).toBe(false);
});

test('a step that lasts longer than its proofs asks again on its way', async () => {
  const { acme, run } = await planned([...crowd(1), ...crowd(30).slice(20)]); // nineteen leavers are held by the usual threshold
  expect(acme.asked()).toBe(19);
  await run.close();
  const calm = await stepsOf(its.store, its.lms, { thresholds: never });
  await calm.sync(everybody);
  const long = await calm.open(crowd(1));
  await long.plan();
  const before = calm.asked();
  await long.write({
    now: (() => {
      let ticks = 0;
      return () => Date.now() + (ticks += minutes(1)); // each look at the clock takes a minute
    })(),
  });
  await long.close();
  expect(calm.asked()).toBeGreaterThan(before + 29);
  expect(everybody.filter((_, n) => isActive(n + 1)).length).toBe(1);
});

const never = { leavers: { count: 1e6, percent: 100 }, additions: { count: 1e6, percent: 100 }, renames: { count: 1e6, percent: 100 } };
