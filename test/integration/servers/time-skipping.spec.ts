import { bundleWorkflowCode, Worker } from '@temporalio/worker';
import { join } from 'node:path';
import { startTimeSkippingServer, timeSkippingExecutable } from '../../../sandbox/servers/time-skipping';

jest.setTimeout(300_000);

const said: string[] = [];
const say = (line: string) => said.push(line);

describe('the time-skipping test server', () => {
  it('lets sixty days pass in seconds, and knows the search attributes that it was given', async () => {
    const environment = await startTimeSkippingServer({ say, searchAttributes: { RollcallCustomer: 'KEYWORD' } });
    try {
      const worker = await Worker.create({
        connection: environment.nativeConnection,
        taskQueue: 'patience',
        workflowBundle: await bundleWorkflowCode({ workflowsPath: join(__dirname, 'patient-workflow.ts') }),
      });
      const begun = Date.now();
      const slept = await worker.runUntil(
        environment.client.workflow.execute('patient', { taskQueue: 'patience', workflowId: 'patient', args: [{ days: 60 }] }),
      );
      expect(slept).toBeGreaterThanOrEqual(60 * 86_400_000);
      expect(Date.now() - begun).toBeLessThan(60_000);
    } finally {
      await environment.teardown();
    }
  });

  it('listens on loopback alone', async () => {
    const environment = await startTimeSkippingServer({ say });
    try {
      expect(environment.address).toMatch(/^(127\.0\.0\.1|localhost):\d+$/);
      const port = Number(environment.address.split(':')[1]);
      const listening = await addressesListeningOn(port);
      expect(listening).toEqual(['0100007F']);
    } finally {
      await environment.teardown();
    }
  });

  it('comes from the cache the second time', async () => {
    said.length = 0;
    const path = await timeSkippingExecutable({ say });
    expect(said).toEqual([expect.stringMatching(/^time-skipping test server: cache \(.*\)$/)]);
    expect(path).toMatch(/temporal-test-server$/);
  });
});

/** 127.0.0.1 is 0100007F in the kernel's table, every address is all zeroes. IPv4 and IPv6. */
async function addressesListeningOn(port: number): Promise<string[]> {
  const { readFile } = await import('node:fs/promises');
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8')));
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${wanted}`) && fields[3] === '0A')
    .map((fields) => (fields[1] as string).split(':')[0] as string)
    .map((address) => address.replace(/^0000000000000000FFFF0000/, ''));
}
