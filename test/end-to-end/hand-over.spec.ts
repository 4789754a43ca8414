/** A worker that is to go (SIGTERM: a new version, a machine that is needed elsewhere) hands its steps over; nobody waits for a heartbeat that doesn't come. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { createDataConverter } from '../../adapters/payloads/data-converter';
import { CommandFailure } from '../../client/command-failure';
import { connectEngine, connectRollcall, type RollcallClient } from '../../client/rollcall-client';
import { connectionSettings, payloadRing } from '../../client/settings';
import type { RunReport } from '../../domain/run/run';
import { everybody, startEntra, type Entra } from '../../sandbox/entra/entra';
import { startLms, type Lms } from '../../sandbox/lms/lms';
import { compare, type TruePerson } from '../../sandbox/start/compare';
import type { Demo } from '../../sandbox/start/servers';
import { customerId, onboard } from '../../sandbox/start/story';
import { forAllTests } from '../integration/opened';
import { startCampaignServers, type CampaignServers } from './campaign-servers';

jest.setTimeout(180_000);

let folder: string;
let entra: Entra;
let lms: Lms;
let servers: CampaignServers;
let rollcall: RollcallClient;

beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'rollcall-hand-over-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));
forAllTests(
  () => startEntra({ population: { size: 400, seed: 5 } }),
  (started) => (entra = started),
  60_000,
);
forAllTests(
  () => startLms({ kind: 'lean', latency: { write: 500 } }),
  (started) => (lms = started),
  60_000,
);
forAllTests(
  async () => ({ ...(await startCampaignServers(folder, entra)), close: () => servers.stop() }),
  (started) => (servers = started),
  300_000,
);
forAllTests(
  () => connectRollcall(servers.env),
  (connected) => (rollcall = connected),
  60_000,
);

/** The worker was started a moment ago. */
async function onceAWorkerIsThere(ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!(error instanceof CommandFailure) || error.code !== 'NoWorker') throw error;
      await wait(200);
    }
  }
}

const creates = () => lms.journal({ by: 'client' }).filter(({ did }) => did === 'create').length;

test('a worker that is stopped in the middle of creating accounts ends well, and the next one goes on at once: everybody has one account', async () => {
  const demo = { entra, lms } as Demo;
  await onceAWorkerIsThere(() => onboard({ client: rollcall, demo, say: () => undefined, show: () => undefined }));
  const { run } = await rollcall.update(customerId, 'syncNow', { by: 'test' });
  while (creates() < 60) await wait(10);
  expect(await servers.replaceWorker()).toBe(0);
  expect(creates()).toBeLessThan(300);

  const settings = connectionSettings(servers.env);
  const connection = await connectEngine(settings);
  try {
    const engine = new Client({ connection, namespace: settings.namespace, dataConverter: createDataConverter(payloadRing(servers.env)) });
    const handle = engine.workflow.getHandle(run.workflowId, run.runId);
    const report = (await handle.result()) as RunReport;
    expect(report).toMatchObject({ outcome: 'succeeded', done: { failed: 0 } });
    const started = ((await handle.fetchHistory()).events ?? []).flatMap(({ activityTaskStartedEventAttributes: it }) => it ?? []);
    const again = started.filter(({ attempt }) => Number(attempt) > 1);
    expect(again.map(({ lastFailure }) => lastFailure?.timeoutFailureInfo ?? undefined)).toEqual([undefined]); // one step, and no timeout
  } finally {
    await connection.close();
  }
  const compared = compare([...everybody(entra.tenant)] as unknown as TruePerson[], lms.accounts() as never);
  expect(compared.differences).toEqual([]);
  expect(creates()).toBe(new Set(lms.accounts().map(({ externalId }) => externalId)).size);
});
