import { GraphRefusal } from './graph-answer';

export interface QuotaOptions {
  /** Resource units: 3500 for a tenant of fewer than 50 users, 5000 up to 500, 8000 above. */
  units: number;
  /** Default 10,000 ms. */
  windowMs?: number;
}

/** Throttling by resource units per application and tenant (learn.microsoft.com, "Microsoft Graph service-specific throttling limits", identity and access). */
export class Quota {
  private windowBegan = 0;
  private used = 0;

  constructor(
    private readonly options: QuotaOptions | undefined,
    private readonly scope: string,
  ) {}

  /** Takes the units, or throws 429 with what is left of the window as Retry-After. Refused requests count too. */
  take(units: number, now = Date.now()): void {
    if (!this.options) return;
    const { units: limit, windowMs = 10_000 } = this.options;
    if (now - this.windowBegan >= windowMs) {
      this.windowBegan = now;
      this.used = 0;
    }
    this.used += units;
    if (this.used <= limit) return;
    const seconds = Math.max(0.1, (this.windowBegan + windowMs - now) / 1000);
    throw throttled(String(Math.ceil(seconds * 10) / 10), this.scope);
  }
}

export function throttled(retryAfter: string | undefined, scope: string): GraphRefusal {
  return new GraphRefusal(429, 'TooManyRequests', 'Too many requests. Please try again later.', {
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    'x-ms-throttle-scope': scope,
    'x-ms-throttle-information': 'ResourceUnitLimitExceeded',
  });
}

/** What a request costs: its route's base, cheaper with `$select` and small pages, dearer with `$expand`. */
export function costOf(base: number, query: URLSearchParams): number {
  const top = query.get('$top');
  const change = (query.has('$select') ? -1 : 0) + (query.has('$expand') ? 1 : 0) + (top !== null && Number(top) < 20 ? -1 : 0);
  return Math.max(1, base + change);
}
