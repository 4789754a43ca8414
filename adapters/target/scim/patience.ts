import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../../domain/failure';
import { longestWait } from './pace';

/** Tries of one page that the server fails on, with growing pauses between them. */
const tries = 4;
/** How long one page is asked for where the server asks for patience again and again (ms). */
const throttledFor = 5 * 60_000;
const longestPause = 30_000; // ms, where the server doesn't say how long

/** Asks again where another try may help: a walk through all accounts is too long to begin anew because of one page. Longer waits are the caller's. */
export async function patiently<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  const since = Date.now();
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      const wait = waitAfter(error, tried, Date.now() - since);
      if (wait === undefined || wait > longestWait) throw error;
      await sleep(wait, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/** Milliseconds; undefined where the same would come again. */
function waitAfter(error: unknown, tried: number, waited: number): number | undefined {
  if (!(error instanceof Failure)) return undefined;
  const { code, status = 0, retryAfterMs } = error;
  if (code === 'TargetThrottled') return waited < throttledFor ? (retryAfterMs ?? Math.min(500 * 2 ** tried, longestPause)) : undefined;
  const mayPass = code === 'TargetUnavailable' && (status < 400 || status === 408 || status === 425 || status >= 500);
  return mayPass && tried < tries ? (retryAfterMs ?? 250 * 2 ** tried) : undefined;
}
