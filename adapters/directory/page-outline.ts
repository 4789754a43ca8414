import { createHash } from 'node:crypto';

/** What can be told of a page without parsing it. */
export interface PageOutline {
  next?: string;
  /** SHA-256 of the body's bytes without the values of the next link and of the context; hex. */
  fingerprint: string;
}

/** Within so many bytes of either end Graph puts what stands beside `value`; a next link is 1 to 2 KB. */
const reach = 16 * 1024;
const nextLink = '@odata.nextLink';
const changesByItself = new Set([nextLink, '@odata.context']);

const string = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const colon = /\s*:\s*/y;
const scalar = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null/y;

interface Span {
  key: string;
  /** Of the value, in bytes of the whole body. */
  start: number;
  end: number;
}

/**
 * Reads next link and fingerprint of a collection from the bytes around its `value`, so that the next page can be asked for before this one is
 * parsed, and need not be parsed at all if it is known. Nothing when the body is laid out otherwise: then it must be parsed.
 */
export function outlineOf(body: Buffer): PageOutline | undefined {
  const head = scanHead(body);
  if (!head) return undefined;
  const tail = scanTail(body);
  if (!tail) return undefined; // whatever stands there, such as an error that the server met half-way, must not pass for the end
  const spans = [...head, ...tail];
  const link = spans.find(({ key }) => key === nextLink);
  // "No next link" ends a read: it holds only if the bytes don't mention one anywhere.
  if (!link && body.includes(`"${nextLink}"`)) return undefined;
  const next = link && scalarOf(body, link);
  if (link && next === undefined) return undefined;
  return { next: typeof next === 'string' && next !== '' ? next : undefined, fingerprint: fingerprintOf(body, spans) };
}

/** `{ "key": scalar, … "value": [`, up to the bracket. Latin 1, so that places in the text are places in the bytes. */
function scanHead(body: Buffer): Span[] | undefined {
  const text = body.toString('latin1', 0, Math.min(reach, body.length));
  const spans: Span[] = [];
  let at = match(/\s*\{\s*/y, text, 0);
  while (at !== undefined) {
    const key = at;
    const afterKey = match(string, text, key);
    const value = afterKey === undefined ? undefined : match(colon, text, afterKey);
    if (afterKey === undefined || value === undefined) return undefined;
    const name = text.slice(key + 1, afterKey - 1);
    if (name === 'value') return text[value] === '[' ? spans : undefined;
    const end = match(scalar, text, value);
    if (end === undefined) return undefined;
    spans.push({ key: name, start: value, end });
    at = match(/\s*,\s*/y, text, end);
  }
  return undefined;
}

/** `] , "key": scalar … }`, from the last bracket to the end. */
function scanTail(body: Buffer): Span[] | undefined {
  const offset = Math.max(0, body.length - reach);
  const text = body.toString('latin1', offset);
  const bracket = text.lastIndexOf(']');
  if (bracket < 0) return undefined;
  const spans: Span[] = [];
  let at = bracket + 1;
  for (;;) {
    if (match(/\s*\}\s*$/y, text, at) !== undefined) return spans;
    const key = match(/\s*,\s*/y, text, at);
    const afterKey = key === undefined ? undefined : match(string, text, key);
    const value = afterKey === undefined ? undefined : match(colon, text, afterKey);
    const end = value === undefined ? undefined : match(scalar, text, value);
    if (key === undefined || afterKey === undefined || value === undefined || end === undefined) return undefined;
    spans.push({ key: text.slice(key + 1, afterKey - 1), start: offset + value, end: offset + end });
    at = end;
  }
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function scalarOf(body: Buffer, { start, end }: Span): unknown {
  try {
    return JSON.parse(body.toString('utf8', start, end));
  } catch {
    return undefined; // no JSON: left to the parser to say so
  }
}

/** What is left out leaves a gap between its quotes, so a body that breaks off inside it never has the fingerprint of a whole one. */
function fingerprintOf(body: Buffer, spans: readonly Span[]): string {
  const hash = createHash('sha256');
  let from = 0;
  for (const { key, start, end } of spans) {
    if (!changesByItself.has(key)) continue;
    hash.update(body.subarray(from, start));
    from = end;
  }
  return hash.update(body.subarray(from)).digest('hex');
}
