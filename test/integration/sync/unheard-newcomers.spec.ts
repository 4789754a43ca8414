/** Somebody was made or adopted, and nobody heard of it; by the next run the directory tells another story. */
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const [jo, ...rest] = crowd(6) as [Person, ...Person[]];
const renamed = { ...jo, mail: 'jo.new@acme.example' };
const accountsOf = ({ id }: Person) => its.lms.accounts().filter(({ externalId }) => externalId === id);

test('whoever was adopted and is renamed keeps the account that was adopted', async () => {
  const hand = its.lms.addAccounts([{ userName: jo.mail }])[0]?.id as string;
  const acme = await stepsOf(its.store, its.lms);
  await acme.unheard([jo, ...rest]);
  expect(accountsOf(jo)).toMatchObject([{ id: hand }]);
  await acme.sync([renamed, ...rest]);
  expect(accountsOf(jo)).toMatchObject([{ id: hand, userName: renamed.mail }]);
});

test('an account that was to be adopted, was not, and whose person is renamed stays as it is: nobody can tell any more that it is theirs', async () => {
  const hand = its.lms.addAccounts([{ userName: jo.mail }])[0]?.id as string;
  const acme = await stepsOf(its.store, its.lms);
  const run = await acme.open([jo, ...rest]);
  await run.plan();
  await run.close('cancelled');
  await acme.sync([renamed, ...rest]);
  expect(accountsOf(jo)).toMatchObject([{ userName: renamed.mail }]);
  expect(its.lms.account(hand)).toMatchObject({ userName: jo.mail });
  expect(its.lms.account(hand)).not.toHaveProperty('externalId');
});

test('whoever was made and is renamed is found where the LMS can be asked for user names alone', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync(rest);
  its.lms.controls.faults.add({ kind: 'serverError', status: 400, match: { method: 'GET', path: 'externalId' } });
  await acme.unheard([jo, ...rest]);
  // Twice: what the first one sent is known after the second as well, which reached nobody.
  const cut = await acme.open([{ ...jo, mail: 'jo.other@acme.example' }, ...rest]);
  await cut.plan();
  await cut.close('cancelled');
  await acme.sync([renamed, ...rest]);
  expect(accountsOf(jo)).toMatchObject([{ userName: renamed.mail }]);
});

test.each([
  ['disabled', { ...jo, disabled: true as const }],
  ['without a user name', { ...jo, mail: '' }],
])('whoever was made and is %s by now is linked, and let go when the time has come', async (_title, now) => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync(rest);
  await acme.unheard([jo, ...rest]);
  expect(accountsOf(jo)).toMatchObject([{ active: true }]);
  await acme.sync([now, ...rest]);
  await acme.sync(rest);
  expect(accountsOf(jo)).toMatchObject([{ active: false }]);
});

test('whoever was adopted, which switched the account on, and has left is let go', async () => {
  its.lms.addAccounts([{ userName: jo.mail, active: false }]);
  const acme = await stepsOf(its.store, its.lms);
  await acme.unheard([jo, ...rest]);
  expect(accountsOf(jo)).toMatchObject([{ active: true }]);
  await acme.sync(rest);
  expect(accountsOf(jo)).toMatchObject([{ active: false }]);
});

test('whoever was made with a lost answer, and then refused as somebody who is there, is let go when they leave', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync(rest);
  its.lms.setAwkwardness({ searchLags: 6 });
  its.lms.controls.faults.add({ kind: 'resetAfter', match: { method: 'POST' }, times: 1 });
  expect((await acme.sync([jo, ...rest])).done).toMatchObject({ created: 0, failed: 1 });
  its.lms.setAwkwardness({ searchLags: 0 });
  await acme.sync(rest);
  expect(accountsOf(jo)).toMatchObject([{ active: false }]);
});

test('somebody whose create is refused outright is not looked for before the next try', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync(rest);
  its.lms.controls.faults.add({ kind: 'serverError', status: 400, match: { method: 'POST' } });
  expect((await acme.sync([jo, ...rest])).done).toMatchObject({ failed: 1 });
  const asked = () => its.lms.controls.counts.of('GET /Users');
  const before = asked();
  expect((await acme.sync([jo, ...rest])).done).toMatchObject({ failed: 1 });
  expect(asked()).toBe(before);
});
