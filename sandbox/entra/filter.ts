import { unsupported } from './graph-answer';

type Test = (object: Readonly<Record<string, unknown>>) => boolean;

const literal = String.raw`'(?:[^']|'')*'|true|false|null`;
const comparison = new RegExp(String.raw`^(\w+)\s+(eq|ne)\s+(${literal})$`);
const within = new RegExp(String.raw`^(\w+)\s+in\s+\(((?:\s*(?:${literal})\s*,?)+)\)$`);
const beginning = new RegExp(String.raw`^startswith\(\s*(\w+)\s*,\s*('(?:[^']|'')*')\s*\)$`, 'i');

/** The part of `$filter` that directory objects are asked about here: `eq`, `ne`, `in`, `startsWith`, joined by `and` or by `or`. */
export function filterOf(text: string): Test {
  for (const [word, method] of [
    ['or', 'some'],
    ['and', 'every'],
  ] as const) {
    const parts = splitOutsideText(text, word);
    if (parts.length < 2) continue;
    const tests = parts.map(filterOf);
    return (object) => tests[method]((test) => test(object));
  }
  const term = text.trim();
  const compared = comparison.exec(term);
  if (compared) {
    const wanted = valueOf(compared[3] as string);
    const equal: Test = (object) => fold(object[compared[1] as string] ?? null) === fold(wanted);
    return compared[2] === 'eq' ? equal : (object) => !equal(object);
  }
  const listed = within.exec(term);
  if (listed) {
    const wanted = new Set([...(listed[2] as string).matchAll(new RegExp(literal, 'g'))].map(([value]) => fold(valueOf(value))));
    if (wanted.size > 15) throw unsupported('Too many child clauses specified in search filter expression.');
    return (object) => wanted.has(fold(object[listed[1] as string] ?? null));
  }
  const begins = beginning.exec(term);
  if (begins) {
    const start = String(fold(valueOf(begins[2] as string)));
    return (object) => String(fold(object[begins[1] as string] ?? '')).startsWith(start);
  }
  throw unsupported(`Unsupported or invalid query filter clause: ${term}`);
}

function splitOutsideText(text: string, word: string): string[] {
  const parts: string[] = [''];
  for (const piece of text.split(/('(?:[^']|'')*')/)) {
    if (piece.startsWith("'")) parts[parts.length - 1] += piece;
    else {
      const [first = '', ...more] = piece.split(new RegExp(String.raw`\s${word}\s`));
      parts[parts.length - 1] += first;
      parts.push(...more);
    }
  }
  return parts;
}

const valueOf = (text: string): unknown =>
  text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text === 'null' ? null : text === 'true';
const fold = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
