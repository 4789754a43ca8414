/** An LMS that does not keep user names unique makes somebody twice without a word, so that nothing but care prevents it. */
import type { ChangeStore } from '../../../adapters/store/change-store';
import { Failure } from '../../../domain/failure';
import { startLms } from '../../../sandbox/lms/lms';
import { forAllTests, forEachTest } from '../opened';
import { openStore, type Store } from '../store/store-under-test';
import { crowd, nth, stepsOf } from './steps-world';
import type { Lms } from './world';

jest.setTimeout(120_000);

let store: Store;
let lms: Lms;
const people = crowd(12);

forAllTests(openStore, (opened) => (store = opened), 120_000);
forEachTest(
  () => startLms({ kind: 'lean', awkward: { allowsDuplicateUserNames: true } }),
  (started) => {
    lms = started;
    lms.addAccounts([{ userName: 'kiosk' }, { userName: 'kiosk' }]);
  },
);
afterEach(() => lms.close()); // the last test has another one by then

/** How many accounts each of them has. */
const accountsOf = (ids: string[]) => ids.map((id) => lms.accounts().filter(({ externalId }) => externalId === id).length);
const everybody = people.map(({ id }) => id);

/** The worker dies in the middle: what is sent gets through, and from the nth batch on nothing of it reaches the store. */
function dyingAt(nth: number): { changes: ChangeStore } {
  let stored = 0;
  const storeResults: ChangeStore['storeResults'] = (...batch) =>
    (stored += 1) >= nth ? Promise.reject(new Failure('StoreUnavailable')) : store.changes.storeResults(...batch);
  return { changes: { ...store.changes, storeResults } };
}

test.each([0, 3])(
  'creates go one at a time, so that one is uncertain when the worker dies; it is looked for before a second try, though searches miss it %i times',
  async (searchLags) => {
    lms.setAwkwardness({ searchLags });
    const acme = await stepsOf(store, lms);
    const run = await acme.open(people);
    expect(await run.plan()).toMatchObject({ create: 12 });
    await expect(run.write(dyingAt(8))).rejects.toMatchObject({ type: 'StoreUnavailable' });
    const made = accountsOf(everybody).reduce((sum, n) => sum + n, 0);
    const known = (await run.rows()).filter(({ outcome }) => outcome === 'done').length;
    expect(made).toBeGreaterThan(0);
    expect(made - known).toBe(1);

    await run.write();
    expect(await run.close()).toMatchObject({ outcome: 'succeeded', done: { created: 12, failed: 0 } });
    expect(accountsOf(everybody)).toEqual(everybody.map(() => 1));
  },
);

test.each([['resetAfter'], ['cutOff']])(
  'an answer that is lost (%s) makes nobody twice, though searches miss the account at first',
  async (kind) => {
    lms.setAwkwardness({ searchLags: 2 });
    const acme = await stepsOf(store, lms);
    const run = await acme.open(people);
    await run.plan();
    lms.controls.faults.add({ kind, ending: 'connection', times: 2, after: 3, match: { method: 'POST' } });
    await run.write();
    expect((await run.close()).done).toMatchObject({ created: 12, failed: 0 });
    expect(accountsOf(everybody)).toEqual(everybody.map(() => 1));
  },
);

test('an account that an ended run made without knowing it is found by the next run, under another name too', async () => {
  const acme = await stepsOf(store, lms);
  const ended = await acme.open(people);
  await ended.plan();
  await expect(ended.write(dyingAt(8))).rejects.toMatchObject({ type: 'StoreUnavailable' });
  await ended.close('failed');
  const renamed = people.map((person) => ({ ...person, mail: `new.${person.mail}` }));
  const next = await acme.sync(renamed);
  expect(next.done).toMatchObject({ failed: 0, adopted: 1 });
  expect(accountsOf(everybody)).toEqual(everybody.map(() => 1));
});

test('somebody whose account was made by hand meanwhile is linked to it, not made again', async () => {
  const acme = await stepsOf(store, lms);
  await acme.sync(people);
  lms.addAccounts([{ userName: 'p13@acme.example' }]);
  expect((await acme.sync(crowd(13))).done).toMatchObject({ created: 0, adopted: 1 });
  expect(lms.accounts().filter(({ userName }) => userName === 'p13@acme.example')).toMatchObject([{ externalId: nth(13) }]);
});

test('where names are unique, an account that an ended run made without knowing it is found by the next run under another name', async () => {
  await lms.close();
  lms = await startLms({ kind: 'lean' });
  const acme = await stepsOf(store, lms);
  await acme.sync(people.slice(0, 6));
  const ended = await acme.open(people);
  await ended.plan();
  await expect(ended.write(dyingAt(2))).rejects.toMatchObject({ type: 'StoreUnavailable' });
  expect(accountsOf(everybody)).toContain(1);
  await ended.close('failed');
  await acme.sync(people.map((person) => ({ ...person, mail: `new.${person.mail}` })));
  expect(accountsOf(everybody)).toEqual(everybody.map(() => 1));
});
