import { isCustomerId } from '../customer/customer-id';
import type { LookUpWhat } from './rows';

/** More rows than these don't come in one page; nor more bytes, well below the megabyte that Temporal warns of. */
export const mostRows = 500;
export const mostBytes = 900_000;
export const usualRows = 100;

export interface LookUpRequest {
  what: LookUpWhat;
  /** Everything but the sealing key and the list of customers belongs to one customer. */
  customerId?: string;
  /** Changes of this run; else of the last one that was opened. */
  runId?: string;
  /** Only changes or holds of this kind. */
  kind?: string;
  /** The `next` of the page before. */
  cursor?: string;
  limit?: number;
}

type Filter = Exclude<keyof LookUpRequest, 'what'>;

/** What can be looked up, and by what it can be narrowed. */
export const lookUps: Record<LookUpWhat, { needs: readonly Filter[]; takes: readonly Filter[] }> = {
  changes: { needs: ['customerId'], takes: ['runId', 'kind', 'cursor', 'limit'] },
  problems: { needs: ['customerId'], takes: ['cursor', 'limit'] },
  excluded: { needs: ['customerId'], takes: ['cursor', 'limit'] },
  holds: { needs: ['customerId'], takes: ['kind', 'cursor', 'limit'] },
  unlinkedAccounts: { needs: ['customerId'], takes: ['cursor', 'limit'] },
  configurations: { needs: ['customerId'], takes: ['cursor', 'limit'] },
  sealingKey: { needs: [], takes: ['customerId'] },
  customers: { needs: [], takes: ['cursor', 'limit'] },
};

/** Every fault of what somebody asks for, each in a sentence; none: it is a `LookUpRequest`. */
export function faultsOfLookUp(argument: unknown): string[] {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument))
    return [`one JSON object is expected, such as ${example}`];
  const given = argument as Record<string, unknown>;
  const { what, customerId, runId, kind, cursor, limit } = given;
  const known = typeof what === 'string' && Object.hasOwn(lookUps, what) ? lookUps[what as LookUpWhat] : undefined;
  const allowed = known && ['what', ...known.needs, ...known.takes];
  return [
    !known && `"what" must be one of ${Object.keys(lookUps).join(', ')}`,
    ...Object.keys(given).map(
      (key) => !(allowed ?? everyKey).includes(key) && `"${key.slice(0, 60)}" is not expected${known ? ` for ${String(what)}` : ''}`,
    ),
    ...(known?.needs ?? []).map((key) => given[key] === undefined && `"${key}" is missing`),
    customerId !== undefined && !isCustomerId(customerId) && '"customerId" must be a customer’s id: lower-case letters, digits and hyphens',
    ...Object.entries({ runId, kind, cursor }).map(
      ([key, value]) => value !== undefined && !isShortText(value) && `"${key}" must be text of at most 500 characters`,
    ),
    limit !== undefined && !isLimit(limit) && `"limit" must be a whole number from 1 to ${mostRows}`,
  ].filter((fault) => typeof fault === 'string');
}

const example = '{"customerId":"acme","what":"problems"}';
const everyKey: readonly string[] = ['what', 'customerId', 'runId', 'kind', 'cursor', 'limit'];

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 500;
}

function isLimit(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostRows;
}
