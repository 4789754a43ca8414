import { Client, Connection } from '@temporalio/client';
import { createTemporalEngine } from '../../../adapters/engine/temporal-engine';
import { searchAttributeDefinitions } from '../../../adapters/engine/search-attributes';
import type { Engine } from '../../../adapters/engine/engine';
import { createDataConverter } from '../../../adapters/payloads/data-converter';
import { generatePayloadRing } from '../../../adapters/payloads/payload-ring';
import { noPlan, nothingDone, type RunReport } from '../../../domain/run/run';
import { startTemporal, type TemporalServer } from '../../../sandbox/servers/temporal';

jest.setTimeout(120_000);

let server: TemporalServer;
let connection: Connection;
let client: Client;
let engine: Engine;

beforeAll(async () => {
  server = await startTemporal({ own: true, headless: true, searchAttributes: searchAttributeDefinitions, say: () => undefined });
  connection = await Connection.connect(server.connectionOptions);
  client = new Client({ connection, namespace: server.namespace, dataConverter: createDataConverter(generatePayloadRing()) });
  engine = createTemporalEngine(client);
});

afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

const schedule = (customerId: string) => client.schedule.getHandle(`sync/${customerId}`);

/** Grows with every write to a Schedule. */
async function versionOf(customerId: string): Promise<string> {
  const { raw } = await schedule(customerId).describe();
  return Buffer.from(raw.conflictToken ?? []).toString('hex');
}

describe('a customer’s Schedule', () => {
  it('starts a sync at every turn of the cadence, never two at once, and makes up for one missed run at most', async () => {
    await engine.reconcileSchedule({ customerId: 'acme', name: 'Acme', everyMinutes: 60 });
    const { spec, action, policies, state, info } = await schedule('acme').describe();
    expect(spec.intervals).toEqual([{ every: 3_600_000, offset: expect.any(Number) }]);
    expect(action).toMatchObject({
      workflowType: 'syncRun',
      workflowId: 'sync/acme/scheduled',
      taskQueue: 'rollcall',
      args: [{ customerId: 'acme', mode: 'sync' }],
      staticSummary: 'Sync of Acme',
    });
    expect(policies).toEqual({ overlap: 'SKIP', catchupWindow: 3_600_000, pauseOnFailure: false });
    expect(state.paused).toBe(false);
    expect(info.nextActionTimes.length).toBeGreaterThan(0);
  });

  it('is not written again when nothing differs', async () => {
    await engine.reconcileSchedule({ customerId: 'steady', name: 'Steady', everyMinutes: 30 });
    const before = await versionOf('steady');
    await engine.reconcileSchedule({ customerId: 'steady', name: 'Steady', everyMinutes: 30 });
    expect(await versionOf('steady')).toBe(before);
  });

  it('follows another cadence', async () => {
    await engine.reconcileSchedule({ customerId: 'quick', name: 'Quick', everyMinutes: 60 });
    await engine.reconcileSchedule({ customerId: 'quick', name: 'Quick', everyMinutes: 15 });
    const { spec, policies } = await schedule('quick').describe();
    expect(spec.intervals?.[0]?.every).toBe(900_000);
    expect(policies.catchupWindow).toBe(900_000);
  });

  it('is paused with the reason as its note, and runs again without one', async () => {
    await engine.reconcileSchedule({ customerId: 'lazy', name: 'Lazy', everyMinutes: 60 });
    await engine.reconcileSchedule({ customerId: 'lazy', name: 'Lazy', everyMinutes: 60, paused: 'Moving house (Jo)' });
    expect((await schedule('lazy').describe()).state).toMatchObject({ paused: true, note: 'Moving house (Jo)' });
    const before = await versionOf('lazy');
    await engine.reconcileSchedule({ customerId: 'lazy', name: 'Lazy', everyMinutes: 60, paused: 'Moving house (Jo)' });
    expect(await versionOf('lazy')).toBe(before);
    await engine.reconcileSchedule({ customerId: 'lazy', name: 'Lazy', everyMinutes: 60 });
    const { state } = await schedule('lazy').describe();
    expect([state.paused, state.note ?? '']).toEqual([false, '']);
  });

  it('is mended after somebody paused or changed it by hand', async () => {
    await engine.reconcileSchedule({ customerId: 'meddled', name: 'Meddled', everyMinutes: 60 });
    await schedule('meddled').update(({ spec, ...rest }) => ({
      ...rest,
      spec: { ...spec, calendars: [{ hour: 3 }] },
      state: { paused: true, note: 'by hand' },
    }));
    await engine.reconcileSchedule({ customerId: 'meddled', name: 'Meddled', everyMinutes: 60 });
    const { spec, state } = await schedule('meddled').describe();
    expect(spec.calendars ?? []).toEqual([]);
    expect(state.paused).toBe(false);
  });

  it('is made once when two workers make it at the same time', async () => {
    const wanted = { customerId: 'twice', name: 'Twice', everyMinutes: 60 };
    await Promise.all([engine.reconcileSchedule(wanted), engine.reconcileSchedule(wanted)]);
    expect((await schedule('twice').describe()).spec.intervals).toHaveLength(1);
  });

  it('is removed, and removing it again does no harm', async () => {
    await engine.reconcileSchedule({ customerId: 'gone', name: 'Gone', everyMinutes: 60 });
    await engine.removeSchedule('gone');
    await engine.removeSchedule('gone');
    await expect(schedule('gone').describe()).rejects.toThrow(/not found/i);
  });

  it('starts runs that are found by their customer', async () => {
    await engine.reconcileSchedule({ customerId: 'found', name: 'Found', everyMinutes: 60 });
    await schedule('found').trigger();
    const id = await eventually(async () => (await schedule('found').describe()).info.recentActions[0]?.action.workflow.workflowId);
    expect(id).toMatch(/^sync\/found\/scheduled-\d{4}-/);
    expect(await eventually(async () => (await client.workflow.count("RollcallCustomer = 'found'")).count || undefined)).toBe(1);
  });
});

describe('a run', () => {
  it('is started once: a second asking gets the id of the one at work', async () => {
    const first = await engine.startRun({ customerId: 'acme', mode: 'sync' });
    const second = await engine.startRun({ customerId: 'acme', mode: 'sync' });
    expect(first).toEqual({ workflowId: 'sync/acme/manual', runId: expect.any(String), alreadyRunning: false });
    expect(second).toEqual({ ...first, alreadyRunning: true });
  });

  it('of a preview does not stand in the way of a sync', async () => {
    expect(await engine.startRun({ customerId: 'other', mode: 'preview' })).toMatchObject({
      workflowId: 'sync/other/preview',
      alreadyRunning: false,
    });
    expect(await engine.startRun({ customerId: 'other', mode: 'sync' })).toMatchObject({
      workflowId: 'sync/other/manual',
      alreadyRunning: false,
    });
  });

  it('is described while it runs and after its end, by its own run id, and a new one can start', async () => {
    const first = await engine.startRun({ customerId: 'ended', mode: 'sync' });
    expect(await engine.describeRun(first.workflowId, first.runId)).toEqual({ runId: first.runId, status: 'RUNNING' });
    await client.workflow.getHandle(first.workflowId).terminate();
    const second = await engine.startRun({ customerId: 'ended', mode: 'sync' });
    expect(second).toMatchObject({ alreadyRunning: false });
    const described = await engine.describeRun(first.workflowId, first.runId);
    expect(described?.status).toBe('TERMINATED');
    expect(Date.parse(described?.closedAt ?? '')).toBeLessThanOrEqual(Date.now());
    expect(await engine.describeRun(first.workflowId)).toMatchObject({ runId: second.runId, status: 'RUNNING' });
  });

  it('that nobody knows is described as nothing', async () => {
    expect(await engine.describeRun('sync/nobody/manual')).toBeUndefined();
    expect(await engine.describeRun('sync/acme/manual', '0b5ad3a5-5c3f-4d8c-9a8e-27a1b6cbb9c1')).toBeUndefined();
  });

  it('is asked to cancel; one that is over or was never there is fine', async () => {
    const { workflowId, runId } = await engine.startRun({ customerId: 'cancelled', mode: 'sync' });
    await engine.cancel(workflowId, runId);
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    expect(events?.some(({ workflowExecutionCancelRequestedEventAttributes }) => workflowExecutionCancelRequestedEventAttributes)).toBe(
      true,
    );
    await client.workflow.getHandle(workflowId, runId).terminate();
    await engine.cancel(workflowId, runId);
    await engine.cancel('sync/nobody/manual');
  });
});

describe('the word to a customer’s workflow that a run is over', () => {
  const report: RunReport = {
    customerId: 'told',
    runId: 'r',
    workflowId: 'sync/told/manual',
    mode: 'sync',
    outcome: 'succeeded',
    configurationVersion: 1,
    startedAt: '2026-11-24T08:00:00Z',
    endedAt: '2026-11-24T08:01:00Z',
    members: 3,
    plan: noPlan,
    done: nothingDone,
    problems: {},
  };

  it('arrives, and nobody without the key can read it', async () => {
    await client.workflow.start('customer', { workflowId: 'customer/told', taskQueue: 'rollcall', args: [{ customerId: 'told' }] });
    expect(await engine.signalRunClosed('told', report)).toBe(true);
    const history = await client.workflow.getHandle('customer/told').fetchHistory();
    const signal = history.events?.map((event) => event.workflowExecutionSignaledEventAttributes).find(Boolean);
    expect(signal?.signalName).toBe('runClosed');
    const [payload] = signal?.input?.payloads ?? [];
    expect(Buffer.from(payload?.metadata?.encoding ?? []).toString()).toBe('binary/encrypted');
    expect(Buffer.from(payload?.data ?? []).toString('latin1')).not.toContain('succeeded');
  });

  it('is false where the workflow is gone or never was', async () => {
    expect(await engine.signalRunClosed('never', report)).toBe(false);
    await client.workflow.start('customer', { workflowId: 'customer/over', taskQueue: 'rollcall', args: [{}] });
    await client.workflow.getHandle('customer/over').terminate();
    expect(await engine.signalRunClosed('over', report)).toBe(false);
  });
});

/** Visibility and the scheduler come a moment later; asks until there is an answer. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
