/** A person's failure stays theirs, and an outage is nobody's: told apart by who succeeds meanwhile. */
import type { ChangeStore } from '../../../adapters/store/change-store';
import { Failure } from '../../../domain/failure';
import { crowd, nth, stepsOf, storeAndLms, type Person } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const accountOf = (id: string) => its.lms.accounts().find(({ externalId }) => externalId === id);
const pathOf = (id: string) => `/Users/${accountOf(id)?.id}`;

describe('two members swap their user names', () => {
  const [one, other, ...rest] = crowd(6) as [Person, Person, ...Person[]];
  const swapped = [{ ...one, mail: other.mail }, { ...other, mail: one.mail }, ...rest.map((person) => ({ ...person, title: 'Pilot' }))];
  const temporary = () => its.lms.accounts().filter(({ userName }) => String(userName).startsWith('renaming-'));

  test('and the LMS refuses to rename the second: they get their own name back, and the others proceed', async () => {
    const acme = await stepsOf(its.store, its.lms);
    await acme.sync([one, other, ...rest]);
    const run = await acme.open(swapped);
    await run.plan();
    const [aside] = (await run.rows()).filter(({ kind }) => kind === 'setAside');
    const stays = aside?.memberId === one.id ? other : one;
    const fault = its.lms.controls.faults.add({ kind: 'serverError', match: { method: 'PATCH', path: pathOf(stays.id) } });
    await run.write();
    expect((await run.close()).done).toMatchObject({ updated: 4, failed: 2 });
    expect(temporary()).toEqual([]);
    expect([one, other].map(({ id }) => accountOf(id)?.userName)).toEqual([one.mail, other.mail]);
    expect(await run.rows()).toContainEqual(expect.objectContaining({ memberId: stays.id, outcome: 'failed', code: 'TargetUnavailable' }));

    its.lms.controls.faults.remove(fault.id);
    expect((await acme.sync(swapped)).done).toMatchObject({ failed: 0 });
    expect([one, other].map(({ id }) => accountOf(id)?.userName)).toEqual([other.mail, one.mail]);
  });

  test('and the last step fails with the name already given away: the row says that the name is temporary, and the next run mends it', async () => {
    const acme = await stepsOf(its.store, its.lms);
    await acme.sync([one, other, ...rest]);
    const run = await acme.open(swapped);
    await run.plan();
    const [aside] = (await run.rows()).filter(({ kind }) => kind === 'setAside');
    const fault = its.lms.controls.faults.add({
      kind: 'serverError',
      after: 1,
      match: { method: 'PATCH', path: pathOf(aside?.memberId ?? '') },
    });
    await run.write();
    expect((await run.close()).done).toMatchObject({ failed: 1 });
    const failed = (await run.rows()).find(({ outcome }) => outcome === 'failed');
    expect(failed).toMatchObject({ memberId: aside?.memberId, code: 'TargetUnavailable' });
    expect(failed?.detail).toContain('The account has a temporary user name until a run succeeds for it.');

    its.lms.controls.faults.remove(fault.id);
    expect((await acme.sync(swapped)).done).toMatchObject({ failed: 0 });
    expect([one, other].map(({ id }) => accountOf(id)?.userName)).toEqual([other.mail, one.mail]);
    expect(temporary()).toEqual([]);
  });

  test('and the worker dies once the first name was set aside: the next attempt brings both to their end', async () => {
    const acme = await stepsOf(its.store, its.lms);
    await acme.sync([one, other, ...rest]);
    const run = await acme.open(swapped);
    await run.plan();
    const [aside] = (await run.rows()).filter(({ kind }) => kind === 'setAside');
    let fetched = 0;
    const pending: ChangeStore['pending'] = (...asked) =>
      (fetched += 1) > 1 ? Promise.reject(new Failure('StoreUnavailable')) : its.store.changes.pending(...asked);
    await expect(run.write({ changes: { ...its.store.changes, pending } })).rejects.toMatchObject({ type: 'StoreUnavailable' });
    expect(temporary()).toMatchObject([{ externalId: aside?.memberId }]);
    const refusing = its.lms.controls.faults.add({
      kind: 'serverError',
      match: { method: 'PATCH', path: pathOf(aside?.memberId === one.id ? other.id : one.id) },
    });
    await run.write();
    expect(temporary()).toEqual([]); // given back by an attempt that hadn't set it aside itself
    its.lms.controls.faults.remove(refusing.id);
    await run.close();
    expect((await acme.sync(swapped)).done).toMatchObject({ failed: 0 });
    expect([one, other].map(({ id }) => accountOf(id)?.userName)).toEqual([other.mail, one.mail]);
  });
});

test('people whose every write gets a 500 are failed rows, tried again in each run, and hold nobody up, however many of them are left at the end', async () => {
  const acme = await stepsOf(its.store, its.lms);
  const people = crowd(30);
  await acme.sync(people);
  const poisoned = people.slice(0, 12);
  for (const { id } of poisoned) its.lms.controls.faults.add({ kind: 'serverError', match: { method: 'PATCH', path: pathOf(id) } });
  const promoted = people.map((person) => ({ ...person, title: 'Pilot' }));
  const first = await acme.open(promoted);
  await first.plan();
  await first.write();
  expect(await first.close()).toMatchObject({ outcome: 'succeeded', done: { updated: 18, failed: 12 } });
  const again = await acme.open(promoted);
  expect(await again.plan()).toMatchObject({ update: 12 });
  await again.write();
  expect(await again.close()).toMatchObject({ outcome: 'succeeded', done: { updated: 0, failed: 12 } });
  expect((await again.rows()).map(({ memberId, outcome, code }) => [memberId, outcome, code])).toEqual(
    poisoned.map(({ id }) => [id, 'failed', 'TargetUnavailable']),
  );
  its.lms.controls.faults.remove();
  expect((await acme.sync(promoted)).done).toMatchObject({ updated: 12, failed: 0 });
});

test('an account for which the LMS answers 500 to everything is a failed row in each run, and whoever leaves is deactivated all the same', async () => {
  const acme = await stepsOf(its.store, its.lms);
  const [poisoned, leaver, ...rest] = crowd(6) as [Person, Person, ...Person[]];
  await acme.sync([poisoned, leaver, ...rest]);
  its.lms.controls.faults.add({ kind: 'serverError', match: { path: pathOf(poisoned.id) } });
  const promoted = [{ ...poisoned, title: 'Pilot' }, ...rest];
  expect(await acme.sync([...promoted, leaver])).toMatchObject({ outcome: 'succeeded', done: { failed: 1 } });
  expect(await acme.sync(promoted)).toMatchObject({ outcome: 'succeeded', done: { failed: 1, deactivated: 1 } });
  expect(accountOf(leaver.id)?.active).toBe(false);
});

test.each([['serverError'], ['unavailableHtml'], ['down']])(
  'an LMS that answers every write so (%s) is an outage: no row fails, and after half an hour of trying the step does, with its cause',
  async (kind) => {
    const acme = await stepsOf(its.store, its.lms);
    const run = await acme.open(crowd(40));
    await run.plan();
    const fault = its.lms.controls.faults.add({ kind, ...(kind === 'down' ? {} : { match: { method: 'POST' } }) });
    await expect(run.write()).rejects.toMatchObject({ type: 'TargetUnavailable' });
    setTimeout(() => acme.pass(31 * 60_000), 300);
    await expect(run.write()).rejects.toMatchObject({ type: 'NoProgress', nonRetryable: true, details: [{ cause: 'TargetUnavailable' }] });
    expect((await run.rows()).filter(({ outcome }) => outcome !== null)).toEqual([]);
    await run.close('failed');
    its.lms.controls.faults.remove(fault.id);
    expect((await acme.sync(crowd(40))).done).toMatchObject({ created: 40, failed: 0 });
  },
);

test('an LMS that throttles for half an hour without letting anything through fails the step too', async () => {
  const acme = await stepsOf(its.store, its.lms);
  const run = await acme.open(crowd(3));
  await run.plan();
  its.lms.controls.faults.add({ kind: 'throttled', retryAfter: 0.05, match: { method: 'POST' } });
  setTimeout(() => acme.pass(31 * 60_000), 300);
  await expect(run.write()).rejects.toMatchObject({ type: 'NoProgress', details: [{ cause: 'TargetThrottled' }] });
  expect(accountOf(nth(1))).toBeUndefined();
});
