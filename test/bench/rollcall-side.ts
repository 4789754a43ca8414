import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { seal } from '../../adapters/credentials/sealing';
import type { SealingJwk } from '../../adapters/credentials/sealing-ring';
import { createDataConverter } from '../../adapters/payloads/data-converter';
import { connectEngine, connectRollcall, type RollcallClient } from '../../client/rollcall-client';
import { connectionSettings, payloadRing } from '../../client/settings';
import { audienceOf } from '../../domain/customer/audience';
import type { RunReport } from '../../domain/run/run';

const by = 'npm run bench';

export interface MeasuredRun {
  report: RunReport;
  /** From the run's start to its close, by Temporal's own times. */
  wallMs: number;
  /** From asking for the run to hearing of its end, by our clock: the update and the answer come on top. */
  seenMs: number;
  historyEvents: number;
  activities: number;
  peakRssMb: number;
  /** How long each long step took: `readDirectory 1712 ms, …`. */
  steps: string;
}

/** One of Rollcall's customers: through onboarding, then run by run. */
export class RollcallSide {
  private constructor(
    private readonly rollcall: RollcallClient,
    private readonly engine: Client,
    private readonly workerPid: number,
    private readonly customerId: string,
  ) {}

  static async connect(env: NodeJS.ProcessEnv, workerPid: number, customerId: string): Promise<RollcallSide> {
    const settings = connectionSettings(env);
    const engine = new Client({
      connection: await connectEngine(settings),
      namespace: settings.namespace,
      dataConverter: createDataConverter(payloadRing(env)),
    });
    return new RollcallSide(await connectRollcall(env), engine, workerPid, customerId);
  }

  async close(): Promise<void> {
    await this.rollcall.close();
    await this.engine.connection.close();
  }

  /** Up to going live, as an operator does it. */
  async onboard(configuration: object, secrets: Record<'directory' | 'target', string>): Promise<void> {
    const { rollcall, customerId } = this;
    const status = await rollcall.startCustomer({ customerId, configuration, name: customerId });
    const { rows } = await rollcall.lookUp({ what: 'sealingKey' });
    const { jwk } = rows[0] as { jwk: SealingJwk };
    for (const purpose of ['directory', 'target'] as const) {
      const sealed = await seal(secrets[purpose], jwk, { customerId, purpose, audience: audienceOf(status.configuration, purpose) });
      await rollcall.update(customerId, 'provideCredential', { purpose, sealed, by });
    }
    const tested = await rollcall.update(customerId, 'testConnection', {});
    const faults = (tested.status.connection?.findings ?? []).filter(({ ok }) => !ok);
    if (faults.length > 0) throw new Error(`the connection test found: ${faults.map(({ says }) => says).join('; ')}`);
    const { run } = await rollcall.update(customerId, 'requestPreview', { by });
    await this.engine.workflow.getHandle(run.workflowId, run.runId).result();
    await this.told(run.runId);
    await rollcall.update(customerId, 'signOffPreview', { runId: run.runId, by });
    await rollcall.update(customerId, 'goLive', { by });
  }

  async sync(): Promise<MeasuredRun> {
    writeFileSync(`/proc/${this.workerPid}/clear_refs`, '5'); // proc(5): resets the peak of the resident set
    const askedAt = performance.now();
    const { run } = await this.rollcall.update(this.customerId, 'syncNow', { by });
    const handle = this.engine.workflow.getHandle(run.workflowId, run.runId);
    const report = (await handle.result()) as RunReport;
    const seenMs = performance.now() - askedAt;
    const peakRssMb = peakOf(readFileSync(`/proc/${this.workerPid}/status`, 'utf8'));
    if (report.outcome !== 'succeeded')
      throw new Error(`the run is ${report.outcome}: ${report.because ?? ''} ${report.detail ?? ''} ${JSON.stringify(report.plan)}`);
    const { startTime, closeTime } = await handle.describe();
    const events = (await handle.fetchHistory()).events ?? [];
    await this.told(run.runId);
    return {
      report,
      wallMs: (closeTime as Date).getTime() - startTime.getTime(),
      seenMs,
      historyEvents: events.length,
      activities: events.filter(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes).length,
      peakRssMb,
      steps: stepsIn(events),
    };
  }

  /** No run of this customer comes in between. */
  async pause(): Promise<void> {
    await this.rollcall.update(this.customerId, 'pause', { reason: 'only warmed up', by });
  }

  /** The customer hears of a run's end by a signal, a moment later; until then the next run must not be asked for. */
  private async told(runId: string): Promise<void> {
    for (const until = Date.now() + 30_000; Date.now() < until; await wait(50))
      if ((await this.rollcall.query(this.customerId, 'runs')).some((report) => report.runId === runId)) return;
    throw new Error(`the customer was not told of run ${runId}`);
  }
}

type HistoryEvent = NonNullable<Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']>[number];

/** From being scheduled to the end that counts. */
function stepsIn(events: readonly HistoryEvent[]): string {
  const at = ({ eventTime }: HistoryEvent) => Number(eventTime?.seconds) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
  const steps = events.flatMap((event) => {
    const scheduled = events.find(
      ({ eventId }) => String(eventId) === String(event.activityTaskCompletedEventAttributes?.scheduledEventId),
    );
    const name = scheduled?.activityTaskScheduledEventAttributes?.activityType?.name;
    return scheduled && name ? [`${name} ${Math.round(at(event) - at(scheduled))} ms`] : [];
  });
  return steps.join(', ');
}

/** Of `/proc/PID/status`, in mebibytes. */
export function peakOf(status: string): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kibibytes === undefined) throw new Error('the kernel does not tell the peak of the worker’s memory');
  return Math.round(Number(kibibytes) / 1024);
}
