import { setMaxListeners } from 'node:events';
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { Failure } from '../domain/failure';
import { failures } from '../domain/failures';

/** What the Temporal UI shows of a pending activity; the next attempt finds it again, also while the store is down. */
interface Details {
  /** Milliseconds since 1970 of the last thing that got on. */
  progressAt: number;
  /** Waiting that the other side asked for, and time in which nobody tried, in milliseconds; neither counts as getting nowhere. */
  excusedMs: number;
  /** Milliseconds since 1970 of the last heartbeat. */
  beatAt: number;
  /** The most that any attempt had done. */
  furthest: number;
  figures?: Figures;
}

export type Figures = Readonly<Record<string, number | string>>;

type Counted = { done: number; left?: number } & Figures;

export interface Progress {
  /** Something got on, and stays done. `done` and `left` make the rate. */
  report(figures: Counted): void;
  /** Where it stands. Doing again what an earlier attempt had done is no progress: only what goes beyond that is. */
  show(figures: Counted): void;
  /** Waits as long as the other side asked, when that is short; otherwise, or when this gets nowhere, the failure goes on to the server's timer. */
  waitInPlace(failure: Failure): Promise<void>;
  signal: AbortSignal;
}

const heartbeatEvery = 2_000; // ms
const givesUpAfter = 30 * 60_000; // ms without progress
const waitsInPlace = 60_000; // ms: a longer Retry-After is left to the server's timer
/** Longest that lies between two attempts by themselves (ms): a heartbeat that doesn't come, and the retry's own pause. More is nobody's trying: no worker, or a paused activity. */
const betweenAttempts = 60_000;

/**
 * Runs a step that may take as long as the customer is large: heartbeats by a timer, so that a process that lives is seen to live; keeps the clock of the
 * last progress in the heartbeat's details; and fails for good, with the cause, after half an hour of trying that got nowhere.
 */
export async function longStep<Result>(now: () => number, work: (progress: Progress) => Promise<Result>): Promise<Result> {
  const context = Context.current();
  setMaxListeners(0, context.cancellationSignal); // everybody who waits for another try listens to it, dozens at once
  const before = context.info.heartbeatDetails as Details | undefined;
  const startedAt = now();
  const idle = before?.beatAt === undefined ? 0 : startedAt - before.beatAt;
  let details: Details = {
    progressAt: before?.progressAt ?? (context.info.attempt === 1 ? startedAt : context.info.scheduledTimestampMs),
    excusedMs: (before?.excusedMs ?? 0) + (idle > betweenAttempts ? idle : 0),
    beatAt: startedAt,
    furthest: before?.furthest ?? 0,
    figures: before?.figures,
  };
  /** Where the rate counts from: what is counted may change within a step, from accounts that are read to leavers who are confirmed. */
  let since: { at: number; done: number } | undefined;
  let last = 0;
  const isStuck = () => now() - details.progressAt - details.excusedMs > givesUpAfter;
  const beat = () => context.heartbeat((details = { ...details, beatAt: now() }));
  const note = (figures: Counted, isProgress: boolean) => {
    if (!since || figures.done < last) since = { at: since ? now() : startedAt, done: figures.done };
    last = figures.done;
    const seconds = Math.max(0.001, (now() - since.at) / 1000);
    details = {
      ...(isProgress ? { progressAt: now(), excusedMs: 0, beatAt: details.beatAt } : details),
      furthest: Math.max(details.furthest, figures.done),
      figures: { ...figures, perSecond: Math.round((figures.done - since.done) / seconds) },
    };
  };
  const timer = setInterval(beat, heartbeatEvery);
  beat();
  try {
    return await work({
      signal: context.cancellationSignal,
      async waitInPlace(failure) {
        const wait = failure.retryAfterMs ?? 1_000;
        if (wait > waitsInPlace || isStuck()) throw failure;
        await pause(wait, context.cancellationSignal);
      },
      report: (figures) => note(figures, true),
      show: (figures) => note(figures, figures.done > details.furthest),
    });
  } catch (error) {
    if (context.cancellationSignal.aborted) throw error instanceof CancelledFailure ? error : new CancelledFailure('the run was cancelled');
    // What is not one of ours (a fault in our own code, say) is tried again too, but not for ever either.
    const known = error instanceof Failure ? error : undefined;
    if (known && !failures[known.code].passes) throw error;
    const wait = known?.retryAfterMs ?? 0;
    if (isStuck()) {
      throw ApplicationFailure.create({
        type: 'NoProgress',
        message: `${failures.NoProgress.says} ${(error as Error).message}`,
        nonRetryable: true,
        details: [{ cause: known?.code ?? 'Unexpected' }],
        cause: error as Error,
      });
    }
    if (wait > waitsInPlace) details = { ...details, excusedMs: details.excusedMs + wait };
    beat();
    throw error;
  } finally {
    clearInterval(timer);
  }
}

export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new CancelledFailure('the run was cancelled'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
