import { ScimError, urn } from '../scim';

type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le' | 'pr';
type Value = string | number | boolean | null;

/** A filter expression (RFC 7644, 3.4.2.2) taken apart. */
export type Filter =
  | { is: 'test'; path: string; operator: Operator; value: Value }
  | { is: 'and' | 'or'; both: [Filter, Filter] }
  | { is: 'not'; filter: Filter }
  | { is: 'some'; path: string; filter: Filter };

const token = /\s*(?:("(?:[^"\\]|\\.)*")|([()[\]])|([^\s()[\]"]+))/y;
const operators: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr']);

/** Throws `ScimError` 400 invalidFilter, saying where it goes wrong. */
export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text);
  let at = 0;
  const filter = either();
  if (at < tokens.length) throw invalid(`unexpected ${tokens[at]}`);
  return filter;

  function either(): Filter {
    let left = both();
    while (takes('or')) left = { is: 'or', both: [left, both()] };
    return left;
  }

  function both(): Filter {
    let left = one();
    while (takes('and')) left = { is: 'and', both: [left, one()] };
    return left;
  }

  function one(): Filter {
    if (takes('not')) return { is: 'not', filter: grouped('(', ')') };
    if (tokens[at] === '(') return grouped('(', ')');
    const path = next('an attribute');
    if (tokens[at] === '[') return { is: 'some', path, filter: grouped('[', ']') };
    const operator = next('an operator').toLowerCase();
    if (!operators.has(operator)) throw invalid(`there is no operator ${operator}`);
    return { is: 'test', path, operator: operator as Operator, value: operator === 'pr' ? null : valueOf(next('a value')) };
  }

  function grouped(open: string, close: string): Filter {
    if (next(open) !== open) throw invalid(`expected ${open}`);
    const inner = either();
    if (next(close) !== close) throw invalid(`expected ${close}`);
    return inner;
  }

  function takes(word: string): boolean {
    if (tokens[at]?.toLowerCase() !== word) return false;
    at++;
    return true;
  }

  function next(expected: string): string {
    const found = tokens[at++];
    if (found === undefined) throw invalid(`expected ${expected} at its end`);
    return found;
  }

  function invalid(why: string): ScimError {
    return new ScimError(400, 'invalidFilter', `The filter '${text}' is not understood: ${why}`);
  }

  function valueOf(found: string): Value {
    if (!/^("|-?\d|true$|false$|null$)/.test(found)) throw invalid(`${found} is no value`);
    try {
      return JSON.parse(found) as Value;
    } catch {
      throw invalid(`${found} is no value`);
    }
  }

  function tokensOf(source: string): string[] {
    const found: string[] = [];
    token.lastIndex = 0;
    while (token.lastIndex < source.trimEnd().length) {
      const from = token.lastIndex;
      const match = token.exec(source);
      if (!match) throw new ScimError(400, 'invalidFilter', `The filter '${source}' is not understood from character ${from + 1} on`);
      found.push((match[1] ?? match[2] ?? match[3]) as string);
    }
    return found;
  }
}

export function matches(filter: Filter, subject: unknown, exactCase: boolean): boolean {
  switch (filter.is) {
    case 'and':
      return filter.both.every((part) => matches(part, subject, exactCase));
    case 'or':
      return filter.both.some((part) => matches(part, subject, exactCase));
    case 'not':
      return !matches(filter.filter, subject, exactCase);
    case 'some':
      return valuesAt(subject, filter.path).some((value) => matches(filter.filter, value, exactCase));
    case 'test':
      return test(filter, valuesAt(subject, filter.path).map(plain), exactCase || isExact(filter.path));
  }
}

/** Ids are compared exactly everywhere (`caseExact` in RFC 7643). */
function isExact(path: string): boolean {
  return /^(id|externalId|meta\.version)$/i.test(path);
}

function test({ operator, value }: Extract<Filter, { is: 'test' }>, found: unknown[], exactCase: boolean): boolean {
  const present = found.filter((one) => one !== undefined && one !== null && one !== '');
  if (operator === 'pr') return present.length > 0;
  if (operator === 'ne') return !present.some((one) => compares('eq', one, value, exactCase));
  if (value === null) return operator === 'eq' && present.length === 0;
  return present.some((one) => compares(operator, one, value, exactCase));
}

function compares(operator: Operator, found: unknown, value: Value, exactCase: boolean): boolean {
  if (typeof found !== 'string' || typeof value !== 'string') {
    if (operator === 'eq') return found === value || (typeof found === 'boolean' && String(found) === String(value).toLowerCase());
    return typeof found === 'number' && typeof value === 'number' && order(operator, found, value);
  }
  const [one, other] = exactCase ? [found, value] : [found.toLowerCase(), value.toLowerCase()];
  if (operator === 'eq') return one === other;
  if (operator === 'co') return one.includes(other);
  if (operator === 'sw') return one.startsWith(other);
  if (operator === 'ew') return one.endsWith(other);
  return order(operator, one, other);
}

function order<T extends string | number>(operator: Operator, one: T, other: T): boolean {
  if (operator === 'gt') return one > other;
  if (operator === 'ge') return one >= other;
  if (operator === 'lt') return one < other;
  return operator === 'le' && one <= other;
}

/** All values at a path: `userName`, `emails.value`, `urn:…:User:department`. Names are known whatever their case. */
export function valuesAt(subject: unknown, path: string): unknown[] {
  if (!/^urn:/i.test(path)) return path.split('.').reduce<unknown[]>(step, [subject]);
  const lower = path.toLowerCase();
  if (lower.startsWith(`${urn.user.toLowerCase()}:`)) return valuesAt(subject, path.slice(urn.user.length + 1));
  const extension = Object.keys((subject as object | null) ?? {}).find((key) => lower.startsWith(`${key.toLowerCase()}:`));
  return extension === undefined ? [] : valuesAt((subject as Record<string, unknown>)[extension], path.slice(extension.length + 1));
}

function step(subjects: unknown[], name: string): unknown[] {
  const lower = name.toLowerCase();
  return subjects.flatMap((subject) => {
    if (typeof subject !== 'object' || subject === null) return [];
    const key = Object.keys(subject).find((candidate) => candidate.toLowerCase() === lower);
    return key === undefined ? [] : (subject as Record<string, unknown>)[key];
  });
}

/** `emails eq "…"` means the values of the e-mail addresses. */
function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}
