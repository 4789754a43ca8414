/** Whoever is back is switched on again, also where not all of what the directory says of them can be written. */
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const [back, holder, ...rest] = crowd(6) as [Person, Person, ...Person[]];
const accountOf = ({ id }: Person) => its.lms.accounts().find(({ externalId }) => externalId === id);
const writes = () => its.lms.journal({ by: 'client' }).length;

test.each([
  ['that the account of somebody who left still has', [...rest], 'AccountLinkedElsewhere'],
  ['that somebody else in the group has, too', [holder, ...rest], 'UserNameDuplicate'],
])('under a user name %s: they are active again, with what the account holds, and the problem is told', async (_title, others, code) => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([{ ...back, title: 'Pilot' }, holder, ...rest]);
  await acme.sync(others);
  expect(accountOf(back)?.active).toBe(false);
  const renamed = { ...back, mail: holder.mail, title: 'Cook' };

  const report = await acme.sync([renamed, ...others]);
  expect(report).toMatchObject({ outcome: 'succeeded', done: { reactivated: 1, updated: 0, failed: 0 }, problems: { [code]: 1 } });
  expect(accountOf(back)).toMatchObject({ active: true, userName: back.mail, title: 'Pilot' });
  expect(accountOf(holder)?.userName).toBe(holder.mail);

  const before = writes();
  await acme.sync([renamed, ...others, { id: '99999999-0000-4000-8000-000000000000', mail: 'new@acme.example' }]);
  expect(writes()).toBe(before + 1);
  // Once they have a name of their own, all of it is written.
  await acme.sync([{ ...renamed, mail: 'own@acme.example' }, ...others]);
  expect(accountOf(back)).toMatchObject({ active: true, userName: 'own@acme.example', title: 'Cook' });
});

test('without a user name at all: they are active again, with what the account holds, and stay so until they have one', async () => {
  const acme = await stepsOf(its.store, its.lms);
  await acme.sync([{ ...back, title: 'Pilot' }, ...rest]);
  await acme.sync([{ ...back, disabled: true }, ...rest]);
  expect(accountOf(back)?.active).toBe(false);
  const nameless = { ...back, mail: '', title: 'Cook' };

  expect(await acme.sync([nameless, ...rest])).toMatchObject({
    done: { reactivated: 1, updated: 0, failed: 0 },
    problems: { UserNameMissing: 1 },
  });
  expect(accountOf(back)).toMatchObject({ active: true, userName: back.mail, title: 'Pilot' });

  const before = writes();
  await acme.sync([nameless, ...rest, { id: '99999999-0000-4000-8000-000000000000', mail: 'new@acme.example' }]);
  expect(writes()).toBe(before + 1);
  // Disabled again, they are let go, nameless as they are.
  await acme.sync([{ ...nameless, disabled: true }, ...rest]);
  expect(accountOf(back)?.active).toBe(false);
  await acme.sync([{ ...back, title: 'Cook' }, ...rest]);
  expect(accountOf(back)).toMatchObject({ active: true, userName: back.mail, title: 'Cook' });
});
