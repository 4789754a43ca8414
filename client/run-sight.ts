import type { RunReport } from '../domain/run/run';

export interface WatchedRun {
  workflowId: string;
  runId: string;
}

/** What a run's pending activity says of itself, by its heartbeat (activities/long-step.ts). */
export interface Figures {
  done?: number;
  left?: number;
  perSecond?: number;
}

/**
 * `step`: the activity that is at work; none between two of them. `failure`: why its last attempt failed, while it is being tried again. `isPaused`: by
 * hand, in Temporal, where somebody must let it go on.
 */
export interface Running {
  state: 'running';
  step?: string;
  attempt?: number;
  figures?: Figures;
  failure?: string;
  isPaused?: true;
}

export type RunSight = Running | { state: 'closed'; status: string; report?: RunReport; failure?: string };

const steps: Readonly<Record<string, string>> = {
  readDirectory: 'Reading members from Entra',
  planChanges: 'Comparing and confirming',
  upsertAccounts: 'Creating and updating accounts',
  setManagers: 'Setting managers',
  deactivateLeavers: 'Deactivating leavers',
  closeRun: 'Closing',
};

/** The step in words; before the first one there is none. */
export function stepWords(activityType: string | undefined): string {
  return activityType === undefined ? 'Starting' : (steps[activityType] ?? activityType);
}

/** Of the heartbeat's details as they came; nothing that isn't a number counts. */
export function figuresOf(details: unknown): Figures | undefined {
  const { figures } = (details ?? {}) as { figures?: unknown };
  if (typeof figures !== 'object' || figures === null) return undefined;
  const number = (key: string) => {
    const value = (figures as Record<string, unknown>)[key];
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  return { done: number('done'), left: number('left'), perSecond: number('perSecond') };
}

/** `1,200 done · 34/s · 800 left, about 24 s`. */
export function figuresLine({ done, left, perSecond }: Figures): string {
  const remaining = left !== undefined && perSecond ? `, about ${durationWords((left / perSecond) * 1_000)}` : '';
  return [
    done !== undefined && `${done.toLocaleString('en')} done`,
    perSecond !== undefined && `${perSecond.toLocaleString('en')}/s`,
    left !== undefined && `${left.toLocaleString('en')} left${left > 0 ? remaining : ''}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** `850 ms`, `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationWords(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
}
