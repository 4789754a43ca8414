/**
 * Records histories of today's workflows on real servers, for the replay test to hold later code against: `node dist/test/replay/record.js`.
 * They are named by version; old ones stay as long as workflows of that version may live.
 */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { connectRollcall } from '../../client/rollcall-client';
import { Closing } from '../../sandbox/start/closing';
import { startServers } from '../../sandbox/start/servers';
import { aDay, customerId, onboard, sync } from '../../sandbox/start/story';

const source = join(process.cwd(), 'test', 'replay');
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(version: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-record-'));
  const closing = new Closing(say);
  try {
    const demo = await startServers(folder, say, closing);
    const client = await connectRollcall(demo.env);
    const story = { client, demo, say, show: () => undefined };
    await onboard(story);
    const runs = [await sync(story)];
    runs.push(await sync(story)); // nothing changed
    aDay(demo, 1);
    runs.push(await sync(story));
    await client.update(customerId, 'pause', { reason: 'recording', by: 'record' });
    await client.update(customerId, 'resume', { by: 'record' });

    const connection = await Connection.connect({ address: demo.env.TEMPORAL_ADDRESS });
    const engine = new Client({ connection }).workflow;
    const keep = async (name: string, workflowId: string, runId?: string): Promise<void> => {
      const history = await engine.getHandle(workflowId, runId).fetchHistory();
      writeFileSync(join(source, 'histories', `${version}-${name}.json`), historyToJSON(history));
      say(`${name}: ${history.events?.length ?? 0} events`);
    };
    await keep('customer', `customer/${customerId}`);
    for (const [index, name] of ['first', 'unchanged', 'churn'].entries())
      await keep(`sync-${name}`, runs[index]?.workflowId ?? '', runs[index]?.runId);
    await keep('preview', `sync/${customerId}/preview`);
    copyFileSync(join(folder, 'keys', 'payload-keys.json'), join(source, 'histories', `${version}-payload-keys.json`));
    await connection.close();
    await client.close();
  } finally {
    await closing.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv[2] ?? '0.1.0').then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
