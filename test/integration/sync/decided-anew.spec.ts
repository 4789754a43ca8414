/** What was decided about a leaver is not for ever: until it is carried out, the latest decision counts. */
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const [jo, ...others] = crowd(6) as [Person, ...Person[]];
const accountOf = ({ id }: Person) => its.lms.accounts().find(({ externalId }) => externalId === id);
type Customer = Awaited<ReturnType<typeof stepsOf>>;

/** Jo left, and is held until somebody decides. */
async function held(): Promise<Customer> {
  const acme = await stepsOf(its.store, its.lms, { leavers: { leftGroup: 'hold', disabled: 'deactivate', deleted: 'deactivate' } });
  await acme.sync([jo, ...others]);
  expect((await acme.sync(others)).plan).toMatchObject({ held: 1, deactivate: 0 });
  return acme;
}
const holdsOf = ({ customerId }: Customer) => its.store.lookUps.holds(customerId, undefined, undefined, 10);

async function decide(acme: Customer, decision: 'release' | 'reject'): Promise<unknown> {
  const holds = (await holdsOf(acme)).map(({ holdId }) => holdId);
  const { customerId } = acme;
  return its.store.holds.decide({ customerId, decision, holds, by: 'Jo', reason: 'because', at: new Date().toISOString() });
}

test('whoever was rejected by mistake is released later, and deactivated by the next run though nothing else has changed', async () => {
  const acme = await held();
  await decide(acme, 'reject');
  await acme.sync(others);
  const unchanged = await acme.open(others);
  expect(await unchanged.read()).toMatchObject({ settled: true });
  await unchanged.close();
  expect(accountOf(jo)?.active).toBe(true);

  await decide(acme, 'release');
  expect((await acme.sync(others)).done).toMatchObject({ deactivated: 1 });
  expect(accountOf(jo)?.active).toBe(false);
  expect(await holdsOf(acme)).toEqual([]);
});

test('whoever was released is rejected before the next run, and stays', async () => {
  const acme = await held();
  await decide(acme, 'release');
  await decide(acme, 'reject');
  expect((await acme.sync(others)).done).toMatchObject({ deactivated: 0 });
  expect(accountOf(jo)?.active).toBe(true);
});

test('a decision that falls into a run which has planned already is heeded by the next one', async () => {
  const acme = await held();
  await decide(acme, 'reject');
  const run = await acme.open(others);
  await run.plan();
  await decide(acme, 'release');
  await run.write();
  await run.close();
  expect(accountOf(jo)?.active).toBe(true);
  const next = await acme.open(others);
  expect(await next.read()).toMatchObject({ settled: false });
  await next.plan();
  await next.write();
  await next.close();
  expect(accountOf(jo)?.active).toBe(false);
});

test('a release that was carried out says nothing about the next time that the same person leaves', async () => {
  const acme = await held();
  await decide(acme, 'release');
  await acme.sync(others);
  await acme.sync([jo, ...others]);
  expect((await acme.sync(others)).plan).toMatchObject({ held: 1, deactivate: 0 });
  expect(accountOf(jo)?.active).toBe(true);
});
