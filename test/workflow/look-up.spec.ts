import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { failures } from '../../domain/failures';
import type { LookUpPage } from '../../domain/look-up/rows';
import { openStage, type Stage } from './stage';

jest.setTimeout(120_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close()); // undefined where the server did not start

let looked = 0;
function lookUp(request: unknown): Promise<LookUpPage> {
  looked += 1;
  return stage.environment.client.workflow.execute('lookUp', {
    workflowId: `look-up/${looked}`,
    taskQueue: 'rollcall',
    args: [request],
  }) as Promise<LookUpPage>;
}

async function failureOf(request: unknown): Promise<ApplicationFailure> {
  const error: unknown = await lookUp(request).catch((thrown: unknown) => thrown);
  if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure))
    throw new Error(`It did not fail: ${String(error)}`);
  return error.cause;
}

test('a look-up answers one page and where to go on', async () => {
  expect(await lookUp({ customerId: 'acme', what: 'problems', limit: 1 })).toEqual({ rows: [{ kid: 'k1' }], next: 'after-1' });
  expect(stage.world.calls).toContainEqual({ step: 'lookUpRows', request: { customerId: 'acme', what: 'problems', limit: 1 } });
});

test('a faulty look-up fails at once with every fault, and asks nobody', async () => {
  const before = stage.world.calls.length;
  expect(await failureOf({ what: 'problems', limit: 0 })).toMatchObject({
    type: 'Refused',
    message: '"customerId" is missing; "limit" must be a whole number from 1 to 500',
  });
  expect(await failureOf('problems')).toMatchObject({ type: 'Refused', message: expect.stringContaining('one JSON object is expected') });
  expect(stage.world.calls).toHaveLength(before);
});

test('an unknown customer is said with the remedy', async () => {
  stage.world.failing.lookUpRows = () => ApplicationFailure.nonRetryable('There is no such customer.', 'CustomerUnknown');
  expect(await failureOf({ customerId: 'nobody', what: 'holds' })).toMatchObject({
    type: 'CustomerUnknown',
    message: `There is no such customer. ${failures.CustomerUnknown.remedy}`,
  });
  stage.world.failing = {};
});
