import type { MetricMeter } from '@temporalio/common';
import type { RunReport } from '../domain/run/run';

/** Requests come by thousands a second, and each step over to the SDK's core takes a while: they are handed over so often (ms). */
const handOverEvery = 1_000;

export interface Metrics {
  requested(to: 'directory' | 'target', kind: 'read' | 'write'): void;
  runClosed(report: Pick<RunReport, 'mode' | 'outcome' | 'because' | 'done'>): void;
  /** What is not handed over yet, is. */
  close(): void;
}

/** Rollcall's own figures, beside those of the SDK. Customers are no labels: what one of them does is asked of its workflow. */
export function createMetrics(meter: MetricMeter): Metrics {
  const requests = meter.createCounter('rollcall_requests', 'requests', 'Requests to directories and LMSs.');
  const runs = meter.createCounter('rollcall_runs', 'runs', 'Runs that came to an end.');
  const changes = meter.createCounter('rollcall_changes', 'changes', 'People in LMSs who were changed, and who could not be.');
  const waiting = new Map<string, { to: string; kind: string; n: number }>();

  const handOver = () => {
    for (const { to, kind, n } of waiting.values()) requests.add(n, { to, kind });
    waiting.clear();
  };
  const timer = setInterval(handOver, handOverEvery).unref();

  return {
    requested(to, kind) {
      const key = `${to} ${kind}`;
      const counted = waiting.get(key);
      if (counted) counted.n += 1;
      else waiting.set(key, { to, kind, n: 1 });
    },
    runClosed({ mode, outcome, because, done }) {
      runs.add(1, { mode, outcome, because: because ?? '' });
      for (const [kind, n] of Object.entries(done) as [string, number][]) if (n > 0) changes.add(n, { kind });
    },
    close() {
      clearInterval(timer);
      handOver();
    },
  };
}
