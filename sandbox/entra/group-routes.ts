import { pageOf } from './collection';
import { filterOf } from './filter';
import { answer, badRequest, denied, notFound, unsupported, type GraphAnswer, type GraphRequest } from './graph-answer';
import { isGone, isHidden, may, mustBeAllowed, shown, type GraphContext } from './graph-context';
import { groupWith, otherWith, userWith } from './properties';
import { needAdvanced, queryOf, type Query } from './query';
import type { Group } from './tenant';
import { otherJson, type Shape } from './user-json';

type Handler = (graph: GraphContext, request: GraphRequest, parameters: string[]) => GraphAnswer;

export const readGroup: Handler = (graph, request, [id = '']) => {
  const group = groupOf(graph, request, id);
  const { select } = queryOf(request);
  return answer({ '@odata.context': `${request.origin}/v1.0/$metadata#groups/$entity`, ...groupWith(shown(graph, group), select) });
};

export const listMembers: Handler = (graph, request, [id = '']) => list(graph, request, groupOf(graph, request, id), {});
export const listUserMembers: Handler = (graph, request, [id = '']) => list(graph, request, groupOf(graph, request, id), { cast: true });
export const listTransitiveMembers: Handler = (graph, request, [id = '']) =>
  list(graph, request, groupOf(graph, request, id), { transitive: true });
export const listTransitiveUserMembers: Handler = (graph, request, [id = '']) =>
  list(graph, request, groupOf(graph, request, id), { transitive: true, cast: true });

export const countMembers: Handler = (graph, request, [id = '']) => count(graph, request, id, () => true);
export const countUserMembers: Handler = (graph, request, [id = '']) =>
  count(graph, request, id, (member) => graph.tenant.people.has(member));

function count(graph: GraphContext, request: GraphRequest, groupId: string, counts: (member: string) => boolean): GraphAnswer {
  const group = groupOf(graph, request, groupId);
  if (!request.eventual) throw badRequest('$count is not currently supported.');
  if (isHidden(graph, group, request)) throw denied();
  const { filter } = queryOf(request);
  const counted = narrowed(graph, group.members.all().filter(counts), filter);
  return { status: 200, contentType: 'text/plain', text: String(counted.length) };
}

function groupOf(graph: GraphContext, request: GraphRequest, id: string): Group {
  mustBeAllowed(request, 'members');
  const group = graph.tenant.groups.get(id.toLowerCase());
  if (!group || isGone(graph, group.id, request)) throw notFound(id);
  return group;
}

function list(graph: GraphContext, request: GraphRequest, group: Group, { cast = false, transitive = false }): GraphAnswer {
  const query = queryOf(request, { users: cast, list: true });
  needAdvanced(query);
  if (cast && !query.advanced && (transitive || graph.habits().requiresConsistencyLevelForCast)) {
    throw unsupported("The cast needs the request header 'ConsistencyLevel: eventual' and the query option '$count=true'.");
  }
  if (transitive && query.expandManager) throw unsupported("Query option 'Expand' is not supported for transitive members.");
  const hidden = isHidden(graph, group, request);
  // By default refused; a fault `hiddenMembership` with {"members": "empty"} answers nobody at all.
  const answersEmpty = graph.controls.faults.inForce('hiddenMembership').some((fault) => fault.with?.members === 'empty');
  if (hidden && !answersEmpty) throw denied();
  const json = memberJson(graph, query, { typed: !cast, unreadable: !may(request, 'users'), contacts: may(request, 'contacts') });
  const reached = hidden ? [] : transitive ? graph.tenant.transitive(group) : group.members.all();
  const ids = chosen(graph, group, reached, query, cast);
  return pageOf({ context: cast ? 'users' : 'directoryObjects', ids, json, ofMembers: true }, query, request, graph);
}

/** Users first narrowed by cast and filter; the cast of an unfiltered list is remembered until the membership changes. */
function chosen(graph: GraphContext, group: Group, reached: readonly string[], query: Query, cast: boolean): readonly string[] {
  const { people } = graph.tenant;
  let ids = reached;
  if (cast && reached === group.members.all()) ids = castOf(graph, group);
  else if (cast) ids = reached.filter((id) => people.has(id));
  return inOrder(graph, narrowed(graph, ids, query.filter), query.orderby);
}

/** Of the objects those that `$filter` lets pass. */
export function narrowed(graph: GraphContext, ids: readonly string[], filter: string | undefined): readonly string[] {
  if (filter === undefined) return ids;
  const passes = filterOf(filter);
  return ids.filter((id) => passes(filterable(graph, id)));
}

/** As `$orderby` asks; as they are without it. */
export function inOrder(graph: GraphContext, ids: readonly string[], orderby: string | undefined): readonly string[] {
  if (orderby === undefined) return ids;
  if (!/^displayName(\s+asc)?$/.test(orderby)) throw unsupported(`Unsupported sort: ${orderby}`);
  const name = (id: string) => (filterable(graph, id).displayName as string | null | undefined) ?? '';
  return [...ids].sort((one, other) => name(one).localeCompare(name(other)));
}

const casts = new WeakMap<Group, { version: number; ids: readonly string[] }>();

function castOf({ tenant }: GraphContext, group: Group): readonly string[] {
  const before = casts.get(group);
  if (before?.version === tenant.membershipVersion) return before.ids;
  const ids = group.members.all().filter((id) => tenant.people.has(id));
  casts.set(group, { version: tenant.membershipVersion, ids });
  return ids;
}

const filterableProperties = [
  'id',
  'accountEnabled',
  'userType',
  'displayName',
  'mail',
  'userPrincipalName',
  'department',
  'employeeId',
  'jobTitle',
  'givenName',
  'surname',
];

/** What `$filter` and `$orderby` look at. */
export function filterable({ tenant }: GraphContext, id: string): Record<string, unknown> {
  const entry = tenant.people.get(id);
  if (entry) return userWith(entry.person, filterableProperties);
  const other = tenant.others.get(id);
  return other ? otherWith(other) : { id, displayName: tenant.groups.get(id)?.displayName };
}

/** Any directory object's JSON. What isn't a user shows of `$select` what its type has. */
export function memberJson(
  graph: GraphContext,
  query: Query,
  shape: Pick<Shape, 'typed' | 'unreadable' | 'contacts'>,
): (id: string) => string | undefined {
  const { tenant, users } = graph;
  const userJson = users.of({ select: query.select, expandManager: query.expandManager, ...shape });
  return (id) => {
    const entry = tenant.people.get(id);
    if (entry) return userJson(entry);
    const group = tenant.groups.get(id);
    if (group) return JSON.stringify({ '@odata.type': '#microsoft.graph.group', ...groupWith(shown(graph, group), query.select), id });
    const other = tenant.others.get(id);
    return other && JSON.stringify(otherJson(other, shape.contacts));
  };
}
