import { ScimError, urn } from '../scim';

interface SearchRequest {
  schemas?: unknown;
  filter?: unknown;
  startIndex?: unknown;
  count?: unknown;
  attributes?: unknown;
  excludedAttributes?: unknown;
}

/** `POST /Users/.search` says in its body what a list says in its query (RFC 7644, 3.4.3): the query. Throws `ScimError` 400. */
export function searchQuery(message: unknown): string {
  const { schemas, filter, startIndex, count, attributes, excludedAttributes } = (message ?? {}) as SearchRequest;
  if (!Array.isArray(schemas) || !schemas.includes(urn.search))
    throw new ScimError(400, 'invalidSyntax', `'schemas' must list ${urn.search}`);
  const asked = { filter, startIndex, count, attributes, excludedAttributes };
  const given = Object.entries(asked).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString(); // a list of names becomes names with commas between
}
