import { plainText } from './plain-text';

/**
 * Names of attributes as mappings write them: one of Graph's (`department`), `manager.mail`, `employeeOrgData.costCenter`, `extensionAttribute1` to
 * `15`, or a directory extension (`extension_<application id without dashes>_<name>`).
 */
export type Source = Readonly<Record<string, unknown>>;

/** One attribute's value as text; nothing where the directory has none. `between` stands between a list's items, a semicolon if nothing else is said. */
export type Read = (source: Source, between?: string) => string | undefined;

const extensionAttribute = /^extensionAttribute(?:[1-9]|1[0-5])$/;
const parents = ['manager', 'employeeOrgData'];

/** Where Graph keeps an attribute: the property to select, and the one inside it, if it is inside. */
export function placeOf(attribute: string): { property: string; inside?: string } {
  if (extensionAttribute.test(attribute)) return { property: 'onPremisesExtensionAttributes', inside: attribute };
  const [first = '', second] = attribute.split('.');
  return second !== undefined && parents.includes(first) ? { property: first, inside: second } : { property: attribute };
}

/**
 * Booleans are the texts `true` and `false`, a list's items are joined. What is neither text, number, boolean nor a list of those is absent.
 * `textual` says what is made of text.
 */
export function textOf(value: unknown, textual: (value: string) => string | undefined = plainText, between = ';'): string | undefined {
  if (typeof value === 'string') return textual(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  if (Array.isArray(value))
    return value.flatMap((item) => (Array.isArray(item) ? [] : (textOf(item, textual) ?? []))).join(between) || undefined;
  return undefined;
}

/** Every value of an attribute, for scoping: a list's items one by one. */
export function valuesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => (Array.isArray(item) ? [] : valuesIn(item)));
  const text = textOf(value);
  return text === undefined ? [] : [text];
}

/** Takes an attribute's raw value out of a member; the place is found once, not for each of 100,000 people. */
export function rawReader(attribute: string): (source: Source) => unknown {
  const { property, inside } = placeOf(attribute);
  if (inside === undefined) return (source) => source[property];
  return (source) => {
    const parent = source[property];
    return typeof parent === 'object' && parent !== null ? (parent as Source)[inside] : undefined;
  };
}

export function memberReader(attribute: string): Read {
  const raw = rawReader(attribute);
  return (source, between) => textOf(raw(source), plainText, between);
}

/** With every character that the directory has, for what must be refused rather than put right: see `userNameOf`. */
export function untouchedReader(attribute: string): Read {
  const raw = rawReader(attribute);
  return (source, between) => textOf(raw(source), (value) => value || undefined, between);
}
