import { Worker } from '@temporalio/worker';
import type { ClosingStep, ShortSteps } from '../../activities/steps';
import type { RunReport } from '../../domain/run/run';
import { bundleWorkflows } from './bundle';
import { openStage, type Stage } from './stage';

jest.setTimeout(120_000);

let stage: Stage;
let workflowBundle: { code: string };
beforeAll(async () => {
  workflowBundle = await bundleWorkflows(require.resolve('./workflows'));
  stage = await openStage();
});
afterAll(() => stage?.close()); // undefined where the server did not start

test('a run that is asked to cancel while it opens gives back the lease that it gets, and is reported as cancelled', async () => {
  const taskQueue = 'opening';
  let isOpening = false;
  let goOn: () => void = () => undefined;
  const isToGoOn = new Promise<void>((resolve) => (goOn = resolve)); // for every attempt: on a busy machine there may be two
  const closed: string[] = [];
  const activities: Pick<ShortSteps, 'openRun'> & ClosingStep = {
    async openRun({ customerId, mode, runId }) {
      isOpening = true;
      await isToGoOn;
      return { run: { customerId, runId, mode, configurationVersion: 1 } };
    },
    closeRun({ outcome }) {
      closed.push(outcome);
      return Promise.resolve({ outcome, problems: {}, plan: {}, done: {} } as unknown as RunReport);
    },
  };
  const { client, nativeConnection } = stage.environment;
  const worker = await Worker.create({ connection: nativeConnection, taskQueue, workflowBundle, activities });
  await worker.runUntil(async () => {
    const run = await client.workflow.start('syncRun', {
      workflowId: 'sync/acme/manual',
      taskQueue,
      args: [{ customerId: 'acme', mode: 'sync' }],
      workflowTaskTimeout: '3s', // a run hears of a request at the end of a workflow task, which comes in the midst of a local activity too
    });
    await stage.eventually(() => isOpening);
    await run.cancel();
    const hasHeard = async () => {
      const { events } = await run.fetchHistory();
      const asked = events?.findIndex((event) => event.workflowExecutionCancelRequestedEventAttributes) ?? -1;
      return asked >= 0 && (events ?? []).slice(asked).some((event) => event.workflowTaskCompletedEventAttributes);
    };
    await stage.eventually(hasHeard, 60_000).finally(goOn);
    await run.result().catch(() => undefined);
  });
  expect(closed).toEqual(['cancelled']);
});
