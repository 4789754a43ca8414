import {
  ActivityFailure,
  CancellationScope,
  defineQuery,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ClosingStep, LongSteps, ShortSteps } from '../activities/steps';
import { codeOf } from '../domain/failures';
import type { Mode, Outcome, Run, RunReport } from '../domain/run/run';
import { runDetails } from '../domain/run/run-details';

/** Inside the workflow task: an unchanged customer must cost next to nothing. Bounded, so that a store that is down doesn't fill the history. */
const { openRun } = proxyLocalActivities<ShortSteps>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '2m',
  retry: { maximumInterval: '15s' },
  summary: 'Asks whether it may run, takes the lease',
});

/**
 * On workers of their own, for as long as they need: 500,000 people at 300 a minute take 28 hours. The cap on the interval is low because
 * Temporal counts every attempt, also those that got on; an activity that gets nowhere for half an hour says so by failing for good.
 */
const long = (summary: string) =>
  proxyActivities<LongSteps>({
    taskQueue: 'rollcall-sync',
    startToCloseTimeout: '7d',
    heartbeatTimeout: '15s',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED', // a run is closed only when nobody writes any more
    retry: { initialInterval: '1s', maximumInterval: '30s' },
    summary,
  });

/** Tried for ever: until the store takes it, the run stays open and the customer's own agenda says that it is stale. */
const { closeRun } = proxyActivities<ClosingStep>({
  startToCloseTimeout: '30s',
  retry: { maximumInterval: '30s' },
  summary: 'Totals, lease, word to the customer’s workflow',
});

/** Where the run is, for support. */
export const progress = defineQuery<string>('progress');

/** One pass over one customer: the LMS ends up as the directory demands, or the report says who doesn't and why. */
export async function syncRun({ customerId, mode }: { customerId: string; mode: Mode }): Promise<RunReport> {
  let details = runDetails(customerId, 'opening');
  const show = (...parameters: Parameters<typeof runDetails>) => setCurrentDetails((details = runDetails(...parameters)));
  setHandler(progress, () => details, { description: 'Where this run is, in words' });

  const { runId, workflowId } = workflowInfo();
  // Asked to cancel while it opens, it still learns whether it has the lease, and gives that back.
  const opened = await CancellationScope.nonCancellable(() => openRun({ customerId, mode, runId, workflowId }));
  if ('skipped' in opened) {
    show(customerId, 'closed', opened.skipped);
    log.info('run skipped', { mode, because: opened.skipped.because });
    return opened.skipped;
  }
  const { run } = opened;
  log.info('run opened', { mode, configurationVersion: run.configurationVersion });
  let outcome: Outcome;
  let failure: Error | undefined;
  try {
    outcome = await passOver(run, (at, figures) => show(customerId, at, figures));
  } catch (error) {
    outcome = isCancellation(error) ? 'cancelled' : 'failed';
    failure = error as Error; // whatever is thrown inside a workflow is one
  }
  // Whatever happened, and even while it is being cancelled, the lease is given back and the customer told.
  const because = outcome === 'cancelled' ? 'Cancelled' : failure ? codeOf(failure) : undefined;
  const report = await CancellationScope.nonCancellable(() => closeRun({ run, workflowId, outcome, because, detail: wordsOf(failure) }));
  show(customerId, 'closed', report);
  const { members, done, plan, openHolds, problems } = report;
  log[failure ? 'warn' : 'info']('run closed', { mode, outcome, because, members, done, held: plan.held, openHolds, problems });
  if (failure) throw failure;
  return report;
}

async function passOver(
  run: Run,
  show: (at: Parameters<typeof runDetails>[1], figures?: Parameters<typeof runDetails>[2]) => void,
): Promise<Outcome> {
  show('reading');
  const read = await long('Read the group’s members from Entra').readDirectory(run);
  if (read.settled) return 'succeeded'; // nothing changed, nothing is left over: nothing to plan
  show('planning');
  const plan = await long('Compare, confirm leavers, apply the guard').planChanges(run);
  if (run.mode === 'preview') return 'succeeded';

  show('upserting', plan);
  let { managers } = plan;
  const upserts = plan.create + plan.adopt + plan.update + plan.reactivate + plan.unlink;
  if (upserts > 0)
    ({ managers } = await long(`Create, adopt, update: ${upserts} ${upserts === 1 ? 'person' : 'people'}`).upsertAccounts(run));
  if (managers > 0) {
    show('managers', plan);
    await long(`Set ${managers} ${managers === 1 ? 'manager' : 'managers'}`).setManagers(run);
  }
  if (plan.deactivate > 0) {
    show('leavers', plan);
    await long(`Deactivate ${plan.deactivate} ${plan.deactivate === 1 ? 'leaver' : 'leavers'}`).deactivateLeavers(run);
  }
  return plan.held > 0 ? 'held' : 'succeeded';
}

function wordsOf(failure: unknown): string | undefined {
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  return cause instanceof Error ? cause.message : undefined;
}
