import type { Awkwardness } from './awkwardness';

type Limit = NonNullable<Awkwardness['rateLimit']>;

export interface Pace {
  /** Whole seconds until the next window; only where this request is one too many. */
  retryAfter?: number;
  /** For the answer's headers, where the limit is announced (draft-ietf-httpapi-ratelimit-headers-07). */
  headers: Record<string, string>;
}

const free: Pace = { headers: {} };

/** So many requests a window; a window begins with its first request. What is too much is refused until the window ends: a block of up to a minute. */
export class RateLimit {
  private windowEnds = 0;
  private used = 0;

  /** Counts a request at the time `now` (ms). */
  take(limit: Limit | null, now: number): Pace {
    if (limit === null) return free;
    const allowed = Math.max(1, Math.floor((limit.perMinute * limit.windowSeconds) / 60));
    if (now >= this.windowEnds) {
      this.windowEnds = now + limit.windowSeconds * 1_000;
      this.used = 0;
    }
    this.used++;
    const left = Math.ceil((this.windowEnds - now) / 1_000);
    const headers: Record<string, string> = limit.announced
      ? {
          'ratelimit-limit': String(allowed),
          'ratelimit-remaining': String(Math.max(0, allowed - this.used)),
          'ratelimit-reset': String(left),
        }
      : {};
    return this.used > allowed ? { retryAfter: left, headers } : { headers };
  }

  reset(): void {
    this.windowEnds = 0;
  }
}
