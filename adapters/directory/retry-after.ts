/**
 * `Retry-After` in milliseconds from now: seconds (Graph sends decimals too) or an HTTP date, RFC 9110 § 10.2.3. Nothing where the header is missing or
 * makes no sense; a date that has passed is 0.
 */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Date.parse takes bare numbers for years: only what looks like a date may be one.
  const date = /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
