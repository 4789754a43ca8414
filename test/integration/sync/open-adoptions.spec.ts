/** Accounts that were there, and can't be linked at once: what was read of the LMS is known, and the rest is asked about one by one. */
import { crowd, nth, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const listings = () => its.lms.controls.counts.of('GET /Users');
const named = (userName: string) => its.lms.accounts().filter((account) => account.userName === userName);
const [one, ...rest] = crowd(5) as [Person, ...Person[]];

/** Somebody's account was made by hand, and the LMS refuses to change it. */
async function refused() {
  its.lms.addAccounts([{ userName: one.mail, active: true, title: 'by hand' }]);
  const [account] = named(one.mail);
  const fault = its.lms.controls.faults.add({ kind: 'serverError', match: { method: 'PATCH', path: `/Users/${account?.id}` } });
  const acme = await stepsOf(its.store, its.lms);
  expect((await acme.sync([{ ...one, title: 'Pilot' }, ...rest])).done).toMatchObject({ created: 4, adopted: 0, failed: 1 });
  return { acme, fault, account };
}

test('an account that can’t be linked doesn’t make every run read the whole LMS, and is linked once it can', async () => {
  const { acme, fault } = await refused();
  its.lms.controls.counts.reset();
  for (let n = 0; n < 2; n += 1) expect((await acme.sync([{ ...one, title: 'Pilot' }, ...rest])).done).toMatchObject({ failed: 1 });
  expect(listings()).toBe(0);

  its.lms.controls.faults.remove(fault.id);
  expect((await acme.sync([{ ...one, title: 'Pilot' }, ...rest])).done).toMatchObject({ created: 0, adopted: 1, failed: 0 });
  expect(named(one.mail)).toMatchObject([{ active: true, title: 'Pilot' }]);
});

test('one that was given to somebody else meanwhile is left as it is, and the person gets their own', async () => {
  const { acme, fault, account } = await refused();
  its.lms.controls.faults.remove(fault.id);
  its.lms.changeAccount(account?.id as string, { userName: 'somebody.else' });
  expect((await acme.sync([{ ...one, title: 'Pilot' }, ...rest])).done).toMatchObject({ created: 1, adopted: 0, failed: 0 });
  expect(named('somebody.else')).toMatchObject([{ title: 'by hand' }]);
  expect(named(one.mail)).toMatchObject([{ externalId: nth(1), title: 'Pilot' }]);
});

test('somebody whose create always fails is looked for alone, run after run, and made once', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync(rest);
  const fault = its.lms.controls.faults.add({ kind: 'serverError', match: { method: 'POST' } });
  const withTitle = (title: string) => [one, ...rest.map((person) => ({ ...person, title }))];
  for (const title of ['Pilot', 'Cook', 'Clerk']) expect((await acme.sync(withTitle(title))).done).toMatchObject({ failed: 1, updated: 4 });

  its.lms.controls.faults.remove(fault.id);
  its.lms.addAccounts([{ userName: 'elsewhere', externalId: nth(1), active: true }]); // as if one of them had got through
  expect((await acme.sync(withTitle('Clerk'))).done).toMatchObject({ created: 1, failed: 0 });
  expect(its.lms.accounts().filter(({ externalId }) => externalId === nth(1))).toMatchObject([{ userName: one.mail, active: true }]);
  const runs = await its.store.database.rows<{ reconciled: boolean }>(
    'select reconciled from run where customer_id = $1 order by opened_at',
    [acme.customerId],
  );
  expect(runs.map(({ reconciled }) => reconciled)).toEqual([true, false, false, false, false]);
});
