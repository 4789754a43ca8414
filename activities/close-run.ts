import type { Dependencies } from './dependencies';
import { noPlan, type RunReport } from '../domain/run/run';
import type { ClosingStep } from './steps';

type Deps = Pick<Dependencies, 'runs' | 'changes' | 'engine' | 'lookUps' | 'holds' | 'onRunClosed' | 'now'>;

export function createCloseRun({ runs, changes, engine, lookUps, holds, onRunClosed, now }: Deps): ClosingStep['closeRun'] {
  return async function closeRun({ run, workflowId, outcome, because, detail }) {
    const { customerId, runId, mode, configurationVersion } = run;
    const row = await runs.find(customerId, runId);
    let report: RunReport = row?.report ?? {
      customerId,
      runId,
      workflowId,
      mode,
      outcome,
      because,
      detail,
      startedAt: (row?.openedAt ?? new Date(now())).toISOString(),
      endedAt: new Date(now()).toISOString(),
      configurationVersion,
      members: row?.members ?? 0,
      plan: row?.plan ?? noPlan,
      done: await changes.done(customerId, runId),
      openHolds: await holds.countOpen(customerId),
      ...(row && row.notKept.length > 0 && { notKept: row.notKept }),
      ...(row && row.foundNotKept.length > 0 && { foundNotKept: row.foundNotKept }),
      problems: await lookUps.problemsByCode(customerId, mode === 'preview' ? 'preview' : 'live', runId),
    };
    const isWhole = report.outcome === 'succeeded' || report.outcome === 'held';
    if (!row?.report) {
      const isFirst = await runs.close(report, isWhole && !(await changes.hasLeftovers(customerId, runId)));
      if (isFirst) onRunClosed?.(report);
      else report = (await runs.find(customerId, runId))?.report ?? report; // the one that every attempt tells
    }
    await engine.signalRunClosed(customerId, report);
    return report;
  };
}
