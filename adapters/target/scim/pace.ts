import type { IncomingHttpHeaders } from 'node:http';
import { Failure } from '../../../domain/failure';
import { announcedLimit, askedWait } from './announced';

/** Milliseconds. A longer wait is the caller's: it must not sit in an activity. */
export const longestWait = 60_000;

/**
 * Keeps to the limits that a server announces, to the pauses that it asks for and to a configured number of requests a minute. Without any of
 * these it costs two comparisons a request.
 */
export class Pace {
  private inFlight = 0;
  private limit: number | undefined;
  private remaining: number | undefined;
  /** When the announced count begins anew; milliseconds since 1970, like all times here. */
  private resetAt = 0;
  private pausedUntil = 0;
  private readonly bucket: Bucket | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(
    perMinute: number | undefined,
    private readonly now: () => number = Date.now,
  ) {
    this.bucket = perMinute === undefined ? undefined : new Bucket(perMinute, now());
  }

  /** Takes a turn; every turn ends with `answered`. Without a promise it was free at once. Throws `TargetThrottled` where the wait would be over a minute. */
  take(signal: AbortSignal): Promise<void> | undefined {
    if (this.wait() > 0) return this.takeLater(signal);
    this.start();
    return undefined;
  }

  /** An answer came, or (without one) none did. */
  answered(answer?: { status: number; headers: IncomingHttpHeaders }): void {
    this.inFlight--;
    if (answer) this.learn(answer);
    if (this.waiting.size > 0) for (const wake of [...this.waiting]) wake();
  }

  private start(): void {
    this.inFlight++;
    this.bucket?.take();
  }

  private async takeLater(signal: AbortSignal): Promise<void> {
    for (let wait = this.wait(); wait > 0; wait = this.wait()) {
      if (wait > longestWait) throw new Failure('TargetThrottled', undefined, { retryAfterMs: wait });
      await this.sleep(wait, signal);
    }
    this.start();
  }

  /** Milliseconds until the next request may leave, as far as is known now. */
  private wait(): number {
    if (this.limit === undefined && this.remaining === undefined && this.pausedUntil === 0 && !this.bucket) return 0;
    const now = this.now();
    const paused = this.pausedUntil - now;
    const announced = this.isUsedUp(now) ? Math.max(1, this.resetAt - now) : 0;
    return Math.max(paused, announced, this.bucket?.wait(now) ?? 0);
  }

  /** Requests on their way may not have been counted yet when the server said what remains. */
  private isUsedUp(now: number): boolean {
    if (now < this.resetAt) return this.remaining !== undefined && this.remaining - this.inFlight <= 0;
    return this.limit !== undefined && this.limit > 0 && this.inFlight >= this.limit; // a new count, of which nothing is known but how far it goes
  }

  private learn({ status, headers }: { status: number; headers: IncomingHttpHeaders }): void {
    const now = this.now();
    const announced = announcedLimit(headers, now);
    if (announced?.remaining !== undefined && announced.resetMs !== undefined) {
      const resetAt = now + announced.resetMs;
      // Answers overtake each other: within one count the smallest number is the newest. The reset comes in whole seconds.
      const isSameCount = now < this.resetAt && resetAt - this.resetAt < 1_500;
      this.remaining = isSameCount && this.remaining !== undefined ? Math.min(this.remaining, announced.remaining) : announced.remaining;
      this.resetAt = isSameCount ? Math.max(this.resetAt, resetAt) : resetAt;
      this.limit = announced.limit ?? this.limit;
    }
    if (status === 429) this.pausedUntil = Math.max(this.pausedUntil, now + (askedWait(headers, now) ?? 0));
  }

  private sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (done: () => void) => () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        this.waiting.delete(wake);
        done();
      };
      const wake = end(resolve);
      const abort = end(() => reject(signal.reason as Error));
      const timer = setTimeout(wake, ms);
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) return abort();
      this.waiting.add(wake);
    });
  }
}

/** So many requests in any minute, however the server's own minute lies: what may come at once is taken off what flows in. */
class Bucket {
  private readonly size: number;
  private readonly perMs: number;
  private level: number;

  constructor(
    perMinute: number,
    private filledAt: number,
  ) {
    this.size = Math.max(1, Math.floor(perMinute / 20));
    this.perMs = (perMinute - this.size + 1) / 60_000;
    this.level = this.size;
  }

  wait(now: number): number {
    this.level = Math.min(this.size, this.level + (now - this.filledAt) * this.perMs);
    this.filledAt = now;
    return this.level >= 1 ? 0 : Math.ceil((1 - this.level) / this.perMs);
  }

  take(): void {
    this.level--;
  }
}
