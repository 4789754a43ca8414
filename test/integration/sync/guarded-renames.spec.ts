/** Situation 8: what a flood of new user names, and what was decided about it, does to everybody concerned. */
import { Failure } from '../../../domain/failure';
import { crowd, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const [jo, al, mo, ...rest] = crowd(6) as [Person, Person, Person, ...Person[]];
const accountOf = ({ id }: Person) => its.lms.accounts().find(({ externalId }) => externalId === id);
const renamed = (person: Person, name: string): Person => ({ ...person, mail: `${name}@acme.example` });
const thresholds = (renames: number) => ({
  leavers: { count: 5, percent: 5 },
  additions: { count: 50, percent: 20 },
  renames: { count: renames, percent: 1 },
});
type Customer = Awaited<ReturnType<typeof stepsOf>>;

/** What the accounts are called, as far as we have heard. */
async function linkedNames({ customerId }: Customer): Promise<string[]> {
  const links = await its.store.database.rows<{ user_name: string }>(
    'select user_name from link where customer_id = $1 order by member_id',
    [customerId],
  );
  return links.map(({ user_name }) => user_name);
}

/** A run that makes changes, and is killed when it has heard of so many batches of them. */
async function killedAfter(batches: number, acme: Customer, people: Person[]): Promise<void> {
  const run = await acme.open(people);
  await run.plan();
  const { storeResults } = its.store.changes;
  let heard = 0;
  const lost: typeof storeResults = async (writer, stage, results, sentUntil) => {
    if (results.length > 0 && (heard += 1) > batches) throw new Failure('StoreUnavailable');
    await storeResults(writer, stage, results, sentUntil);
  };
  await expect(run.write({ changes: { ...its.store.changes, storeResults: lost } })).rejects.toMatchObject({ type: 'StoreUnavailable' });
  await run.close('cancelled');
}

describe('two who were let through to swap their names, in a run that was killed half-way', () => {
  test.each([
    ['as many as may be', 2, [renamed(mo, 'mo'), ...rest]],
    ['a flood', 0, [renamed(mo, 'mo'), ...rest.map((person, n) => renamed(person, `new${n}`))]],
  ])('get their names beside %s of other renames', async (_title, count, others) => {
    const acme = await stepsOf(its.store, its.lms, { thresholds: thresholds(2) });
    await acme.sync([jo, al, mo, ...rest]);
    const swapped = [
      { ...jo, mail: al.mail },
      { ...al, mail: jo.mail },
    ];
    await killedAfter(1, acme, [...swapped, mo, ...rest]);
    expect(await linkedNames(acme)).toContainEqual(expect.stringMatching(/^renaming-/));

    await acme.configure({ thresholds: thresholds(count) });
    await acme.sync([...swapped, ...others]);
    expect((await linkedNames(acme)).slice(0, 2)).toEqual([al.mail, jo.mail]);
    expect([jo, al].map((person) => accountOf(person)?.userName)).toEqual([al.mail, jo.mail]);
  });
});
