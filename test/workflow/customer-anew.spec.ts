import { openStage, type Stage } from './stage';
import { configuration } from './world';

jest.setTimeout(120_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close()); // undefined where the server did not start

const elsewhere = { ...configuration, groupId: 'another group', rehearsalKey: 'second' };

/** A customer with a past, terminated in the Temporal UI and started anew with another configuration. */
async function startedAnew(customerId: string) {
  const past = await stage.live(customerId);
  const { decisions } = await past.ask('status');
  await past.anyRun().terminate('by mistake');
  const acme = await stage.start(customerId, { customerId, configuration: elsewhere });
  await stage.eventually(() => (stage.world.followed.get(customerId)?.decisions ?? 0) > decisions);
  return acme;
}

describe('a customer that was terminated and started anew with another configuration', () => {
  test('goes by that one at once, and what was signed off before counts no more', async () => {
    const acme = await startedAnew('anew');
    expect(await acme.ask('status')).toMatchObject({ phase: 'setUp', configuration: { version: 2, groupId: 'another group' } });
    expect(stage.world.followed.get('anew')).toMatchObject({
      runs: { allowed: false, because: 'NotLive' },
      configuration: { version: 2, groupId: 'another group' },
      credentials: {},
    });
  });

  test('is paused for runs too when it is paused', async () => {
    const acme = await startedAnew('anew-paused');
    await acme.update('pause', { reason: 'LMS migration', by: 'Jo' });
    expect(stage.world.followed.get('anew-paused')).toMatchObject({ previews: false, paused: { reason: 'LMS migration' } });
  });

  test('takes no preview of the old configuration for one of the new', async () => {
    const acme = await startedAnew('anew-preview');
    await acme.closeRun({ runId: 'late', mode: 'preview', configurationVersion: 1 });
    expect((await acme.refusal('signOffPreview', { runId: 'late', by: 'Jo' })).message).toContain('no preview of this configuration');
  });
});

test('a customer that the world is ahead of says so, and a configuration that is sent counts', async () => {
  const acme = await stage.live('behind');
  const { decisions } = await acme.ask('status');
  const ahead = stage.world.followed.get('behind')!;
  stage.world.followed.set('behind', { ...ahead, decisions: decisions + 50 });
  const { code, message } = await acme.refusal('pause', { reason: 'LMS migration', by: 'Jo' });
  expect(code).toBe('DecisionOutdated');
  expect(message).toContain('rollcall customer configure');
  expect(await acme.ask('status')).not.toHaveProperty('paused');
  await acme.update('configure', { configuration: elsewhere, by: 'Jo' });
  expect(stage.world.followed.get('behind')).toMatchObject({ configuration: { groupId: 'another group' } });
  await acme.update('pause', { reason: 'LMS migration', by: 'Jo' });
  expect(stage.world.followed.get('behind')).toHaveProperty('paused');
});
