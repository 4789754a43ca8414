import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { createDataConverter } from '../../adapters/payloads/data-converter';
import { parsePayloadRing } from '../../adapters/payloads/payload-ring';

/** Recorded by record.ts; the keys that their payloads were written with are made for the recording and open nothing else. */
const folder = join(__dirname, 'histories');
const files = readdirSync(folder);
const histories = files.filter((file) => !file.endsWith('-payload-keys.json'));
const workflowBundle = { codePath: join(__dirname, '../../dist/workflow-bundle.js') };

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

function read(file: string): { history: unknown; options: Parameters<typeof Worker.runReplayHistory>[0] } {
  const version = file.slice(0, file.indexOf('-'));
  const ring = parsePayloadRing(readFileSync(join(folder, `${version}-payload-keys.json`), 'utf8'));
  return {
    history: JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown,
    options: { workflowBundle, dataConverter: createDataConverter(ring) },
  };
}

test.each(histories)(
  'today’s workflows still take the way that %s took',
  async (file) => {
    const { history, options } = read(file);
    await Worker.runReplayHistory(options, history, file.includes('customer') ? 'customer/northwind' : undefined); // a customer looks at its own id
  },
  60_000,
);

test('a history that took another way is noticed', async () => {
  const { history, options } = read(histories.find((file) => file.includes('sync-first')) as string);
  const { events } = history as { events: { activityTaskScheduledEventAttributes?: { activityType?: { name?: string } } }[] };
  const read1 = events.find(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name === 'readDirectory');
  if (read1?.activityTaskScheduledEventAttributes?.activityType)
    read1.activityTaskScheduledEventAttributes.activityType.name = 'somethingElse';
  await expect(Worker.runReplayHistory(options, history)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
}, 60_000);
