import { setTimeout as wait } from 'node:timers/promises';
import type { Asked } from '../../domain/customer/messages';
import type { CustomerStatus } from '../../domain/customer/status';
import type { RunReport } from '../../domain/run/run';
import { notKeptRemedy } from '../../domain/run/run-details';
import { exitOf, followRun } from '../follow-run';
import type { Session } from '../session';
import type { AddVerb } from './add-command';
import { commandOf, reportRemedy, reportWords, tookWords } from '../words';

interface Options {
  wait?: boolean;
  by?: string;
}

/** Commands that start a run, and may watch it to its end. */
export function addRunningCommands(verb: AddVerb, session: Session): void {
  const { output } = session;
  const running = (name: string, update: 'requestPreview' | 'syncNow', says: string, of: 'plan' | 'done') =>
    verb(name, says, `rollcall customer ${name} acme --wait`, `rollcall customer ${name} acme --wait --json | jq .report.${of}`)
      .option('--wait', 'watches it to its end; the exit code tells how it ended')
      .option('--by <name>', 'who asks (default: the user of this machine)')
      .action(async (id: string, options: Options) => {
        const client = await session.client();
        const { run, status } = await client.update(id, update, { by: session.by(options) });
        if (run.alreadyRunning) output.note(`A ${run.mode} of ${id} is at work already.`);
        if (!options.wait) return output.data({ run, status }, () => started(id, run));
        output.note(`${run.mode} of ${id}: ${run.workflowId}, run ${run.runId}`);
        const report = await followRun(session, { ...run, customerId: id });
        session.exit = exitOf(report);
        const after = await statusAfter(report, () => client.query(id, 'status'));
        output.data({ run, report, status: after }, () => ended(report, after));
      });
  running('preview', 'requestPreview', 'starts a run that reads, maps and plans, and writes nothing to the LMS', 'plan');
  running('sync', 'syncNow', 'starts a sync now, beside the schedule', 'done');

  function started(id: string, { mode, runId }: Asked['run']): string {
    return `The ${mode} runs: ${runId}. See rollcall runs ${id}.`;
  }

  function ended(report: RunReport, { customerId, next, holds }: CustomerStatus): string {
    const { mode, outcome, runId, plan, done } = report;
    const colour = outcome === 'succeeded' ? 'green' : outcome === 'held' ? 'yellow' : 'red';
    return [
      `${mode} ${output.style(colour, outcome)} after ${tookWords(report)}: ${reportWords(report)}`,
      reportRemedy(report) && `${output.style('bold', 'What to do:')} ${reportRemedy(report)}`,
      plan.problems > 0 && `Problems: rollcall problems ${customerId}`,
      report.foundNotKept && `The LMS does not keep: ${report.foundNotKept.join(', ')}. ${notKeptRemedy}`,
      done.failed > 0 && `Refused by the LMS, tried again next time: rollcall changes ${customerId} --run-id ${runId}`,
      mode === 'preview' && outcome === 'succeeded' && `Its changes: rollcall changes ${customerId} --run-id ${runId}`,
      holds > 0 && `Held: rollcall customer holds ${customerId}`,
      next && `Next: ${commandOf(customerId, next)}`,
    ]
      .filter(Boolean)
      .join('\n');
  }
}

/** A run's word reaches the customer's workflow by a signal, a moment after its end; one that was skipped may have sent none. */
async function statusAfter({ runId, outcome }: RunReport, ask: () => Promise<CustomerStatus>): Promise<CustomerStatus> {
  for (let tries = 0; ; tries += 1) {
    const status = await ask();
    const isTold = status.lastRun?.runId === runId && status.started[status.lastRun.mode]?.runId !== runId;
    if (isTold || outcome === 'skipped' || tries >= 20) return status;
    await wait(100);
  }
}
