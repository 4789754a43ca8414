import type { DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createLongActivities, createShortActivities } from '../activities';
import type { Dependencies } from '../activities/dependencies';
import { syncTaskQueue, taskQueue } from '../domain/workflow-ids';
import { workflowBundlePath } from './workflow-bundle';

export interface RollcallWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  dataConverter: DataConverter;
  dependencies: Dependencies;
  /** `workflows`: workflows and short activities · `sync`: the long ones of runs. Both on one process, or on workers of their own. */
  roles: readonly ('workflows' | 'sync')[];
  /** Default: the one that the build made beside the compiled code. */
  workflowBundle?: string;
  /** About 600 workflows take a gigabyte. */
  maxCachedWorkflows?: number;
  /** Runs on one worker at once. */
  maxConcurrentRuns?: number;
}

export interface RollcallWorker {
  /** Ends when the worker was shut down and has drained; throws when it can't go on. */
  run(): Promise<void>;
  shutdown(): void;
  /** Of each task queue: whether it is polled. */
  state(): Record<string, string>;
}

/** Heartbeats go out this often at least, so that a run hears of its cancellation within seconds (measured: 20 s by default, 0.6 s with this). */
const heartbeatThrottle = '2s';
/** Short steps come to their end in it; long ones hear of the shutdown after it, store their results and stop, and go on elsewhere. */
const shutdownGraceTime = '500ms';

export async function createRollcallWorker(options: RollcallWorkerOptions): Promise<RollcallWorker> {
  const {
    connection,
    namespace,
    dataConverter,
    dependencies,
    roles,
    maxCachedWorkflows = 300,
    maxConcurrentRuns = 8,
    workflowBundle = workflowBundlePath,
  } = options;
  const common: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    dataConverter,
    shutdownGraceTime,
    shutdownForceTime: '30s',
    maxHeartbeatThrottleInterval: heartbeatThrottle,
    defaultHeartbeatThrottleInterval: heartbeatThrottle,
  };
  const workers = new Map<string, Worker>();
  if (roles.includes('workflows')) {
    workers.set(
      taskQueue,
      await Worker.create({
        ...common,
        taskQueue,
        workflowBundle: { codePath: workflowBundle },
        activities: { ...createShortActivities(dependencies) },
        maxCachedWorkflows,
        stickyQueueScheduleToStartTimeout: '2s', // a killed worker costs two seconds, not ten
      }),
    );
  }
  if (roles.includes('sync')) {
    workers.set(
      syncTaskQueue,
      await Worker.create({
        ...common,
        taskQueue: syncTaskQueue,
        activities: { ...createLongActivities(dependencies) },
        maxConcurrentActivityTaskExecutions: maxConcurrentRuns,
      }),
    );
  }
  const shutdown = () => {
    for (const worker of workers.values()) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return {
    async run() {
      await Promise.all(
        [...workers.values()].map(
          (worker) => worker.run().finally(shutdown), // one that can't go on takes the others with it: a half worker looks alive
        ),
      );
    },
    shutdown,
    state: () => Object.fromEntries([...workers].map(([queue, worker]) => [queue, worker.getState()])),
  };
}
