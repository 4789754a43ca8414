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

const decide = ({ customerId }: Customer, decision: 'release' | 'reject') =>
  its.store.holds.decide({ customerId, decision, holds: 'all', by: 'Jo', reason: 'because', at: new Date().toISOString() });
const openHolds = async ({ customerId }: Customer) =>
  (await its.store.lookUps.holds(customerId, undefined, undefined, 10)).map(({ kind, state, wantedName }) => ({ kind, state, wantedName }));

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

describe('whose new name was rejected', () => {
  async function rejected(): Promise<Customer> {
    const acme = await stepsOf(its.store, its.lms, { thresholds: thresholds(0) });
    await acme.sync([jo, al, ...rest]);
    expect(await acme.sync([{ ...renamed(jo, 'jo2'), title: 'Cook' }, al, ...rest])).toMatchObject({ plan: { held: 1, update: 0 } });
    expect(accountOf(jo)).not.toHaveProperty('title');
    await decide(acme, 'reject');
    return acme;
  }

  test('gets everything else under the name that they have, once', async () => {
    const acme = await rejected();
    const everybody = [{ ...renamed(jo, 'jo2'), title: 'Cook' }, al, ...rest];
    expect(await acme.sync(everybody)).toMatchObject({ outcome: 'succeeded', done: { updated: 1 }, problems: {} });
    expect(accountOf(jo)).toMatchObject({ userName: jo.mail, title: 'Cook' });
    expect((await acme.sync([...everybody, mo])).plan).toMatchObject({ update: 0, create: 1 });
    expect((await acme.sync([{ ...renamed(jo, 'jo2'), title: 'Clerk' }, al, ...rest, mo])).done).toMatchObject({ updated: 1 });
    expect(accountOf(jo)).toMatchObject({ userName: jo.mail, title: 'Clerk' });
  });

  test('is let go as anybody is, and asked about anew when they are back', async () => {
    const acme = await rejected();
    await acme.sync([{ ...renamed(jo, 'jo2'), disabled: true }, al, ...rest]);
    expect(accountOf(jo)).toMatchObject({ active: false, userName: jo.mail });
    await acme.sync([{ ...renamed(jo, 'jo2'), title: 'Clerk' }, al, ...rest]);
    expect(await openHolds(acme)).toEqual([{ kind: 'rename', state: 'open', wantedName: 'jo2@acme.example' }]);
    await decide(acme, 'reject');
    await acme.sync([{ ...renamed(jo, 'jo2'), title: 'Clerk' }, al, ...rest]);
    expect(accountOf(jo)).toMatchObject({ active: true, userName: jo.mail, title: 'Clerk' });
  });

  test('stands in the way of whoever is to have the name that they keep', async () => {
    const acme = await rejected();
    expect(await acme.sync([renamed(jo, 'jo2'), al, ...rest, { ...mo, mail: jo.mail }])).toMatchObject({
      problems: { AccountLinkedElsewhere: 1 },
      done: { created: 0, failed: 0 },
    });
  });

  test('gets it after all when it is released later', async () => {
    const acme = await rejected();
    const everybody = [renamed(jo, 'jo2'), al, ...rest];
    await acme.sync(everybody);
    const [hold] = await its.store.lookUps.holds(acme.customerId, undefined, undefined, 10);
    expect(
      await its.store.holds.decide({
        customerId: acme.customerId,
        decision: 'release',
        holds: [hold?.holdId as string],
        by: 'Jo',
        reason: 'after all',
        at: new Date().toISOString(),
      }),
    ).toEqual({ decided: 1, open: 0, changed: 1 });
    await acme.sync(everybody);
    expect(accountOf(jo)).toMatchObject({ userName: 'jo2@acme.example' });
    expect(await openHolds(acme)).toEqual([]);
  });
});

describe.each(['release', 'reject'] as const)('a decision to %s a new name', (decision) => {
  test('is about that name: another one is held and decided anew', async () => {
    const acme = await stepsOf(its.store, its.lms, { thresholds: thresholds(0) });
    await acme.sync([jo, al, ...rest]);
    await acme.sync([renamed(jo, 'jo2'), al, ...rest]);
    await decide(acme, decision);
    expect((await acme.sync([renamed(jo, 'jo3'), al, ...rest])).plan).toMatchObject({ held: 1, update: 0 });
    expect(accountOf(jo)?.userName).toBe(jo.mail);
    expect(await openHolds(acme)).toEqual([{ kind: 'rename', state: 'open', wantedName: 'jo3@acme.example' }]);
    await decide(acme, 'release');
    await acme.sync([renamed(jo, 'jo3'), al, ...rest]);
    expect(accountOf(jo)?.userName).toBe('jo3@acme.example');
  });
});

test('whoever waits for a decision about one name and is to have another one by then is held anew, so that nobody releases what they have not seen', async () => {
  const acme = await stepsOf(its.store, its.lms, { thresholds: thresholds(0) });
  await acme.sync([jo, al, ...rest]);
  await acme.sync([renamed(jo, 'jo2'), al, ...rest]);
  const [seen] = await its.store.lookUps.holds(acme.customerId, undefined, undefined, 10);
  await acme.sync([renamed(jo, 'jo3'), al, ...rest]);
  expect(
    await its.store.holds.decide({
      customerId: acme.customerId,
      decision: 'release',
      holds: [seen?.holdId as string],
      by: 'Jo',
      reason: 'jo2 is right',
      at: new Date().toISOString(),
    }),
  ).toEqual({ unknown: [seen?.holdId] });
});
