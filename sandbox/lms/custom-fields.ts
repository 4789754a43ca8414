import { z } from 'zod';

/** A field that this LMS has besides SCIM's own. A `list` is text, `a;b`, whose items an administrator made beforehand: the API can't make new ones. */
export const customField = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z][\w-]*$/, 'letters, digits, _ and -'),
    type: z.enum(['string', 'date', 'number', 'boolean', 'list']).default('string'),
    items: z.array(z.string().min(1)).optional(),
    /** Longer text is refused. */
    maxLength: z.number().int().positive().optional(),
  })
  .refine(({ type, items }) => (type === 'list') === (items !== undefined), {
    path: ['items'],
    message: 'a list, and only a list, has items',
  });
export type CustomField = z.output<typeof customField>;

export const usualCustomFields: readonly CustomField[] = [
  { name: 'location', type: 'string' },
  { name: 'employeeType', type: 'string' },
  { name: 'startDate', type: 'date' },
  { name: 'managerEmail', type: 'string' },
  { name: 'costCentre', type: 'string' },
  { name: 'learningTracks', type: 'list', items: ['Compliance', 'Leadership', 'Onboarding', 'Safety', 'Sales'] },
];

/** Why the field doesn't take the value; undefined if it does. */
export function faultOf({ name, type, items = [], maxLength }: CustomField, value: unknown): string | undefined {
  if (type === 'number') return typeof value === 'number' ? undefined : `Attribute '${name}' expected a number`;
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : `Attribute '${name}' expected a boolean`;
  if (typeof value !== 'string') return `Attribute '${name}' expected text`;
  if (maxLength !== undefined && value.length > maxLength) return `Attribute '${name}' takes at most ${maxLength} characters`;
  if (type === 'date' && value !== '' && !isDate(value)) return `Attribute '${name}' expected a date such as 2026-01-31 or 31/01/2026`;
  if (type !== 'list') return undefined;
  const unknown = itemsOf(value).filter((item) => !items.includes(item));
  return unknown.length > 0 ? `Attribute '${name}' has no item '${unknown.join("', '")}'; there are ${items.join(', ')}` : undefined;
}

export function describeField({ name, type, items }: CustomField): string {
  if (type === 'list') return `One or more of ${(items ?? []).join(', ')}; several are separated by a semicolon`;
  return type === 'date' ? `${name}, a date: yyyy-mm-dd or dd/mm/yyyy` : name;
}

function itemsOf(value: string): string[] {
  return value
    .split(';')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The written forms that LMSs take: yyyy-mm-dd (also with a time), dd/mm/yyyy and dd/mm/yy. */
function isDate(value: string): boolean {
  const iso = /^(\d{4})-(\d\d)-(\d\d)(T.+)?$/.exec(value);
  if (iso) return isDay(Number(iso[1]), Number(iso[2]), Number(iso[3])) && (iso[4] === undefined || !Number.isNaN(Date.parse(value)));
  const written = /^(\d\d)\/(\d\d)\/(\d{4}|\d\d)$/.exec(value);
  return written !== null && isDay(Number(written[3]), Number(written[2]), Number(written[1]));
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year < 100 ? 2000 + year : year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
