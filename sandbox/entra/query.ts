import { badRequest, GraphRefusal, unsupported, type GraphRequest } from './graph-answer';
import { isUserProperty, notInLists } from './properties';

/** The OData options of a request, checked. */
export interface Query {
  select?: string[];
  /** Properties of the manager to bring along. */
  expandManager?: string[];
  top: number;
  count: boolean;
  /** An advanced query: `ConsistencyLevel: eventual` and `$count=true`. */
  advanced: boolean;
  filter?: string;
  orderby?: string;
  skiptoken?: string;
}

const known = new Set(['$select', '$expand', '$top', '$count', '$filter', '$orderby', '$skiptoken']);

/** Reads the options of a request; `users`: names in `$select` must be a user's. */
export function queryOf({ query, eventual }: GraphRequest, { users = false, list = false } = {}): Query {
  for (const name of query.keys())
    if (name.startsWith('$') && !known.has(name)) throw unsupported(`The query option '${name}' is not supported here.`);
  const select = listOf(query.get('$select'));
  const expandManager = expansion(query.get('$expand'));
  if (users) checkNames(select ?? [], list);
  checkNames(expandManager ?? [], list);
  if (expandManager && eventual) throw unsupported("Query option 'Expand' is not supported with ConsistencyLevel: eventual.");
  const count = query.get('$count') === 'true';
  const advanced = eventual && count;
  const filter = query.get('$filter') ?? undefined;
  const orderby = query.get('$orderby') ?? undefined;
  return {
    select,
    expandManager,
    top: pageSize(query.get('$top')),
    count,
    advanced,
    filter,
    orderby,
    skiptoken: query.get('$skiptoken') ?? undefined,
  };
}

/** `$filter` and `$orderby` on relations are advanced: without header and `$count` they are refused. */
export function needAdvanced({ filter, orderby, advanced }: Query): void {
  if ((filter ?? orderby) === undefined || advanced) return;
  throw unsupported(
    "The specified query is only supported with the request header 'ConsistencyLevel: eventual' and the query option '$count=true'.",
  );
}

function listOf(text: string | null): string[] | undefined {
  const names = text
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return names?.length ? names : undefined;
}

function pageSize(text: string | null): number {
  if (text === null) return 100;
  const top = Number(text);
  if (Number.isInteger(top) && top >= 1 && top <= 999) return top;
  throw badRequest(`Invalid page size specified: '${text}'. Must be between 1 and 999 inclusive.`);
}

function expansion(text: string | null): string[] | undefined {
  if (text === null) return undefined;
  const [, name, options] = /^(\w+)(?:\((.*)\))?$/.exec(text.trim()) ?? [];
  if (name === undefined) throw badRequest('Only one relation can be expanded in a request.');
  if (name !== 'manager') throw badRequest(`The relation '${name}' can not be expanded here.`);
  if (options === undefined) return ['id', 'displayName', 'mail', 'userPrincipalName'];
  const [, names] = /^\$select=([^;]*)$/.exec(options.trim()) ?? [];
  const select = listOf(names ?? null);
  if (!select) throw badRequest(`Term '${options}' is not valid in a $select or $expand expression.`);
  return select;
}

function checkNames(names: readonly string[], list: boolean): void {
  for (const name of names) {
    if (isUserProperty(name)) continue;
    if (notInLists.has(name)) {
      if (list) throw new GraphRefusal(501, 'NotImplemented', `The property '${name}' is not supported in a list of users.`);
      continue;
    }
    throw new GraphRefusal(
      400,
      'BadRequest',
      `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.user'.`,
    );
  }
}
