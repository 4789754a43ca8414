import { credentialGiven, configured } from '../../../domain/customer/decisions';
import { healthOf } from '../../../domain/customer/health';
import { lastTelling, withRun } from '../../../domain/customer/run-history';
import { openItems } from '../../../domain/customer/state';
import { statusOf } from '../../../domain/customer/status';
import { noPlan, nothingDone } from '../../../domain/run/run';
import { acme, at, configuration, live, ready, report, withCredentials } from './acme';

const open = (state: typeof acme) => openItems(state).map(([item]) => item);

describe('a run’s end', () => {
  test('is kept once, however often it is told', () => {
    const once = withRun(live, report({ runId: 'r1' }));
    expect(withRun(once, report({ runId: 'r1' }))).toEqual(once);
  });

  test('leaves the last twenty, newest first', () => {
    const state = Array.from({ length: 25 }, (_none, n) => report({ runId: `r${n}`, endedAt: at(100 + n) })).reduce(withRun, live);
    expect(state.runs.map(({ runId }) => runId)).toEqual(Array.from({ length: 20 }, (_none, n) => `r${24 - n}`));
  });

  test('that succeeded is the last success and ends staleness', () => {
    const state = withRun({ ...live, staleSince: at(1) }, report({ runId: 'r1', endedAt: at(40) }));
    expect(state.lastSuccessAt).toBe(at(40));
    expect(state).not.toHaveProperty('staleSince');
  });

  test('that holds people for a decision is a success all the same', () => {
    const held = report({ runId: 'r1', outcome: 'held', plan: { ...noPlan, held: 3 }, openHolds: 3, endedAt: at(40) });
    expect(withRun(live, held)).toMatchObject({ lastSuccessAt: at(40), holds: 3 });
  });

  test('that found nobody in the group and holds everybody is no success, and ends no staleness', () => {
    const before = { ...live, lastSuccessAt: at(20), staleSince: at(30) };
    const emptied = report({ runId: 'r1', outcome: 'held', members: 0, plan: { ...noPlan, held: 12 }, openHolds: 12, endedAt: at(40) });
    const state = withRun(before, emptied);
    expect(state).toMatchObject({ lastSuccessAt: at(20), staleSince: at(30), holds: 12 });
    expect(healthOf(state).because).toContainEqual(expect.stringContaining('12 held changes wait'));
    const decided = report({ runId: 'r2', members: 0, openHolds: 0, endedAt: at(50) });
    expect(withRun(state, decided)).toMatchObject({ lastSuccessAt: at(50), holds: 0 });
  });

  test('that was cancelled or skipped says nothing about how things stand', () => {
    const failed = withRun(live, report({ runId: 'r1', outcome: 'failed', because: 'GroupNotFound', endedAt: at(20) }));
    const state = [
      report({ runId: 'r2', outcome: 'cancelled', endedAt: at(21) }),
      report({ runId: 'r3', outcome: 'skipped', because: 'LeaseHeld', endedAt: at(22) }),
    ].reduce(withRun, failed);
    expect(lastTelling(state)?.runId).toBe('r1');
    expect(healthOf(state).is).toBe('failing');
    expect(state).not.toHaveProperty('lastSuccessAt');
  });

  test('however many skipped runs follow, a failure stays in sight', () => {
    const failed = withRun(live, report({ runId: 'r', outcome: 'failed', because: 'TargetUnavailable' }));
    const state = Array.from({ length: 30 }, (_none, n) =>
      report({ runId: `s${n}`, outcome: 'skipped', because: 'LeaseHeld', endedAt: at(100 + n) }),
    ).reduce(withRun, failed);
    expect(healthOf(state).is).toBe('failing');
  });

  test('that is told late does not overrule a newer one', () => {
    const newer = withRun(live, report({ runId: 'r2', endedAt: at(60) }));
    const state = withRun(newer, report({ runId: 'r1', outcome: 'failed', because: 'SecretExpired', endedAt: at(50) }));
    expect(healthOf(state).is).toBe('healthy');
    expect(state.runs.map(({ runId }) => runId)).toEqual(['r2', 'r1', 'p1']);
  });

  test('takes the number of open holds from the run, those of earlier runs included', () => {
    expect(withRun(live, report({ runId: 'r1', outcome: 'held', plan: { ...noPlan, held: 7 }, openHolds: 9 })).holds).toBe(9);
    expect(withRun({ ...live, holds: 9 }, report({ runId: 'r2', outcome: 'failed', because: 'TargetUnavailable' })).holds).toBe(9);
  });

  test('takes the run that was asked for off the list', () => {
    const asked = { ...live, started: { sync: { workflowId: 'sync/acme/manual', runId: 'r1', at: at(9) } } };
    expect(withRun(asked, report({ runId: 'r0' })).started).toHaveProperty('sync');
    expect(withRun(asked, report({ runId: 'r1' })).started).toEqual({});
  });

  test('is kept with its words shortened', () => {
    const [run] = withRun(live, report({ runId: 'r1', outcome: 'failed', detail: 'x'.repeat(10_000) })).runs;
    expect(run?.detail?.length).toBe(501);
  });
});

describe('a credential that a run was refused with', () => {
  const failed = withRun(
    live,
    report({ runId: 'r1', outcome: 'failed', because: 'SecretRejected', detail: 'AADSTS7000215', endedAt: at(20) }),
  );

  test('is un-ticked and shown with the remedy', () => {
    expect(open(failed)).toEqual(['directoryCredential']);
    expect(failed.against.directoryCredential).toMatchObject({
      by: 'run r1',
      code: 'SecretRejected',
      says: 'AADSTS7000215',
      remedy: expect.stringContaining('the secret’s Value'),
    });
    expect(healthOf(failed)).toEqual({ is: 'failing', because: [expect.stringContaining('copy the secret’s Value')] });
  });

  test('is proven again by the next run that gets through, without anybody doing anything', () => {
    const state = withRun(failed, report({ runId: 'r2', startedAt: at(70), endedAt: at(71) }));
    expect(open(state)).toEqual([]);
    expect(statusOf(state).health).toEqual({ is: 'healthy', because: [] });
  });

  test('is not blamed on its successor, which was handed over while the run was on', () => {
    const state = withRun(
      credentialGiven(live, 'directory', { credentialId: 'd2', by: 'Jo', at: at(15) }),
      report({ runId: 'r1', outcome: 'failed', because: 'SecretExpired', startedAt: at(10), endedAt: at(20) }),
    );
    expect(state.against).toEqual({});
  });

  test('for the LMS comes back with a run that reached it', () => {
    const refused = withRun(live, report({ runId: 'r1', outcome: 'failed', because: 'TargetCredentialRejected' }));
    expect(open(refused)).toEqual(['targetCredential']);
    expect(open(withRun(refused, report({ runId: 'r2', endedAt: at(30) })))).toEqual([]);
  });
});

describe('a preview', () => {
  const preview = (told: object) => report({ runId: 'p', mode: 'preview', endedAt: at(30), ...told });

  test('can be signed off once it has succeeded', () => {
    expect(withRun(withCredentials(), preview({})).preview?.runId).toBe('p');
    expect(withRun(withCredentials(), preview({ outcome: 'failed', because: 'GroupNotFound' })).preview).toBeUndefined();
  });

  test('of an older group or LMS can not', () => {
    const changed = configured(ready, { ...configuration, version: 2, rehearsalKey: 'second' });
    expect(withRun(changed, preview({ configurationVersion: 1 })).preview).toBeUndefined();
    expect(withRun(changed, preview({ configurationVersion: 2 })).preview?.runId).toBe('p');
  });

  test('proves that members can be read', () => {
    expect(open(withRun(withCredentials(), preview({})))).toEqual(['targetCredential', 'targetWritable', 'previewSigned']);
  });
});

describe('health', () => {
  const succeeded = withRun(live, report({ runId: 'r1' }));
  test.each([
    ['healthy', 'after a success with nothing left over', succeeded],
    ['healthy', 'in set-up before anything was tried', acme],
    ['degraded', 'with people who can’t be synced', withRun(live, report({ runId: 'r', plan: { ...noPlan, problems: 3 } }))],
    ['degraded', 'with changes that failed', withRun(live, report({ runId: 'r', done: { ...nothingDone, failed: 1 } }))],
    ['degraded', 'with holds that wait', { ...succeeded, holds: 4 }],
    ['degraded', 'when a new sign-off is waited for', configured(succeeded, { ...configuration, version: 2, rehearsalKey: 'second' })],
    [
      'degraded',
      'when the clock could not do something',
      { ...succeeded, postponed: { refreshSealingKeys: { until: at(1), because: 'down' } } },
    ],
    [
      'failing',
      'after a failed run',
      withRun(succeeded, report({ runId: 'r2', outcome: 'failed', because: 'TargetUnavailable', endedAt: at(99) })),
    ],
    [
      'failing',
      'in set-up after a failed preview',
      withRun(acme, report({ runId: 'p', mode: 'preview', outcome: 'failed', because: 'GroupNotFound' })),
    ],
    ['stale', 'when a success is overdue', { ...succeeded, staleSince: at(300) }],
    [
      'paused',
      'whatever else there is',
      { ...succeeded, staleSince: at(300), holds: 2, paused: { reason: 'migration', by: 'Jo', since: at(1) } },
    ],
  ] as const)('is %s %s', (is, _title, state) => {
    expect(healthOf(state).is).toBe(is);
  });
});
