import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads, decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow';
import type { RunReport } from '../domain/run/run';
import { customerOf } from '../domain/workflow-ids';
import { figuresOf, type Running, type RunSight, type WatchedRun } from './run-sight';

const lookEvery = 1_000; // ms
/** The run's report reaches the customer's workflow by a signal, shortly before or after the run's own end. */
const reportTries = 10;

/** Looks at a run until it is over. `runsOf`: the customer's last runs, where the report of one that failed stands. */
export async function* watchRun(
  client: Client,
  { workflowId, runId }: WatchedRun,
  runsOf: (customerId: string) => Promise<RunReport[]>,
  signal?: AbortSignal,
): AsyncIterable<RunSight> {
  const handle = client.workflow.getHandle(workflowId, runId);
  for (;;) {
    const { status, closeTime, raw } = await handle.describe();
    if (closeTime) {
      const isHappy = status.name === 'COMPLETED';
      yield isHappy
        ? { state: 'closed', status: status.name, report: (await handle.result()) as RunReport }
        : await unhappyEnd(status.name);
      return;
    }
    const sight = await sightOf(raw.pendingActivities?.[0]);
    yield status.name === 'PAUSED' ? { ...sight, isPaused: true } : sight;
    await wait(lookEvery, undefined, { signal });
  }

  async function sightOf(
    pending: NonNullable<Awaited<ReturnType<typeof handle.describe>>['raw']['pendingActivities']>[number] | undefined,
  ): Promise<Running> {
    if (!pending) return { state: 'running' };
    const { loadedDataConverter } = client.options;
    const [details] = await decodeArrayFromPayloads(loadedDataConverter, pending.heartbeatDetails?.payloads);
    const failure = await decodeOptionalFailureToOptionalError(loadedDataConverter, pending.lastFailure);
    return {
      state: 'running',
      step: pending.activityType?.name ?? undefined,
      attempt: pending.attempt ?? undefined,
      figures: figuresOf(details),
      failure: failure?.message,
    };
  }

  async function unhappyEnd(status: string): Promise<RunSight> {
    const customerId = customerOf(workflowId);
    for (let tries = 0; customerId && tries < reportTries; tries += 1) {
      const report = (await runsOf(customerId)).find((run) => run.runId === runId);
      if (report) return { state: 'closed', status, report };
      await wait(lookEvery / 2, undefined, { signal });
    }
    const failure = await handle.result().then(
      () => undefined,
      (error: Error) => (error.cause instanceof Error ? error.cause.message : error.message),
    );
    return { state: 'closed', status, failure };
  }
}
