/** Situation 23: what is on the protected list is never changed, by whichever of its names, and nobody else suffers for it. */
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const [jo, al, ...rest] = crowd(6) as [Person, Person, ...Person[]];
const accountOf = ({ id }: Person) => its.lms.accounts().find(({ externalId }) => externalId === id);
type Customer = Awaited<ReturnType<typeof stepsOf>>;

describe('an account that was renamed by hand in the LMS, and is protected by the name that it has there', () => {
  async function renamedByHand(): Promise<Customer> {
    const acme = await stepsOf(its.store, its.lms);
    await acme.sync([jo, al, ...rest]);
    its.lms.changeAccount(accountOf(jo)?.id as string, { userName: 'lms-admin' });
    await acme.configure({ protectedAccounts: ['LMS-Admin'] });
    return acme;
  }

  test.each([
    ['left the group', [al, ...rest]],
    ['is disabled', [{ ...jo, disabled: true as const }, al, ...rest]],
    ['has another title', [{ ...jo, title: 'Cook' }, al, ...rest]],
  ])('is unlinked and left as it is when its person %s', async (_title, people) => {
    const acme = await renamedByHand();
    const account = accountOf(jo);
    expect((await acme.sync(people)).done).toMatchObject({ unlinked: 1, updated: 0, deactivated: 0 });
    expect(accountOf(jo)).toEqual(account);
    expect(account).toMatchObject({ active: true, userName: 'lms-admin' });
  });

  test('is looked for once: as long as the list stays as it is, the accounts are not read for it again', async () => {
    const acme = await renamedByHand();
    await acme.sync([al, ...rest]);
    const requests = () => its.lms.controls.counts.report().total;
    const before = requests();
    await acme.sync([al, ...rest.slice(0, 3)]);
    expect(requests() - before).toBe(1); // the deactivation
  });
});

describe('whoever is renamed onto a protected name', () => {
  const boss = 'boss@acme.example';
  async function renamedOnto(): Promise<Customer> {
    const acme = await stepsOf(its.store, its.lms, { protectedAccounts: [boss] });
    await acme.sync([jo, al, ...rest]);
    expect(await acme.sync([{ ...jo, mail: boss }, al, ...rest])).toMatchObject({
      done: { unlinked: 0, updated: 0 },
      problems: { AccountProtected: 1 },
    });
    return acme;
  }

  test('keeps their account as it is, and is deactivated when they leave', async () => {
    const acme = await renamedOnto();
    expect(accountOf(jo)).toMatchObject({ active: true, userName: jo.mail });
    expect((await acme.sync([al, ...rest])).done).toMatchObject({ deactivated: 1 });
    expect(accountOf(jo)).toMatchObject({ active: false, userName: jo.mail });
  });

  test('is deactivated when they are disabled, and switched on again as they were', async () => {
    const acme = await renamedOnto();
    expect((await acme.sync([{ ...jo, mail: boss, disabled: true }, al, ...rest])).done).toMatchObject({ deactivated: 1 });
    expect(await acme.sync([{ ...jo, mail: boss }, al, ...rest])).toMatchObject({
      done: { reactivated: 1 },
      problems: { AccountProtected: 1 },
    });
    expect(accountOf(jo)).toMatchObject({ active: true, userName: jo.mail });
  });
});
