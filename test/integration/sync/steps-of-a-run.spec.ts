/** What holds for the steps of every run, whoever is synced. */
import { Failure } from '../../../domain/failure';
import { crowd, stepsOf, storeAndLms } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

const writes = () => its.lms.journal({ by: 'client' }).length;

describe('a run is skipped, with the reason', () => {
  test.each([
    [{ runs: { allowed: false, because: 'NotLive' } }, { because: 'NotLive' }],
    [
      {
        runs: { allowed: false, because: 'Paused' },
        paused: { reason: 'The LMS moves house', by: 'Jo', since: '2026-11-25T00:00:00Z' },
      },
      { because: 'Paused', detail: 'The LMS moves house' },
    ],
    [{ runs: { allowed: false, because: 'CredentialMissing' } }, { because: 'CredentialMissing' }],
    [{ runs: { allowed: false, because: 'SignOffMissing' } }, { because: 'SignOffMissing' }],
  ] as const)('of what was decided: %j', async (decided, because) => {
    const acme = await stepsOf(its.store, its.lms);
    await acme.decide(decided);
    expect(await acme.skipped()).toMatchObject({ outcome: 'skipped', ...because });
  });

  test('of the run that is at work, which it names; and of one whose last request may still be on its way', async () => {
    const acme = await stepsOf(its.store, its.lms);
    const { run } = await acme.open(crowd(1));
    const held = await acme.skipped({ describeRun: () => Promise.resolve({ status: 'RUNNING' }) });
    expect(held).toMatchObject({ outcome: 'skipped', because: 'LeaseHeld', detail: `sync (run ${run.runId}) is at work` });
    const closedAt = new Date().toISOString();
    const lingers = await acme.skipped({ describeRun: () => Promise.resolve({ status: 'TERMINATED', closedAt }) });
    expect(lingers?.detail).toMatch(/ended without giving its lease back; free at/);
    acme.pass(61_000);
    expect(await acme.skipped({ describeRun: () => Promise.resolve({ status: 'TERMINATED', closedAt }) })).toBeUndefined();
  });
});

test('a page with an object id that is no GUID is no page of Graph’s: nobody on it is stored, and it is said so', async () => {
  const acme = await stepsOf(its.store, its.lms);
  const run = await acme.open([...crowd(2), { id: 'user-3', mail: 'three@acme.example' }]);
  await expect(run.read()).rejects.toMatchObject({
    type: 'DirectoryUnavailable',
    message: expect.stringContaining('1 of the 3 object ids on a page are no GUIDs'),
  });
  await run.close('failed');
  expect((await acme.sync(crowd(2))).done).toMatchObject({ created: 2 });
});

test('a run is skipped while the one that has the lease is paused in Temporal, however long: what it had begun may still write', async () => {
  const acme = await stepsOf(its.store, its.lms);
  const { run } = await acme.open(crowd(1));
  acme.pass(24 * 3_600_000);
  expect(await acme.skipped({ describeRun: () => Promise.resolve({ runId: run.runId, status: 'PAUSED' }) })).toMatchObject({
    because: 'LeaseHeld',
    detail: `sync (run ${run.runId}) is not over: PAUSED`,
  });
});

test('a cancelled step stops between two people: whoever was begun is finished and known, nobody else is touched, and the next run goes on', async () => {
  const acme = await stepsOf(its.store, its.lms);
  const people = crowd(60);
  const run = await acme.open(people);
  await run.plan();
  its.lms.controls.latency.set({ write: 20 });
  const write = run.write();
  const until = setInterval(() => writes() >= 10 && run.cancel(), 5);
  await expect(write.finally(() => clearInterval(until))).rejects.toThrow('CANCELLED');
  const made = its.lms.accounts().map(({ externalId }) => externalId);
  expect(made.length).toBeGreaterThanOrEqual(10);
  expect(made.length).toBeLessThan(60);
  expect(
    (await run.rows())
      .filter(({ outcome }) => outcome === 'done')
      .map(({ memberId }) => memberId)
      .sort(),
  ).toEqual(made.sort());
  await run.close('cancelled');
  const next = await acme.sync(people);
  expect(next.done).toMatchObject({ created: 60 - made.length, failed: 0 });
});

test('a preview plans everything and writes nothing to the LMS', async () => {
  its.lms.addAccounts([{ userName: 'p1@acme.example', title: 'By hand' }]);
  const acme = await stepsOf(its.store, its.lms);
  const preview = await acme.open(crowd(5), 'preview');
  expect(await preview.plan()).toMatchObject({ create: 4, adopt: 1 });
  expect(await preview.close()).toMatchObject({ outcome: 'succeeded', plan: { create: 4, adopt: 1 }, done: { created: 0, adopted: 0 } });
  expect(writes()).toBe(0);
});

test.each([
  ['gives no answers', new Failure('DirectoryUnavailable'), 'DirectoryUnavailable'],
  ['throttles and never lets anything through', new Failure('DirectoryThrottled', undefined, { retryAfterMs: 10 }), 'DirectoryThrottled'],
])(
  'a directory that %s fails the reading after half an hour of trying, with its cause, and nobody is changed',
  async (_title, failure, cause) => {
    const acme = await stepsOf(its.store, its.lms);
    await acme.sync(crowd(5));
    const before = writes();
    const run = await acme.open(crowd(5));
    acme.refuse(failure);
    setTimeout(() => acme.pass(29 * 60_000), 100);
    const first = run.read();
    setTimeout(() => acme.pass(2 * 60_000), 400);
    if (cause === 'DirectoryUnavailable') {
      await expect(first).rejects.toMatchObject({ type: cause });
      await acme.keepTrying(run.read, 31, { type: 'NoProgress', details: [{ cause }] });
    } else await expect(first).rejects.toMatchObject({ type: 'NoProgress', details: [{ cause }] });
    await run.close('failed');
    expect(writes()).toBe(before);
    acme.refuse();
    expect(await acme.sync(crowd(5))).toMatchObject({ outcome: 'succeeded' });
  },
);

test('time in which nobody tried, for there was no worker or somebody had paused the activity, is not held against the step', async () => {
  const acme = await stepsOf(its.store, its.lms);
  const run = await acme.open(crowd(5));
  acme.refuse(new Failure('DirectoryUnavailable'));
  await expect(run.read()).rejects.toMatchObject({ type: 'DirectoryUnavailable' });
  acme.pass(3 * 3_600_000);
  await acme.keepTrying(run.read, 28, { type: 'DirectoryUnavailable' });
  await acme.keepTrying(run.read, 3, { type: 'NoProgress', nonRetryable: true });
  await run.close('failed');
});
