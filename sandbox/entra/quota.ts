import { z } from 'zod';
import { accept } from '../controls/refused';
import { GraphRefusal } from './graph-answer';

const positive = z.number().int().positive();

export const quotaOptions = z.strictObject({
  /** Resource units a window; null: as many as one likes. Default: by the tenant's size. */
  units: positive.nullable().optional(),
  windowMs: positive.default(10_000),
});
export type QuotaOptions = z.input<typeof quotaOptions>;

/** What a tenant of so many users may use in 10 s. */
export function unitsOfClass(users: number): number {
  if (users < 50) return 3_500;
  return users <= 500 ? 5_000 : 8_000;
}

/** Throttling by resource units per application and tenant (learn.microsoft.com, "Microsoft Graph service-specific throttling limits", identity and access). */
export class Quota {
  private options: z.output<typeof quotaOptions>;
  private windowBegan = 0;
  private used = 0;

  /** `users`: how many the tenant has just now; its class follows. */
  constructor(
    options: QuotaOptions | null | undefined,
    private readonly users: () => number,
    private readonly scope: string,
  ) {
    this.options = accept(quotaOptions, options === null ? { units: null } : (options ?? {}));
  }

  /** From now on, in a fresh window. Throws `Refused`. */
  set(options: unknown): { units: number | null; windowMs: number } {
    this.options = accept(quotaOptions, options);
    this.windowBegan = 0;
    return this.all();
  }

  all(): { units: number | null; windowMs: number } {
    const { units = unitsOfClass(this.users()), windowMs } = this.options;
    return { units, windowMs };
  }

  /** Takes the units, or throws 429 with what is left of the window as Retry-After. Refused requests count too. */
  take(units: number, now = Date.now()): void {
    const { units: limit, windowMs } = this.all();
    if (now - this.windowBegan >= windowMs) {
      this.windowBegan = now;
      this.used = 0;
    }
    this.used += units;
    if (limit === null || this.used <= limit) return;
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
