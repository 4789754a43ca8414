import { ApplicationFailure } from '@temporalio/common';
import { openStage, timeSkippingServer, type Stage } from './stage';

jest.setTimeout(120_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(() => timeSkippingServer());
});
afterAll(() => stage?.close()); // undefined where the server did not start
afterEach(() => {
  stage.world.failing = {};
});

describe('a success that is missed', () => {
  test('makes a customer stale two cadences and ten minutes after the last, and the next success makes it well', async () => {
    const acme = await stage.live('stale');
    await acme.closeRun({ runId: 'r1' });
    await stage.environment.sleep('2h');
    expect((await acme.ask('status')).health).toEqual({ is: 'healthy', because: [] });
    await stage.environment.sleep('11m');
    await stage.eventually(async () => (await acme.ask('status')).health.is === 'stale');
    await acme.closeRun({ runId: 'r2' });
    expect((await acme.ask('status')).health.is).toBe('healthy');
  });

  test('is not waited for while paused, and anew after resuming', async () => {
    const acme = await stage.live('waiting');
    await acme.update('pause', { reason: 'holidays', by: 'Jo' });
    await stage.environment.sleep('3d');
    expect((await acme.ask('status')).health.is).toBe('paused');
    await acme.update('resume', { by: 'Jo' });
    await stage.environment.sleep('1h');
    expect((await acme.ask('status')).health.is).toBe('healthy');
    await stage.environment.sleep('2h');
    await stage.eventually(async () => (await acme.ask('status')).health.is === 'stale');
  });
});

describe('a run’s end', () => {
  test('with a rejected secret is shown with the remedy, and mends itself with the next success', async () => {
    const acme = await stage.live('rejected');
    await acme.closeRun({ runId: 'r1', outcome: 'failed', because: 'SecretExpired', detail: 'AADSTS7000222' });
    expect(await acme.ask('status')).toMatchObject({
      health: { is: 'failing', because: [expect.stringContaining('Create a new client secret')] },
      open: ['directoryCredential'],
    });
    await stage.environment.sleep('1m');
    await acme.closeRun({ runId: 'r2' });
    expect(await acme.ask('status')).toMatchObject({ health: { is: 'healthy' }, open: [] });
  });

  test('that was cancelled or terminated is kept and changes nothing else', async () => {
    const acme = await stage.live('terminated');
    await acme.closeRun({ runId: 'r1', outcome: 'cancelled', because: 'Cancelled' });
    expect(await acme.ask('status')).toMatchObject({ health: { is: 'healthy' }, lastRun: { runId: 'r1', outcome: 'cancelled' } });
  });

  test('costs no activity, for the world need not follow it', async () => {
    const acme = await stage.live('cheap');
    const before = stage.world.calls.length;
    for (const runId of ['r1', 'r2', 'r3']) await acme.closeRun({ runId });
    expect(stage.world.calls).toHaveLength(before);
  });

  test('that makes no sense, sent by hand, is not heard and does no harm', async () => {
    const acme = await stage.live('nonsense');
    await acme.anyRun().signal('runClosed', 'done');
    await acme.anyRun().signal('runClosed', { runId: 'r1', customerId: 'globex' });
    await acme.closeRun({ runId: 'r2' });
    expect((await acme.ask('runs')).map(({ runId }) => runId)).toEqual(['r2', expect.any(String)]);
  });
});

describe('what can’t be done now', () => {
  test('is shown, comes round again ten minutes later, and never ends the customer', async () => {
    const acme = await stage.live('keys');
    stage.world.failing.sealingKeys = () => ApplicationFailure.nonRetryable('the ring is empty', 'CredentialUnreadable');
    await stage.environment.sleep('25h');
    await stage.eventually(async () => (await acme.ask('status')).postponed.refreshSealingKeys !== undefined);
    expect((await acme.ask('status')).health.because).toContainEqual(
      expect.stringMatching(/refreshSealingKeys could not be done.*the ring is empty/),
    );

    stage.world.failing = {};
    stage.world.kids = ['k2'];
    await stage.environment.sleep('11m');
    await stage.eventually(async () => (await acme.ask('status')).postponed.refreshSealingKeys === undefined);
    await expect(acme.handOver('directory')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('sealed to a key that the workers don’t have') },
    });
    stage.world.kids = ['k1'];
  });

  test('a decision that the world can’t follow is refused, and what counts still is told again under a later number', async () => {
    const acme = await stage.live('unfollowed');
    const { decisions } = await acme.ask('status');
    stage.world.failing.followDecisions = () => ApplicationFailure.nonRetryable('no such namespace', 'Broken');
    expect(await acme.refusal('pause', { reason: 'migration', by: 'Jo' })).toMatchObject({
      message: expect.stringContaining('no such namespace'),
    });
    expect(await acme.ask('status')).not.toHaveProperty('paused');
    await stage.eventually(async () => (await acme.ask('status')).postponed.followDecisions !== undefined);

    stage.world.failing = {};
    await stage.environment.sleep('11m');
    await stage.eventually(async () => (await acme.ask('status')).postponed.followDecisions === undefined);
    expect(stage.world.followed.get('unfollowed')!.decisions).toBeGreaterThan(decisions + 1);
    expect(stage.world.followed.get('unfollowed')).not.toHaveProperty('paused');
  });

  test('a store that is down for a while delays a decision and doesn’t lose it', async () => {
    const acme = await stage.live('patient');
    let refusals = 3;
    stage.world.failing.followDecisions = () => {
      refusals -= 1;
      if (refusals === 0) stage.world.failing = {};
      return ApplicationFailure.retryable('The database did not answer.', 'StoreUnavailable');
    };
    const pausing = acme.update('pause', { reason: 'migration', by: 'Jo' });
    await stage.environment.sleep('1m');
    expect((await pausing).status.health.is).toBe('paused');
  });
});
