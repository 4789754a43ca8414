import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { createTemporalEngine } from '../../../adapters/engine/temporal-engine';

test('asking for a run gives up with its id where every start meets another run, and that one is always over when it is asked about', async () => {
  const client = {
    withDeadline: (_deadline: number, call: () => unknown) => call(),
    workflow: {
      start: () => Promise.reject(new WorkflowExecutionAlreadyStartedError('there is one', 'sync/acme/manual', 'syncRun')),
      getHandle: () => ({ describe: () => Promise.resolve({ runId: 'r1', status: { name: 'COMPLETED' }, closeTime: new Date() }) }),
    },
  } as unknown as Client;
  await expect(createTemporalEngine(client).startRun({ customerId: 'acme', mode: 'sync' })).rejects.toThrow(
    'sync/acme/manual could not be started',
  );
});
