import type { Account } from '../account';
import type { Accounts } from '../accounts';
import { resourceOf } from '../account';
import { ScimError, urn, type UserResource } from '../scim';
import type { Awkwardness } from './awkwardness';
import { matches, parseFilter, type Filter } from './filter';
import { invalid } from './values';

export const usualPage = 100;
export const largestPage = 1_000;

const head = `{"schemas":["${urn.list}"],"totalResults":`;

/** One page of users, put together from ready-made JSON; `hidden` are not found yet. Throws `ScimError`. */
export function listUsers(accounts: Accounts, query: string, awkward: Awkwardness, hidden: ReadonlySet<Account>): string {
  const { filter, startIndex, count, only, without } = readQuery(query, awkward);
  const isAll = filter === undefined || awkward.ignoresFilters;
  const asked = isAll ? undefined : find(accounts, parseFilter(filter), awkward);
  const found = hidden.size === 0 ? asked : (asked ?? accounts.all()).filter((account) => !hidden.has(account));
  const total = found?.length ?? accounts.size;
  const page = found ? found.slice(startIndex - 1, startIndex - 1 + count) : accounts.page(startIndex - 1, count);

  const rows = only || without ? page.map((account) => project(resourceOf(account), only, without)) : page.map(({ json }) => json);
  const paging = awkward.omitsPagingFields ? '' : `,"startIndex":${startIndex},"itemsPerPage":${rows.length}`;
  return `${head}${total}${paging},"Resources":[${rows.join(',')}]}`;
}

/** A user with the attributes that a request asks for; ready-made where it asks for none. */
export function shownAs(account: Account, query: string): string {
  if (query === '') return account.json;
  const parameters = new URLSearchParams(query);
  const [only, without] = [namesOf(parameters, 'attributes'), namesOf(parameters, 'excludedAttributes')];
  return only || without ? project(resourceOf(account), only, without) : account.json;
}

export function listOf(resources: readonly object[]): object {
  return { schemas: [urn.list], totalResults: resources.length, startIndex: 1, itemsPerPage: resources.length, Resources: resources };
}

interface Query {
  filter?: string;
  startIndex: number;
  count: number;
  only?: ReadonlySet<string>;
  without?: ReadonlySet<string>;
}

function readQuery(query: string, { failsOnCount, capsCountAt }: Awkwardness): Query {
  const parameters = new URLSearchParams(query);
  if (failsOnCount && parameters.has('count')) throw new ScimError(500, undefined, 'Internal Server Error');
  const largest = Math.min(capsCountAt ?? largestPage, largestPage);
  return {
    filter: parameters.get('filter') ?? undefined,
    startIndex: Math.max(1, numberOf(parameters, 'startIndex') ?? 1),
    count: Math.max(0, Math.min(numberOf(parameters, 'count') ?? usualPage, largest)),
    only: namesOf(parameters, 'attributes'),
    without: namesOf(parameters, 'excludedAttributes'),
  };
}

function numberOf(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  if (!/^-?\d+$/.test(text)) throw invalid(`'${name}' must be a whole number`);
  return Number(text);
}

function namesOf(parameters: URLSearchParams, name: string): ReadonlySet<string> | undefined {
  const names = parameters.get(name);
  return names === null ? undefined : new Set(names.split(',').map((one) => one.trim().toLowerCase()));
}

/** Whole attributes and whole extensions; a path inside one asks for all of it, as the standard lets a server do. */
function project(resource: UserResource, only: ReadonlySet<string> | undefined, without: ReadonlySet<string> | undefined): string {
  const kept = Object.entries(resource).filter(([name]) => {
    if (name === 'id' || name === 'schemas') return true;
    const lower = name.toLowerCase();
    if (!only) return !without?.has(lower);
    return [...only].some((asked) => asked === lower || asked.startsWith(lower.startsWith('urn:') ? `${lower}:` : `${lower}.`));
  });
  return JSON.stringify(Object.fromEntries(kept));
}

/** Through an index where the filter has an `eq` on one that all results must pass; else everybody is looked at. */
function find(accounts: Accounts, filter: Filter, { filterCaseSensitive }: Awkwardness): readonly Account[] {
  const candidates = indexed(accounts, filter) ?? accounts.all();
  return candidates.filter((account) => matches(filter, resourceOf(account), filterCaseSensitive));
}

function indexed(accounts: Accounts, filter: Filter): readonly Account[] | undefined {
  if (filter.is === 'and') return indexed(accounts, filter.both[0]) ?? indexed(accounts, filter.both[1]);
  if (filter.is === 'some') {
    const inner = filter.path.toLowerCase() === 'emails' ? inBrackets(filter.filter) : undefined;
    return inner === undefined ? undefined : accounts.withEmail(inner);
  }
  if (filter.is !== 'test' || filter.operator !== 'eq' || typeof filter.value !== 'string') return undefined;
  switch (filter.path.toLowerCase().replace(`${urn.user.toLowerCase()}:`, '')) {
    case 'username':
      return accounts.withUserName(filter.value);
    case 'externalid':
      return accounts.withExternalId(filter.value);
    case 'emails':
    case 'emails.value':
      return accounts.withEmail(filter.value);
    case 'id': {
      const account = accounts.get(filter.value);
      return account ? [account] : [];
    }
    default:
      return undefined;
  }
}

/** The address in `emails[type eq "work" and value eq "…"]`. */
function inBrackets(filter: Filter): string | undefined {
  if (filter.is === 'and') return inBrackets(filter.both[0]) ?? inBrackets(filter.both[1]);
  const isAddress = filter.is === 'test' && filter.operator === 'eq' && filter.path.toLowerCase() === 'value';
  return isAddress && typeof filter.value === 'string' ? filter.value : undefined;
}
