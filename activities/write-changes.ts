import type { ChangeResult, ChangeStore, PendingChange, WorkStage } from '../adapters/store/change-store';
import type { Writer } from '../adapters/store/lease-store';
import { Failure } from '../domain/failure';
import { failures } from '../domain/failures';
import { applyChange, giveBackName, type Applying } from './apply-change';
import { pause, waitInPlace, type Progress } from './long-step';

/** Results are stored when so many are there, or so many milliseconds have passed. */
const batch = { rows: 500, ms: 100 };
/** Requests go out for at most so many positions beyond the last stored batch: after a crash, only those are uncertain. */
const ahead = 1_000;
/** Tries of one change in one attempt of the step, with growing pauses between them. */
const tries = 4;
/** So many failed tries without one that succeeds: it isn't the person, it's the LMS. */
const outageAfter = 12;

interface Work {
  stage: WorkStage;
  writer: Writer;
  changes: ChangeStore;
  concurrency: number;
  applying: Applying;
  progress: Progress;
}

/**
 * Makes a stage's changes by a bounded pool and stores the results in batches. Whatever ends it early (a cancellation, an outage, a lost fence), the requests in flight come to
 * their end and their results are stored first; the next attempt goes on with what is left.
 */
export async function writeChanges({ stage, writer, changes, concurrency, applying, progress }: Work): Promise<void> {
  const { signal } = progress;
  const { total, sentUntil: uncertainUntil, finished } = await changes.resume(writer, stage);
  let done = finished;
  if (total === done) return;
  let sentUntil = uncertainUntil; // what the store knows; requests beyond it wait for the next batch
  let dispatched = 0;
  let failedTries = 0;
  let stop: { because: unknown } | undefined;
  let quietUntil = 0;
  let results: ChangeResult[] = [];
  let flushing: Promise<void> | undefined;
  const inFlight = new Map<string, Promise<void>>();
  let freed: (() => void) | undefined; // whoever waits for a place in the pool

  const flush = async (): Promise<void> => {
    const rows = results;
    results = [];
    const mark = Math.max(dispatched, uncertainUntil) + ahead;
    await changes.storeResults(writer, stage, rows, mark);
    sentUntil = mark;
    done += rows.length;
    progress.report({ done, left: total - done, stage });
  };
  /** One at a time, so that the mark only grows; whoever comes meanwhile waits for the one that is under way. */
  const flushed = (): Promise<void> =>
    (flushing ??= flush()
      .catch((error: unknown) => {
        stop ??= { because: error };
      })
      .finally(() => {
        flushing = undefined;
      }));
  await flushed();
  let lastFlush = Date.now();

  try {
    for (let buffer: PendingChange[] = [], after = 0; !stop && !signal.aborted;) {
      if (buffer.length === 0) {
        buffer = await changes.pending(writer, stage, after, ahead);
        if (buffer.length === 0) break;
        after = (buffer.at(-1) as PendingChange).position;
      }
      const change = buffer.shift() as PendingChange;
      if (change.alone) await Promise.all(inFlight.values());
      while (inFlight.size >= concurrency) await new Promise<void>((resolve) => (freed = resolve));
      while (change.position > sentUntil && !stop) await flushed();
      if (stop || signal.aborted) break;
      dispatched = Math.max(dispatched, change.position);
      // The manager's request left earlier: waiting for it can't go in circles.
      const manager = change.kind === 'create' && change.managerId ? inFlight.get(change.managerId) : undefined;
      const task = make(change, manager).finally(() => {
        inFlight.delete(change.memberId);
        freed?.();
      });
      inFlight.set(change.memberId, task);
      if (change.alone) await task;
      if (results.length >= batch.rows || (results.length > 0 && Date.now() - lastFlush >= batch.ms)) {
        lastFlush = Date.now();
        void flushed();
      }
    }
  } catch (error) {
    stop ??= { because: error };
  }
  await Promise.all(inFlight.values());
  if (flushing) await flushing;
  if (results.length > 0) await flushed();
  signal.throwIfAborted();
  if (stop) throw stop.because;

  async function make(change: PendingChange, manager: Promise<void> | undefined): Promise<void> {
    if (manager) await manager;
    if (stop || signal.aborted) return; // not sent: the manager may be missing because the step is ending
    let isUncertain = change.position <= uncertainUntil;
    for (let attempt = change.attempts + 1, tried = 1; ; attempt += 1, tried += 1) {
      try {
        const quiet = quietUntil - Date.now();
        if (quiet > 0) await pause(quiet, signal);
        const outcome = await applyChange(change, isUncertain, applying);
        failedTries = 0;
        results.push({ position: change.position, memberId: change.memberId, attempts: attempt, ...outcome });
        return;
      } catch (error) {
        if (signal.aborted || stop) return; // not made, or not known to be: it stays pending
        if (!(error instanceof Failure)) {
          stop = { because: error };
          return;
        }
        const { passes, reach } = failures[error.code];
        if (!passes && reach === 'person') {
          const link = await giveBackName(change, applying).catch(() => undefined); // the next run finds it under its temporary name, and mends it
          results.push({
            position: change.position,
            memberId: change.memberId,
            attempts: attempt,
            outcome: 'failed',
            code: error.code,
            detail: error.message,
            link,
          });
          return;
        }
        isUncertain = true;
        failedTries += 1;
        if (!passes || error.code === 'StoreUnavailable') stop = { because: error };
        else if (error.code === 'TargetThrottled') {
          // Everybody waits, once; a long wait is left to the server's timer.
          if ((error.retryAfterMs ?? 0) > 60_000) stop = { because: error };
          else quietUntil = Math.max(quietUntil, Date.now() + (error.retryAfterMs ?? 1_000));
          tried -= 1;
        } else if (tried >= tries) {
          const answersOthers = error.status !== undefined && failedTries < outageAfter;
          if (answersOthers) {
            results.push({
              position: change.position,
              memberId: change.memberId,
              attempts: attempt,
              outcome: 'failed',
              code: error.code,
              detail: error.message,
            });
            return;
          }
          stop = { because: error };
        }
        if (stop) return;
        if (error.code !== 'TargetThrottled')
          await waitInPlace(
            new Failure(error.code, undefined, { retryAfterMs: Math.min(error.retryAfterMs ?? 250 * 2 ** tried, 30_000) }),
            signal,
          ).catch(() => undefined);
      }
    }
  }
}
