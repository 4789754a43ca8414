import { failures, remedyFor, remedyOf } from '../failures';
import type { RunReport } from '../run/run';
import { checklist, itemNames } from './checklist';
import { missingCredentials, runsOf } from './projection';
import { isSuccess, lastTelling } from './run-history';
import { isLive, type CustomerState } from './state';
import { minuteOf } from './time-words';

/** The worst first; `paused` goes before all, for whoever paused knows. */
export const healths = ['paused', 'failing', 'stale', 'degraded', 'healthy'] as const;
export type HealthName = (typeof healths)[number];

export interface Health {
  is: HealthName;
  /** Every reason, each a sentence with its remedy; none when healthy. */
  because: string[];
}

/** How a customer is, from what the workflow remembers: what time alone brings about (`staleSince`) was noted by the agenda. */
export function healthOf(state: CustomerState): Health {
  const reasons = [...reasonsOf(state)];
  return { is: healths.find((health) => reasons.some(([is]) => is === health)) ?? 'healthy', because: reasons.map(([, says]) => says) };
}

function* reasonsOf(state: CustomerState): Iterable<[HealthName, string]> {
  const { paused, staleSince, holds, against, postponed } = state;
  if (paused) yield ['paused', `Paused since ${minuteOf(paused.since)} by ${paused.by}: ${paused.reason}`];
  const last = lastTelling(state);
  if (last && !isSuccess(last)) yield ['failing', failureOf(last)];
  if (staleSince)
    yield [
      'stale',
      `No sync has succeeded when one was due (${minuteOf(staleSince)}). Look at the runs; \`syncNow\` says whether one can start.`,
    ];
  if (isLive(state)) yield* hindrances(state);
  for (const item of itemNames) {
    const found = against[item];
    if (found && !(last && found.by === `run ${last.runId}`))
      yield [
        'degraded',
        `${checklist[item].asks}: not so (${found.by}, ${minuteOf(found.at)}). ${found.says} ${remedyFor(found.remedy, state.customerId)}`,
      ];
  }
  if (holds > 0) yield ['degraded', `${holds} held ${holds === 1 ? 'change waits' : 'changes wait'} for a decision: \`decideHolds\`.`];
  if (last && isSuccess(last)) {
    if (last.plan.problems > 0)
      yield ['degraded', `${last.plan.problems} ${last.plan.problems === 1 ? 'person' : 'people'} can’t be synced: look up “problems”.`];
    if (last.done.failed > 0)
      yield [
        'degraded',
        `${last.done.failed} ${last.done.failed === 1 ? 'change' : 'changes'} failed and will be tried again: look up “changes”.`,
      ];
  }
  for (const [what, { until, because }] of Object.entries(postponed))
    yield ['degraded', `${what} could not be done and is tried again at ${minuteOf(until)}: ${because}`];
}

function* hindrances(state: CustomerState): Iterable<[HealthName, string]> {
  const runs = runsOf(state);
  if (runs.allowed || runs.because === 'Paused') return;
  const missing = runs.because === 'CredentialMissing' ? ` (for ${missingCredentials(state).join(' and ')})` : '';
  yield ['degraded', `No sync runs${missing}: ${failures[runs.because].says} ${remedyOf(runs.because, state.customerId)}`];
}

export function failureOf({ customerId, runId, mode, because = 'Unexpected', detail, endedAt }: RunReport): string {
  const isKnown = because !== 'Unexpected';
  const cause = detail || (isKnown ? failures[because].says : 'The cause is not one that Rollcall knows.');
  const remedy = isKnown ? remedyOf(because, customerId) : 'Look at the run’s history; the worker’s log has the rest.';
  return `The last ${mode} failed at ${minuteOf(endedAt)} (${because}, run ${runId}): ${cause} ${remedy}`;
}
