import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connectRollcall, type RollcallClient } from '../../client/rollcall-client';
import { startEntra } from '../../sandbox/entra/entra';
import { startLms } from '../../sandbox/lms/lms';
import type { RunReport } from '../../domain/run/run';
import type { Demo } from '../../sandbox/start/servers';
import { customerId, onboard } from '../../sandbox/start/story';
import { startCampaignServers } from './campaign-servers';
import { duplicates } from './watch-the-lms';

/** While the worker comes back there is nobody to answer. */
async function persistently<Result>(call: () => Promise<Result>): Promise<Result> {
  for (const until = Date.now() + 180_000; ; await wait(500)) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

async function endOf(client: RollcallClient, run: { workflowId: string; runId: string }): Promise<RunReport> {
  for await (const sight of client.watchRun(run)) if (sight.state === 'closed' && sight.report) return sight.report;
  throw new Error(`run ${run.runId} is out of sight`);
}

test('the worker killed twice in the middle of creates, at an LMS where user names are shared and searches lag: nobody is there twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-shared-'));
  const [entra, lms] = await Promise.all([
    startEntra({ population: { size: 30, seed: 4, awkward: false } }),
    startLms({ kind: 'lean', latency: { write: 100 }, awkward: { allowsDuplicateUserNames: true, searchLags: 2 } }),
  ]);
  const kiosks = lms.addAccounts([{ userName: 'kiosk' }, { userName: 'kiosk' }]);
  const made = () => lms.accounts().length - kiosks.length;
  const servers = await startCampaignServers(folder, entra);
  const client = await connectRollcall(servers.env);
  try {
    await persistently(() => onboard({ client, demo: { entra, lms } as Demo, say: () => undefined, show: () => undefined }));
    const { run } = await persistently(() => client.update(customerId, 'syncNow', { by: 'test' }));
    const end = persistently(() => endOf(client, run));
    for (const after of [5, 15]) {
      while (made() < after) await wait(10);
      await servers.killAndRestart(['worker']);
    }
    const report = await end;
    expect(report).toMatchObject({ outcome: 'succeeded', done: { created: 30, failed: 0 } });
    expect(made()).toBe(30);
    expect(duplicates(lms.accounts().filter(({ userName }) => userName !== 'kiosk'))).toEqual([]);
  } finally {
    await client.close();
    await servers.stop();
    await Promise.all([entra.close(), lms.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);
