import { isObject } from './words';
import type { FieldType } from './memory';

/** The value as its attribute travels. Text that is none of that type travels as it is: the server's refusal then says so. */
export function toWire(text: string, type: FieldType | undefined): unknown {
  if (!type) return text;
  if (!type.multiValued) return single(text, type.type);
  return items(text).map((item) => (type.type === 'complex' ? { value: item } : single(item, type.type)));
}

/** The text of a value; undefined where there is none. Several are joined as they are written, with semicolons. */
export function fromWire(value: unknown, type: FieldType | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value))
    return (
      value
        .map((one) => fromWire(one, type))
        .filter((one) => one !== undefined)
        .join(';') || undefined
    );
  if (isObject(value)) return fromWire(value.value, type);
  if (typeof value === 'string') return type?.type.toLowerCase() === 'datetime' ? withoutMidnight(value) : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Whether two texts are the same value once they have travelled. */
export function isSameValue(one: string, other: string, type: FieldType | undefined): boolean {
  if (one === other) return true;
  return type !== undefined && travelled(one, type) === travelled(other, type);
}

function travelled(text: string, type: FieldType): string | undefined {
  if (type.multiValued)
    return items(text)
      .map((item) => travelled(item, { type: type.type }))
      .sort()
      .join(';'); // a set: servers answer it in any order
  if (type.type.toLowerCase() === 'datetime') {
    const wire = single(text, type.type);
    const at = typeof wire === 'string' ? Date.parse(wire) : NaN;
    return Number.isNaN(at) ? text : new Date(at).toISOString();
  }
  return fromWire(single(text, type.type), type);
}

function single(text: string, type: string): unknown {
  const trimmed = text.trim();
  switch (type.toLowerCase()) {
    case 'boolean':
      return /^(true|yes|1)$/i.test(trimmed) ? true : /^(false|no|0)$/i.test(trimmed) ? false : text;
    case 'integer':
      return /^[+-]?\d{1,15}$/.test(trimmed) ? Number(trimmed) : text;
    case 'decimal':
      return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(trimmed) ? Number(trimmed) : text;
    case 'datetime':
      return /^\d{4}-\d\d-\d\d$/.test(trimmed) ? `${trimmed}T00:00:00Z` : text;
    default:
      return text;
  }
}

function items(text: string): string[] {
  return text
    .split(';')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A date that we wrote as the midnight which SCIM wants reads back as the date. */
function withoutMidnight(value: string): string {
  return /^(\d{4}-\d\d-\d\d)T00:00:00(?:\.0+)?(?:Z|\+00:00)$/.exec(value)?.[1] ?? value;
}
