import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { noAnswer } from './told-failure';

const { TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY } = temporal.api.enums.v1.TaskQueueType;
export const kinds = { workflow: TASK_QUEUE_TYPE_WORKFLOW, activity: TASK_QUEUE_TYPE_ACTIVITY } as const;

/** A worker asks for work at least once a minute; the server remembers pollers for five. */
const recently = 75_000; // ms
/** Somebody who waits is told so soon, not when their patience is over. */
const firstLook = 3_000;

type Engine = Pick<Client, 'connection'> & { options: { namespace: string } };

/** Who has asked this task queue for work of late, by the identities they give themselves. */
export async function pollersOf(
  { connection, options: { namespace } }: Engine,
  name: string,
  kind: keyof typeof kinds,
  now = Date.now(),
): Promise<string[]> {
  const { pollers } = await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType: kinds[kind] });
  return (pollers ?? [])
    .filter(({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1_000 < recently)
    .map(({ identity }) => identity ?? '?');
}

/** What the call answers; fails early where no worker is there to answer it. */
export async function unlessNobodyPolls<T>(engine: Engine, taskQueue: string, call: Promise<T>): Promise<T> {
  const over = new AbortController();
  const look = async (): Promise<never> => {
    for (;;) {
      await wait(firstLook, undefined, { signal: over.signal });
      if ((await pollersOf(engine, taskQueue, 'workflow')).length === 0)
        throw noAnswer(undefined, `no worker polls the task queue ${taskQueue}`, true);
    }
  };
  try {
    return await Promise.race([call, look()]);
  } finally {
    over.abort();
    call.catch(() => undefined); // it was given up: its late failure is nobody's
  }
}
