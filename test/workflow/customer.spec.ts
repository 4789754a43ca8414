import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { sealedAs } from '../unit/customer/acme';
import { audienceFor, openStage, type Stage } from './stage';
import { configuration } from './world';

jest.setTimeout(120_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close()); // undefined where the server did not start
afterEach(() => {
  stage.world.failing = {};
});

async function failureOfStart(customerId: string, input?: object): Promise<ApplicationFailure> {
  const { handle } = await stage.start(customerId, input);
  const error: unknown = await handle.result().catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure))
    throw new Error(`It did not fail: ${String(error)}`);
  return error.cause;
}

describe('starting a customer', () => {
  test('fails at once when its id is not the workflow’s, naming every fault', async () => {
    const { type, message } = await failureOfStart('nobody', { customerId: 'acme', state: {} });
    expect(type).toBe('Refused');
    expect(message).toMatch(
      /"state" is not expected.*; the workflow’s id must be customer\/acme, not customer\/nobody; "configuration" must be a JSON object/,
    );
  });

  test('fails at once on a faulty configuration, naming every fault', async () => {
    const { type, message } = await failureOfStart('faulty', {
      customerId: 'faulty',
      configuration: { ...configuration, faults: ['directory.tenantId: no GUID', 'target.baseUrl: no URL'] },
    });
    expect(type).toBe('ConfigurationFaulty');
    expect(message).toContain('directory.tenantId: no GUID; target.baseUrl: no URL');
  });

  test('tells the world before anybody is answered, and shows where it stands', async () => {
    const acme = await stage.customer('started');
    expect(stage.world.followed.get('started')).toMatchObject({
      decisions: 1,
      phase: 'setUp',
      runs: { allowed: false, because: 'NotLive' },
      previews: true,
      configuration: { version: 1 },
    });
    expect(await acme.ask('status')).toMatchObject({
      customerId: 'started',
      phase: 'setUp',
      health: { is: 'healthy' },
      next: { command: 'rollcall credential set started --for directory' },
    });
    expect(await acme.ask('checklist')).toHaveLength(5);
    expect(await acme.ask('runs')).toEqual([]);
  });
});

describe('a refused message', () => {
  test('names every fault and leaves nothing in the history', async () => {
    const acme = await stage.customer('refusing');
    const before = (await acme.events()).length;
    for (const name of [
      'configure',
      'provideCredential',
      'testConnection',
      'requestPreview',
      'signOffPreview',
      'goLive',
      'pause',
      'resume',
      'syncNow',
      'decideHolds',
    ] as const) {
      const { code, message } = await acme.refusal(name, { shout: 'Zq8~secret-value' });
      expect(code).toBe('Refused');
      expect(message).toContain('"shout" is not expected');
      expect(message).not.toContain('Zq8~secret-value');
    }
    const events = await acme.events();
    expect(events.slice(before).filter((event) => event.includes('Update'))).toEqual([]);
    expect(JSON.stringify(await acme.anyRun().fetchHistory())).not.toContain(Buffer.from('Zq8~secret-value').toString('base64'));
  });

  test('a secret pasted in the clear leaves no trace', async () => {
    const acme = await stage.customer('pasting');
    const { message } = await acme.refusal('provideCredential', { purpose: 'directory', sealed: 'Zq8~client-secret', by: 'Jo' });
    expect(message).toContain('"sealed": it is not a sealed value');
    expect(message).not.toContain('Zq8~client-secret');
    expect((await acme.events()).filter((event) => event.includes('Update'))).toEqual([]);
    expect(stage.world.requestsOf('acceptCredential').filter(({ customerId }) => customerId === 'pasting')).toEqual([]);
  });
});

describe('from set-up to live', () => {
  test('a customer goes the whole way, and runs are allowed from going live on', async () => {
    const acme = await stage.customer('whole');
    await acme.handOver('directory');
    await acme.handOver('target');
    expect(stage.world.followed.get('whole')?.credentials).toEqual({ directory: expect.any(String), target: expect.any(String) });

    const refusal = await acme.refusal('goLive', { by: 'Jo' });
    expect(refusal.faults).toHaveLength(5);
    expect(refusal.message).toBe(refusal.faults?.join('; '));
    expect(refusal.message).toContain('membersReadable is open (customer)');

    const { status } = await acme.update('testConnection', {});
    expect(status).toMatchObject({
      open: ['previewSigned'],
      next: { update: 'requestPreview' },
      connection: { findings: expect.any(Array) },
    });
    const { run } = await acme.update('requestPreview', { by: 'Jo' });
    expect(run).toMatchObject({ mode: 'preview', alreadyRunning: false });
    expect((await acme.refusal('signOffPreview', { runId: run.runId, by: 'Jo' })).message).toContain('requestPreview');

    await acme.closeRun({ runId: run.runId, mode: 'preview' });
    expect((await acme.refusal('signOffPreview', { runId: 'other', by: 'Jo' })).message).toContain(
      `the preview to sign off is ${run.runId} (1200 members: nothing to do)`,
    );
    await acme.update('signOffPreview', { runId: run.runId, by: 'Jo' });
    expect((await acme.update('goLive', { by: 'Jo' })).status).toMatchObject({ phase: 'hypercare', runs: { allowed: true } });
    expect(stage.world.followed.get('whole')).toMatchObject({ phase: 'hypercare', runs: { allowed: true }, signedPreview: run.runId });

    const asked = await acme.update('syncNow', {});
    expect(asked.run.mode).toBe('sync');
    await acme.closeRun({ runId: asked.run.runId, plan: { ...(await acme.ask('runs'))[0]!.plan, held: 3 }, outcome: 'held', openHolds: 3 });
    expect(await acme.ask('status')).toMatchObject({ holds: 3, health: { is: 'degraded' }, started: {} });
    expect(await acme.update('decideHolds', { decision: 'release', holds: ['h1', 'h2'], by: 'Jo', reason: 'closed' })).toMatchObject({
      decided: 2,
      open: 1,
      status: { holds: 1 },
    });
  });

  test('another tenant makes the credential no longer count, and syncs stop until a new sign-off', async () => {
    const acme = await stage.live('moving');
    const { version, reopened, status } = await acme.update('configure', {
      configuration: { ...configuration, tenantId: 'other', rehearsalKey: 'second' },
      by: 'Jo',
    });
    expect({ version, reopened }).toEqual({ version: 2, reopened: ['directoryCredential', 'membersReadable', 'previewSigned'] });
    expect(status).toMatchObject({
      runs: { allowed: false, because: 'CredentialMissing' },
      credentials: { directory: { counts: false }, target: { counts: true } },
    });
    expect(stage.world.followed.get('moving')?.credentials).toEqual({ target: expect.any(String) });
    expect((await acme.refusal('syncNow', {})).message).toContain('rollcall credential set moving --for');
  });

  test('a faulty configuration changes nothing and is refused with every fault', async () => {
    const acme = await stage.customer('configuring');
    const refusal = await acme.refusal('configure', {
      configuration: { ...configuration, faults: ['userName: missing', 'cadence: too short'] },
      by: 'Jo',
    });
    expect(refusal).toEqual({ code: 'ConfigurationFaulty', message: expect.stringContaining('userName: missing; cadence: too short') });
    expect(await acme.ask('status')).toMatchObject({ configuration: { version: 1 }, decisions: 1 });
  });

  test('a credential that is sealed to a key which the workers got since is taken at once', async () => {
    const acme = await stage.customer('rotated');
    stage.world.kids = ['k0', 'k1'];
    const unknown = { customer: 'rotated', purpose: 'directory', audience: audienceFor('directory') };
    await acme.update('provideCredential', { purpose: 'directory', sealed: sealedAs('k0', unknown), by: 'Jo' });
    stage.world.kids = ['k1'];
    expect((await acme.ask('status')).credentials).toMatchObject({ directory: { counts: true } });
    expect(await acme.refusal('provideCredential', { purpose: 'directory', sealed: sealedAs('k9', unknown), by: 'Jo' })).toMatchObject({
      code: 'Refused',
      faults: [expect.stringContaining('a key that the workers don’t have')],
    });
  });

  test('a credential that no worker can open is refused with the remedy', async () => {
    const acme = await stage.customer('unreadable');
    stage.world.failing.acceptCredential = () =>
      ApplicationFailure.nonRetryable('The sealed credential cannot be opened.', 'CredentialUnreadable');
    await expect(acme.handOver('directory')).rejects.toMatchObject({
      cause: { type: 'CredentialUnreadable', message: expect.stringContaining('seal the credential again') },
    });
    expect((await acme.ask('status')).credentials).toEqual({});
  });
});

describe('pausing', () => {
  test('tells the world why before it answers, and resuming lets runs go on', async () => {
    const acme = await stage.live('pausing');
    const before = stage.world.followed.get('pausing')!.decisions;
    expect((await acme.update('pause', { reason: 'LMS migration', by: 'Jo' })).status).toMatchObject({
      health: { is: 'paused' },
      runs: { allowed: false, because: 'Paused' },
    });
    expect(stage.world.followed.get('pausing')).toMatchObject({
      decisions: before + 1,
      paused: { reason: 'LMS migration', by: 'Jo' },
      previews: false,
    });
    expect((await acme.refusal('pause', { reason: 'again', by: 'Ann' })).message).toContain('paused already');
    expect((await acme.update('resume', { by: 'Jo' })).status).toMatchObject({ runs: { allowed: true } });
    expect(stage.world.followed.get('pausing')).not.toHaveProperty('paused');
  });
});
