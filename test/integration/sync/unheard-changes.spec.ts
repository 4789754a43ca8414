/** A request got through, and nobody heard of it: what was written last is not what the account holds, and the directory may demand the old state again by the next run. */
import { Failure } from '../../../domain/failure';
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const [jo, ...rest] = crowd(5) as [Person, ...Person[]];
const accountOf = ({ id }: Person) => its.lms.accounts().find(({ externalId }) => externalId === id);
const reads = () => its.lms.controls.counts.of('GET /Users/{id}');

type Customer = Awaited<ReturnType<typeof stepsOf>>;

/** A run for these people whose writes reach the LMS, and whose results never reach the store; it is closed as one that was cancelled. */
async function unheard(acme: Customer, people: Person[]): Promise<void> {
  const run = await acme.open(people);
  await run.plan();
  const { storeResults } = its.store.changes;
  const lost: typeof storeResults = async (writer, stage, results, sentUntil) => {
    if (results.length > 0) throw new Failure('StoreUnavailable');
    await storeResults(writer, stage, results, sentUntil);
  };
  await expect(run.write({ changes: { ...its.store.changes, storeResults: lost } })).rejects.toMatchObject({ type: 'StoreUnavailable' });
  await run.close('cancelled');
}

test('somebody was deactivated and is back: they are switched on again', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  await unheard(acme, [{ ...jo, disabled: true }, ...rest]);
  expect(accountOf(jo)?.active).toBe(false);
  expect(await acme.sync([jo, ...rest])).toMatchObject({ done: { failed: 0 } });
  expect(accountOf(jo)?.active).toBe(true);

  // From then on they are believed again, and nobody is asked about.
  const before = reads();
  expect((await acme.sync([jo, ...rest.slice(1), { ...(rest[0] as Person), title: 'Cook' }])).done).toMatchObject({ updated: 1 });
  expect(reads()).toBe(before);
});

test('somebody was switched on and has left: they are deactivated', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  await acme.sync([{ ...jo, disabled: true }, ...rest]);
  await unheard(acme, [jo, ...rest]);
  expect(accountOf(jo)?.active).toBe(true);
  expect((await acme.sync(rest)).done).toMatchObject({ deactivated: 1 });
  expect(accountOf(jo)?.active).toBe(false);
});

test('somebody was renamed and is called as before: the account is too', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  await unheard(acme, [{ ...jo, mail: 'jo.new@acme.example', title: 'Cook' }, ...rest]);
  expect(accountOf(jo)).toMatchObject({ userName: 'jo.new@acme.example', title: 'Cook' });
  await acme.sync([jo, ...rest]);
  expect(accountOf(jo)).toMatchObject({ userName: jo.mail });
  expect(accountOf(jo)).not.toHaveProperty('title');
});

test('a deactivation whose answers were lost is a failure of the person, and whoever is back by the next run is switched on', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  its.lms.controls.faults.add({ kind: 'resetAfter', match: { method: 'PATCH' } });
  const run = await acme.open([{ ...jo, disabled: true }, ...rest.map((person) => ({ ...person, title: 'Cook' }))]);
  await run.plan();
  await run.write().catch(() => undefined); // as far as it comes
  await run.close('failed');
  its.lms.controls.faults.remove();
  await acme.sync([jo, ...rest]);
  expect(accountOf(jo)?.active).toBe(true);
  expect(its.lms.accounts().filter(({ title }) => title !== undefined)).toEqual([]);
});

test('who is back without a name is switched on with what the account holds, also where nobody heard that it was switched off', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  await unheard(acme, [{ ...jo, disabled: true }, ...rest]);
  await acme.sync([{ ...jo, mail: '' }, ...rest]);
  expect(accountOf(jo)).toMatchObject({ active: true, userName: jo.mail });
});
