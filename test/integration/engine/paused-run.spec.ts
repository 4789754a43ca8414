import { TestWorkflowEnvironment } from '@temporalio/testing';
import { searchAttributeDefinitions } from '../../../adapters/engine/search-attributes';
import { createTemporalEngine } from '../../../adapters/engine/temporal-engine';
import { registerSearchAttributes } from '../../../sandbox/servers/search-attributes';
import { temporalExecutable } from '../../../sandbox/servers/temporal-executable';
import { forAllTests } from '../opened';

jest.setTimeout(60_000);

/** A server on which workflows can be paused, which is still to be asked for. */
async function openServer() {
  const path = await temporalExecutable({ say: () => undefined });
  const environment = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: ['--dynamic-config-value', 'frontend.WorkflowPauseEnabled=true'],
    },
  });
  await registerSearchAttributes(environment.connection, 'default', searchAttributeDefinitions);
  return { client: environment.client, close: () => environment.teardown() };
}

let client: TestWorkflowEnvironment['client'];
forAllTests(openServer, (opened) => ({ client } = opened), 120_000);

test('a run that somebody paused in Temporal is not over, and asking for one gets its id instead of a second', async () => {
  const engine = createTemporalEngine(client);
  const first = await engine.startRun({ customerId: 'acme', mode: 'sync' });
  const { workflowId, runId } = first;
  await client.workflowService.pauseWorkflowExecution({ namespace: 'default', workflowId, runId, reason: 'to look at it', identity: 'Jo' });
  expect(await engine.describeRun(workflowId, runId)).toEqual({ runId, status: 'PAUSED' });
  expect(await engine.startRun({ customerId: 'acme', mode: 'sync' })).toEqual({ ...first, alreadyRunning: true });
});
