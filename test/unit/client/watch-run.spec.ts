import type { Client } from '@temporalio/client';
import { sightWords } from '../../../client/follow-run';
import type { Running } from '../../../client/run-sight';
import { watchRun } from '../../../client/watch-run';
import { report } from './acme';

const run = { workflowId: 'sync/acme/manual', runId: 'run-1' };

/** Temporal, which describes the run so. */
function temporal(name: string, closeTime?: Date): Client {
  const handle = { describe: async () => ({ status: { name }, closeTime, raw: {} }), result: async () => report };
  return { workflow: { getHandle: () => handle } } as unknown as Client;
}
const firstSight = async (client: Client) => {
  for await (const sight of watchRun(client, run, async () => [])) return sight;
  return undefined;
};

test('a run that somebody paused in Temporal is not over, and that is said', async () => {
  const sight = await firstSight(temporal('PAUSED'));
  expect(sight).toEqual({ state: 'running', isPaused: true });
  expect(sightWords(sight as Running)).toMatch(/^Paused by hand in Temporal/);
});

test('a run that is over shows its report', async () => {
  expect(await firstSight(temporal('COMPLETED', new Date()))).toEqual({ state: 'closed', status: 'COMPLETED', report });
});
