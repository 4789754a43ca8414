import { isLive, type CustomerState } from './state';

const minute = 60_000; // ms
const day = 24 * 60 * minute;

/** Two runs may be missed and a third be slow before anybody is told. */
const slack = 10 * minute;
/** A key that workers got meanwhile is known to the validator after this long; continuing as new asks as well. */
const keysAge = day;
export const postponement = 10 * minute;

/** What time alone brings about. One entry for each thing that a customer waits for; each knows from the state when it is due next, if at all. */
const agenda = {
  /** The world may not have followed the last decision: told again. */
  followDecisions: ({ unfollowed }: CustomerState) => (unfollowed ? 0 : undefined),
  refreshSealingKeys: ({ sealing: { knownSince } }: CustomerState) => (knownSince ? Date.parse(knownSince) + keysAge : 0),
  /** The next expected success; missed, the customer is stale. */
  missSuccess(state: CustomerState): number | undefined {
    if (!isLive(state) || state.paused || state.staleSince) return undefined;
    return latest(state.lastSuccessAt, state.expectedSince) + 2 * state.configuration.everyMinutes * minute + slack;
  },
} satisfies Record<string, (state: CustomerState) => number | undefined>;

export type What = keyof typeof agenda;

export interface Due {
  what: What;
  /** Milliseconds since 1970. */
  at: number;
}

/** The workflow sleeps until exactly then, and asks again whenever the state changes. */
export function nextDue(state: CustomerState): Due | undefined {
  return (Object.keys(agenda) as What[])
    .flatMap((what) => ({ what, at: Math.max(agenda[what](state) ?? Infinity, latest(state.postponed[what]?.until)) }))
    .filter(({ at }) => at < Infinity)
    .sort((one, other) => one.at - other.at)[0];
}

function latest(...times: (string | undefined)[]): number {
  return Math.max(...times.map((time) => (time ? Date.parse(time) : 0)));
}
