import SCIMMY from 'scimmy';
import { resourceOf, type Account } from '../account';
import type { Accounts } from '../accounts';
import type { UserResource } from '../scim';

export const usualPage = 100;
export const largestPage = 1_000;

type Filter = InstanceType<typeof SCIMMY.Types.Filter>;
type Expression = Record<string, unknown>;

interface Listing {
  constraints?: { startIndex?: number; count?: number; sortBy?: string };
}

/**
 * scimmy's filters compare text exactly, though the standard says of most of it that its case doesn't count, find nothing in extensions and fail on users
 * who lack a complex attribute. So names and ids are looked up here, and scimmy gets the rest in a form that it can work on.
 */
export function findUsers(accounts: Accounts, filter: Filter | undefined): readonly Account[] {
  if (!filter) return accounts.all();
  const found = new Set([...(filter as Iterable<Expression>)].flatMap((branch) => inBranch(accounts, branch)));
  return [...found];
}

/** All expressions of a branch must hold. */
function inBranch(accounts: Accounts, branch: Expression): readonly Account[] {
  const nameKey = Object.keys(branch).find((key) => key.toLowerCase() === 'username') ?? '';
  const name = equalTo(branch[nameKey]);
  if (name !== undefined) {
    const { [nameKey]: _looked, ...others } = branch;
    return matching(accounts.withUserName(name), others);
  }
  const externalId = equalTo(branch.externalId);
  if (externalId !== undefined) return matching(accounts.withExternalId(externalId), branch);
  const email = equalTo((branch.emails as Expression | undefined)?.value);
  return matching(email === undefined ? accounts.all() : accounts.withEmail(email), branch);
}

function matching(candidates: readonly Account[], expressions: Expression): readonly Account[] {
  const expected = withoutCase(JSON.parse(JSON.stringify(expressions)) as Expression); // without the proxies in which scimmy wraps an expression: it refuses to take those again
  const names = Object.keys(expected);
  if (names.length === 0) return candidates;
  const complex = names.filter((name) => !Array.isArray(expected[name]));
  const filter = new SCIMMY.Types.Filter(expected);
  return candidates.filter((account) => {
    const resource = withoutCase(withFlatExtensions(resourceOf(account)));
    return complex.every((name) => resource[name] !== undefined) && filter.match([resource]).length > 0;
  });
}

/** In one case, on both sides of a comparison, all text whose case doesn't count: ids and dates are left. */
function withoutCase(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, /^(id|externalId|meta)$/i.test(name) ? one : lower(one)]));
}

function lower(value: unknown): unknown {
  if (typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value)) return value.map(lower);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, lower(one)]));
}

/** Attributes of extensions under their full names, `urn:…:User:department`. */
function withFlatExtensions(resource: UserResource): Record<string, unknown> {
  const flat: Record<string, unknown> = { ...resource };
  for (const [id, part] of Object.entries(resource)) {
    if (id.startsWith('urn:')) for (const [name, value] of Object.entries(part as object)) flat[`${id}:${name}`] = value;
  }
  return flat;
}

/** The value of `["eq", value]`. */
function equalTo(expression: unknown): string | undefined {
  if (!Array.isArray(expression) || expression.length !== 2) return undefined;
  const [operator, value] = expression as unknown[];
  return operator === 'eq' && typeof value === 'string' ? value : undefined;
}

/**
 * scimmy converts every row that it is given before it cuts the page out, which takes a second for 2,000. So it gets the page only, and how many there
 * are in all. It would cut once more where the page is longer than its start index is high; then, and when it has to sort, it gets everything.
 */
export function pageOf(found: readonly Account[], listing: Listing): UserResource[] {
  const { startIndex = 1, count = usualPage, sortBy } = listing.constraints ?? {};
  const wanted = Math.min(count, largestPage);
  listing.constraints = { ...listing.constraints, startIndex, count: wanted };
  if (sortBy !== undefined || (startIndex > 1 && startIndex <= wanted)) return found.map(resourceOf);
  Object.assign(listing.constraints, { totalResults: found.length });
  return found.slice(startIndex - 1, startIndex - 1 + wanted).map(resourceOf);
}
