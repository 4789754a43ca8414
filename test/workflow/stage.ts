import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { AnswerOf, CustomerQueries, UpdateName } from '../../domain/customer/messages';
import { noPlan, nothingDone, type RunReport } from '../../domain/run/run';
import { searchAttributes } from '../../domain/search-attributes';
import { registerSearchAttributes } from '../../sandbox/servers/search-attributes';
import { temporalExecutable } from '../../sandbox/servers/temporal-executable';
import { startTimeSkippingServer } from '../../sandbox/servers/time-skipping';
import { sealedAs } from '../unit/customer/acme';
import { bundleWorkflows } from './bundle';
import { configuration, World } from './world';

const taskQueue = 'rollcall';

/** Our workflows on a server, and a world of mocked activities. */
export async function openStage(startServer: () => Promise<TestWorkflowEnvironment> = devServer): Promise<Stage> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
  const workflowBundle = await bundleWorkflows(require.resolve('./workflows')); // before the server, which has 5 s to boot: not both at once
  const environment = await startServer();
  const world = new World();
  const worker = await Worker.create({ connection: environment.nativeConnection, taskQueue, workflowBundle, activities: world.steps });
  return new Stage(environment, worker, worker.run(), world);
}

/** For what time brings about. The SDK gives a server 5 s to boot, which a JVM on a busy machine may miss: then once more. */
export async function timeSkippingServer(attempts = 5): Promise<TestWorkflowEnvironment> {
  try {
    return await startTimeSkippingServer({ searchAttributes, say: () => undefined });
  } catch (error) {
    if (attempts <= 1 || !String(error).includes('did not start within')) throw error;
    return timeSkippingServer(attempts - 1);
  }
}

/** For all else: the time-skipping one boots slowly, gives no search attributes back and lets no workflow that is to be cancelled continue as new. */
async function devServer(): Promise<TestWorkflowEnvironment> {
  const path = await temporalExecutable({ say: () => undefined });
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'existing-path', path } } });
  await registerSearchAttributes(environment.connection, environment.namespace ?? 'default', searchAttributes);
  return environment;
}

export class Stage {
  constructor(
    readonly environment: TestWorkflowEnvironment,
    private readonly worker: Worker,
    private readonly working: Promise<void>,
    readonly world: World,
  ) {}

  async close(): Promise<void> {
    this.worker.shutdown();
    await this.working;
    await this.environment.teardown();
  }

  async start(customerId: string, input: object = { customerId, configuration }): Promise<Actor> {
    const handle = await this.environment.client.workflow.start('customer', {
      workflowId: `customer/${customerId}`,
      taskQueue,
      args: [input],
    });
    return new Actor(this, customerId, handle);
  }

  /** One that is set up and answers. */
  async customer(customerId: string): Promise<Actor> {
    const actor = await this.start(customerId);
    await this.eventually(() => this.world.followed.has(customerId));
    return actor;
  }

  /** Through set-up with everything proven and signed off. */
  async live(customerId: string): Promise<Actor> {
    const actor = await this.customer(customerId);
    await actor.handOver('directory');
    await actor.handOver('target');
    await actor.update('testConnection', {});
    const { run } = await actor.update('requestPreview', { by: 'Jo' });
    await actor.closeRun({ runId: run.runId, mode: 'preview' });
    await actor.update('signOffPreview', { runId: run.runId, by: 'Jo' });
    await actor.update('goLive', { by: 'Jo' });
    return actor;
  }

  async eventually(isSo: () => boolean | Promise<boolean>, patience = 20_000): Promise<void> {
    for (const end = Date.now() + patience; Date.now() < end;) {
      if (await isSo()) return;
      await new Promise(setImmediate);
    }
    throw new Error(`It never became so: ${isSo.toString()}`);
  }
}

/** One customer's workflow as operators and runs talk to it. */
export class Actor {
  constructor(
    private readonly stage: Stage,
    readonly customerId: string,
    readonly handle: WorkflowHandle,
  ) {}

  async update<Name extends UpdateName>(name: Name, argument: unknown): Promise<AnswerOf<Name>> {
    return this.anyRun().executeUpdate<AnswerOf<Name>, [unknown]>(name, { args: [argument] });
  }

  /** The message that an update is refused with, its code, and the faults where they come as a list. */
  async refusal(name: UpdateName, argument: unknown): Promise<{ code?: string | null; message: string; faults?: string[] }> {
    const error: unknown = await this.update(name, argument).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure))
      throw new Error(`${name} was not refused: ${String(error)}`);
    const [listed] = (error.cause.details ?? []) as { faults?: string[] }[];
    return { code: error.cause.type, message: error.cause.message, ...(listed?.faults && { faults: listed.faults }) };
  }

  async ask<Name extends keyof CustomerQueries>(name: Name): Promise<CustomerQueries[Name]> {
    return this.anyRun().query<CustomerQueries[Name]>(name);
  }

  async handOver(purpose: 'directory' | 'target'): Promise<void> {
    await this.update('provideCredential', {
      purpose,
      sealed: sealedAs('k1', { customer: this.customerId, purpose, audience: audienceFor(purpose) }),
      by: 'Jo',
    });
  }

  /** Tells the end of a run and waits until it was heard. */
  async closeRun(told: Partial<RunReport> & { runId: string }): Promise<void> {
    const now = new Date(await this.stage.environment.currentTimeMs()).toISOString();
    const report: RunReport = {
      customerId: this.customerId,
      workflowId: `sync/${this.customerId}/manual`,
      mode: 'sync',
      outcome: 'succeeded',
      startedAt: now,
      endedAt: now,
      configurationVersion: 1,
      members: 1_200,
      plan: noPlan,
      done: nothingDone,
      problems: {},
      ...told,
    };
    await this.anyRun().signal('runClosed', report);
    await this.stage.eventually(async () => (await this.ask('runs')).some(({ runId }) => runId === report.runId));
  }

  async events(): Promise<string[]> {
    const { events } = await this.anyRun().fetchHistory();
    return (events ?? []).map((event) => Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '');
  }

  async runId(): Promise<string> {
    return (await this.anyRun().describe()).runId;
  }

  /** Whichever run it has come to by continuing as new. */
  anyRun(): WorkflowHandle {
    return this.stage.environment.client.workflow.getHandle(this.handle.workflowId);
  }
}

export function audienceFor(purpose: 'directory' | 'target'): string {
  return purpose === 'directory' ? `entra:${configuration.tenantId}/${configuration.clientId}` : configuration.targetOrigin;
}
