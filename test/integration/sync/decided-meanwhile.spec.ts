/** A run goes by what was decided when it opened: what is decided between that and its end is the next run's business, and must find one. */
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const leavers = { leftGroup: 'leave', disabled: 'leave', deleted: 'deactivate' } as const;
const thresholds = { leavers: { count: 0, percent: 1 }, additions: { count: 0, percent: 1 }, renames: { count: 50, percent: 50 } };
const [jo, ...rest] = crowd(6) as [Person, ...Person[]];
const accountOf = ({ id }: Person) => its.lms.accounts().find(({ externalId }) => externalId === id);
const withTitle = rest.map((person) => ({ ...person, title: 'Cook' }));

test.each([
  ['another policy for leavers', { leavers: { ...leavers, leftGroup: 'deactivate' } }],
  ['what becomes of managers who are not there', { manager: { reference: 'write', unavailable: 'keep' } }],
  ['an account that is protected from now on', { protectedAccounts: [jo.mail] }],
] as const)('%s is acted on in the next run, though the directory doesn’t change any more', async (_what, changes) => {
  const acme = await stepsOf(its.store, its.lms, { leavers });
  await acme.sync([jo, ...rest]);
  await acme.sync(rest);
  const run = await acme.open(withTitle);
  await run.plan();
  await acme.configure({ leavers, ...changes, protectedAccounts: [...('protectedAccounts' in changes ? changes.protectedAccounts : [])] });
  await run.write();
  await run.close();
  expect(await (await acme.open(withTitle)).read()).toMatchObject({ settled: false });
});

test('so is one that is accepted while a run finds nothing to do', async () => {
  const acme = await stepsOf(its.store, its.lms, { leavers });
  await acme.sync([jo, ...rest]);
  await acme.sync(rest);
  const run = await acme.open(rest);
  expect(await run.read()).toMatchObject({ settled: true });
  await acme.configure({ leavers: { ...leavers, leftGroup: 'deactivate' } });
  await run.close();
  expect((await acme.sync(rest)).done).toMatchObject({ deactivated: 1 });
});

test('a hold that is released while the run that raised it is under way is passed by the next one', async () => {
  const acme = await stepsOf(its.store, its.lms, { thresholds });
  await acme.sync([jo, ...rest]);
  const run = await acme.open(withTitle);
  expect(await run.plan()).toMatchObject({ held: 1, deactivate: 0 });
  const { customerId } = acme;
  await its.store.holds.decide({ customerId, decision: 'release', holds: 'all', by: 'Jo', reason: 'left', at: new Date().toISOString() });
  await run.write();
  await run.close('held');
  const next = await acme.open(withTitle);
  expect(await next.read()).toMatchObject({ settled: false });
  expect(await next.plan()).toMatchObject({ deactivate: 1 });
  await next.write();
  expect(accountOf(jo)?.active).toBe(false);
});

test('a preview that is signed off while a sync is under way exempts the sync after that one', async () => {
  const acme = await stepsOf(its.store, its.lms, { thresholds });
  await acme.sync(rest);
  const run = await acme.open(withTitle);
  await run.plan();
  await acme.decide({ signedPreview: 'another' });
  await run.write();
  await run.close();
  expect((await acme.sync([jo, ...withTitle])).done).toMatchObject({ created: 1 });
  // And that one alone.
  expect((await acme.sync([jo, ...withTitle, crowd(7)[6] as Person])).plan).toMatchObject({ create: 0, held: 1 });
});

test('one that is signed off before a sync has planned does so too, for it opened without', async () => {
  const acme = await stepsOf(its.store, its.lms, { thresholds });
  await acme.sync(rest);
  const run = await acme.open([jo, ...rest]);
  await run.read();
  await acme.decide({ signedPreview: 'another' });
  expect(await run.plan()).toMatchObject({ create: 0, held: 1 });
  await run.close('held');
  expect((await acme.sync([jo, ...rest])).done).toMatchObject({ created: 1 });
});
