import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { ensureRings } from '../../../adapters/credentials/ensure-rings';
import { exitCodes } from '../../../client/exit-codes';
import { startTemporal, type TemporalServer } from '../../../sandbox/servers';

let folder: string;
let temporal: TemporalServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-no-worker-'));
  temporal = await startTemporal({ own: true, headless: true });
}, 600_000);
afterAll(async () => {
  await temporal?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('says that no worker is there, and ends without a stack', async () => {
  const connection = await Connection.connect(temporal.connectionOptions);
  const { workflow } = new Client({ connection, namespace: temporal.namespace });
  await workflow.start('customer', { workflowId: 'customer/acme', taskQueue: 'rollcall', args: [{ customerId: 'acme' }] });
  await connection.close();

  const { files } = await ensureRings(join(folder, 'keys'));
  const command = spawn(process.execPath, [join(__dirname, '../../../dist/client/rollcall.js'), 'customer', 'show', 'acme'], {
    env: { ...process.env, TEMPORAL_ADDRESS: temporal.address, ROLLCALL_FOLDER: folder, ROLLCALL_PAYLOAD_KEYS_FILE: files.payload },
  });
  let said = '';
  command.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [exit] = (await once(command, 'close')) as [number];
  expect(said).toMatch(/^NoWorker:\n {2}- no worker polls the task queue rollcall\nWhat to do: .*\n$/);
  expect(exit).toBe(exitCodes.unreachable);
}, 60_000);
