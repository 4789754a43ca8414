/** A request got through, and nobody heard of it: what was written last is not what the account holds, and the directory may demand the old state again by the next run. */
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const [jo, ...rest] = crowd(6) as [Person, ...Person[]];
const [al, ...others] = rest as [Person, ...Person[]];
const accountOf = ({ id }: Person) => its.lms.accounts().find(({ externalId }) => externalId === id);
const reads = () => its.lms.controls.counts.of('GET /Users/{id}');

test('somebody was deactivated and is back: they are switched on again', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  await acme.unheard([{ ...jo, disabled: true }, ...rest]);
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
  await acme.unheard([jo, ...rest]);
  expect(accountOf(jo)?.active).toBe(true);
  expect((await acme.sync(rest)).done).toMatchObject({ deactivated: 1 });
  expect(accountOf(jo)?.active).toBe(false);
});

test('somebody was renamed and is called as before: the account is too', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  await acme.unheard([{ ...jo, mail: 'jo.new@acme.example', title: 'Cook' }, ...rest]);
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
  await acme.unheard([{ ...jo, disabled: true }, ...rest]);
  await acme.sync([{ ...jo, mail: '' }, ...rest]);
  expect(accountOf(jo)).toMatchObject({ active: true, userName: jo.mail });
});

test('a deactivation whose first answer was lost and whose second try was refused: whoever is back by the next run is switched on', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  const match = { method: 'PATCH', path: accountOf(jo)?.id as string };
  its.lms.controls.faults.add({ kind: 'resetAfter', match, times: 1 });
  its.lms.controls.faults.add({ kind: 'serverError', status: 400, match });
  expect((await acme.sync([{ ...jo, disabled: true }, ...rest])).done).toMatchObject({ deactivated: 0, failed: 1 });
  its.lms.controls.faults.remove();
  expect(accountOf(jo)?.active).toBe(false);
  await acme.sync([jo, ...rest]);
  expect(accountOf(jo)?.active).toBe(true);
});

test('somebody was deactivated, and is back to swap names with another: they are switched on, though their name is set aside first', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  await acme.unheard([{ ...jo, disabled: true }, ...rest]);
  await acme.sync([{ ...jo, mail: al.mail }, { ...al, mail: jo.mail }, ...others]);
  expect(accountOf(jo)).toMatchObject({ active: true, userName: al.mail });
  expect(accountOf(al)).toMatchObject({ active: true, userName: jo.mail });
});

test('somebody was switched on, could not be renamed, got another manager and left: they are deactivated', async () => {
  its.lms.addAccounts([{ userName: 'taken@acme.example' }]);
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  await acme.sync([{ ...jo, disabled: true }, ...rest]);
  await acme.unheard([jo, ...rest]);
  expect(accountOf(jo)?.active).toBe(true);
  await acme.sync([{ ...jo, mail: 'taken@acme.example', boss: al.id }, ...rest]);
  await acme.sync(rest);
  expect(accountOf(jo)?.active).toBe(false);
});

test('somebody was renamed, and then deactivated with an answer: when they are back the name is looked at too', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  await acme.unheard([{ ...jo, title: 'Cook', mail: 'jo.new@acme.example' }, ...rest]);
  expect((await acme.sync([{ ...jo, disabled: true }, ...rest])).done).toMatchObject({ deactivated: 1 });
  expect((await acme.sync([{ ...jo, disabled: true }, ...rest])).done).toMatchObject({ deactivated: 0, updated: 0 });
  await acme.sync([jo, ...rest]);
  expect(accountOf(jo)).toMatchObject({ active: true, userName: jo.mail });
  expect(accountOf(jo)).not.toHaveProperty('title');
});

test('where ids are made of user names, an account that was renamed is found under its new one, and let go when its person leaves', async () => {
  its.lms.setAwkwardness({ idEqualsUserName: true });
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, al, ...others]);
  const [renamed, other] = [
    { ...jo, mail: 'jo.new@acme.example' },
    { ...al, mail: 'al.new@acme.example' },
  ];
  await acme.unheard([renamed, other, ...others]);
  expect(await acme.sync([renamed, ...others])).toMatchObject({ done: { failed: 0, deactivated: 1 } });
  expect([accountOf(jo), accountOf(al)]).toMatchObject([{ active: true, userName: renamed.mail }, { active: false }]);
  expect((await acme.sync(others)).done).toMatchObject({ failed: 0, deactivated: 1 });
  expect(accountOf(jo)?.active).toBe(false);
});

test('what an administrator of the LMS typed where the directory has nothing stays, and what was sent unheard goes', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  its.lms.changeAccount(accountOf(jo)?.id as string, { title: 'by hand' });
  await acme.unheard([{ ...jo, disabled: true }, { ...al, title: 'Cook' }, ...others]);
  await acme.sync([jo, al, ...others]);
  expect(accountOf(jo)).toMatchObject({ active: true, title: 'by hand' });
  expect(accountOf(al)).not.toHaveProperty('title');
});

test('two have swapped names, and a flood of renames is held: nobody is called by a temporary name again', async () => {
  const none = { count: 0, percent: 1 };
  const acme = await stepsOf(its.store, its.lms, { thresholds: { leavers: none, additions: none, renames: { count: 2, percent: 1 } } });
  await acme.sync([jo, ...rest]);
  const swapped = [
    { ...jo, mail: al.mail },
    { ...al, mail: jo.mail },
  ];
  await acme.unheard([...swapped, ...others], 1); // the name that is set aside is heard of, what follows isn't
  expect(swapped.map((one) => accountOf(one)?.userName)).toEqual(swapped.map(({ mail }) => mail));
  await acme.sync([...swapped, ...others.map((one) => ({ ...one, mail: `new-${one.mail}` }))]);
  expect(swapped.map((one) => accountOf(one)?.userName)).toEqual(swapped.map(({ mail }) => mail));
});

test('the account of somebody who leaves was deleted in the LMS: there is nothing left to do, in the next run either', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([jo, ...rest]);
  its.lms.deleteAccount(accountOf(jo)?.id as string);
  const run = await acme.open(rest);
  await run.plan();
  await run.write();
  expect(await run.rows()).toMatchObject([{ memberId: jo.id, outcome: 'unchanged', code: 'TargetAccountMissing' }]);
  await run.close();
  expect(await (await acme.open(rest)).read()).toMatchObject({ settled: true });
});
