import type { IncomingHttpHeaders } from 'node:http';

/** What an answer says of the limit that holds: how many requests are left, and in how many milliseconds the count begins anew. */
export interface Announced {
  limit?: number;
  remaining?: number;
  resetMs?: number;
}

const families = ['ratelimit', 'x-ratelimit', 'x-rate-limit'].map((prefix) => ({
  remaining: `${prefix}-remaining`,
  limit: `${prefix}-limit`,
  reset: `${prefix}-reset`,
}));

/**
 * Reads the headers in which limits are announced: `RateLimit-*` and its `X-` relatives, and the single `RateLimit` of
 * draft-ietf-httpapi-ratelimit-headers (07: `limit=100, remaining=50, reset=30`; from 08 on: `"default";r=50;t=30`).
 */
export function announcedLimit(headers: IncomingHttpHeaders, now: number): Announced | undefined {
  const single = text(headers, 'ratelimit');
  if (single !== undefined) {
    const remaining = numberIn(/\b(?:r|remaining)=(\d+)/i, single);
    if (remaining === undefined) return undefined;
    return { remaining, limit: numberIn(/\blimit=(\d+)/i, single), resetMs: inSeconds(numberIn(/\b(?:t|reset)=(\d+)/i, single)) };
  }
  for (const names of families) {
    const remaining = numberIn(/^\s*(\d+)/, text(headers, names.remaining));
    if (remaining === undefined) continue;
    return { remaining, limit: numberIn(/^\s*(\d+)/, text(headers, names.limit)), resetMs: msUntil(text(headers, names.reset), now) };
  }
  return undefined;
}

/** How long the server asks to wait, in milliseconds; undefined where it doesn't say. */
export function askedWait(headers: IncomingHttpHeaders, now: number): number | undefined {
  return msUntil(text(headers, 'retry-after'), now) ?? announcedLimit(headers, now)?.resetMs;
}

/** Seconds from now (decimals too), seconds or milliseconds since 1970, or an HTTP date: all are in use for the same headers. */
function msUntil(value: string | undefined, now: number): number | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const number = Number(value);
  if (Number.isNaN(number)) {
    const date = Date.parse(value);
    return Number.isNaN(date) ? undefined : Math.max(0, date - now);
  }
  if (number < 0) return undefined;
  if (number > 1e12) return Math.max(0, number - now);
  return number > 1e9 ? Math.max(0, number * 1_000 - now) : number * 1_000;
}

function text(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function numberIn(pattern: RegExp, value: string | undefined): number | undefined {
  const found = value === undefined ? undefined : pattern.exec(value)?.[1];
  return found === undefined ? undefined : Number(found);
}

function inSeconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
