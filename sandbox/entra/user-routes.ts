import { z } from 'zod';
import { pageOf } from './collection';
import { filterOf } from './filter';
import { inOrder, memberJson, narrowed } from './group-routes';
import { answer, badRequest, denied, notFound, type GraphAnswer, type GraphRequest } from './graph-answer';
import { isGone, isHidden, may, mustBeAllowed, shown, type GraphContext } from './graph-context';
import { groupWith, userDefaults, userWith, type GraphUser } from './properties';
import { needAdvanced, queryOf } from './query';
import type { Entry, Group } from './tenant';

/** Who may not read users is refused here altogether. */
const shapeFor = (request: GraphRequest) => ({ typed: false, unreadable: false, contacts: may(request, 'contacts') });

type Handler = (graph: GraphContext, request: GraphRequest, parameters: string[]) => GraphAnswer;

export const listUsers: Handler = (graph, request) => {
  mustBeAllowed(request, 'users');
  const query = queryOf(request, { users: true, list: true });
  // Users may be filtered or sorted without further ado; both at once is an advanced query.
  if (query.filter !== undefined && query.orderby !== undefined) needAdvanced(query);
  const ids = inOrder(graph, narrowed(graph, [...graph.tenant.people.keys()].sort(), query.filter), query.orderby);
  return pageOf({ context: 'users', ids, json: memberJson(graph, query, shapeFor(request)) }, query, request, graph);
};

export const readUser: Handler = (graph, request, [id = '']) => {
  mustBeAllowed(request, 'users');
  const entry = somebody(graph, id);
  const { select, expandManager } = queryOf(request, { users: true });
  const json = graph.users.of({ select, expandManager, ...shapeFor(request) })(entry);
  return { status: 200, text: `{"@odata.context":"${request.origin}/v1.0/$metadata#users/$entity",${json.slice(1)}` };
};

export const readManager: Handler = (graph, request, [id = '']) => {
  mustBeAllowed(request, 'users');
  const { select } = queryOf(request, { users: true });
  const manager = graph.users.manager(somebody(graph, id), may(request, 'contacts'), select);
  if (!manager) throw notFound('manager');
  return answer({ '@odata.context': `${request.origin}/v1.0/$metadata#directoryObjects/$entity`, ...manager });
};

export const listMemberOf: Handler = (graph, request, [id = '']) => groups(graph, request, id, { transitive: false });
export const listTransitiveMemberOf: Handler = (graph, request, [id = '']) => groups(graph, request, id, { transitive: true });

function groups(graph: GraphContext, request: GraphRequest, id: string, { transitive }: { transitive: boolean }): GraphAnswer {
  if (!may(request, 'members') || !may(request, 'users')) throw denied();
  const entry = somebody(graph, id);
  const query = queryOf(request);
  needAdvanced(query);
  const passes = query.filter === undefined ? undefined : filterOf(query.filter);
  const visible = seenGroups(graph, request, entry, transitive).filter((group) => !passes || passes(groupWith(group)));
  const byId = new Map(visible.map((group) => [group.id, group]));
  const isCast = request.path.endsWith('/microsoft.graph.group');
  const type = isCast ? {} : { '@odata.type': '#microsoft.graph.group' };
  const json = (groupId: string) => JSON.stringify({ ...type, ...groupWith(byId.get(groupId) as Group, query.select) });
  return pageOf({ context: isCast ? 'groups' : 'directoryObjects', ids: [...byId.keys()].sort(), json }, query, request, graph);
}

/** Of a person's groups those that the caller may know of: about the others nothing is said, not even that there is more. */
function seenGroups(graph: GraphContext, request: GraphRequest, { person }: Entry, transitive: boolean): Group[] {
  return [...graph.tenant.groupsOf(person.id, transitive)]
    .filter((group) => !isHidden(graph, group, request) && !isGone(graph, group.id, request))
    .map((group) => shown(graph, group));
}

const groupIds = z.object({ groupIds: z.array(z.string()).min(1).max(20) });

export const checkMemberGroups: Handler = (graph, request, [id = '']) => {
  mustBeAllowed(request, 'members');
  const entry = somebody(graph, id);
  const asked = groupIds.safeParse(request.body);
  if (!asked.success) throw badRequest('Invalid value specified for property groupIds: 1 to 20 ids are expected.');
  const member = new Set(seenGroups(graph, request, entry, true).map((group) => group.id));
  const isEmpty = graph.controls.faults.fires('emptyOk', request.method, request.url) !== undefined;
  const value = isEmpty ? [] : asked.data.groupIds.map((groupId) => groupId.toLowerCase()).filter((groupId) => member.has(groupId));
  return answer({ '@odata.context': `${request.origin}/v1.0/$metadata#Collection(Edm.String)`, value });
};

export const readDeletedItem: Handler = (graph, request, [id = '']) => {
  mustBeAllowed(request, 'users');
  const gone = graph.tenant.deleted.get(id.toLowerCase());
  if (!gone) throw notFound(id);
  return answer({
    '@odata.context': `${request.origin}/v1.0/$metadata#directoryObjects/$entity`,
    ...deletedUser(graph, id.toLowerCase(), queryOf(request).select, true),
  });
};

export const listDeletedUsers: Handler = (graph, request) => {
  mustBeAllowed(request, 'users');
  const query = queryOf(request);
  needAdvanced(query);
  const passes = query.filter === undefined ? undefined : filterOf(query.filter);
  const ids = [...graph.tenant.deleted.keys()].sort().filter((id) => !passes || passes(deletedUser(graph, id)));
  return pageOf({ context: 'users', ids, json: (id) => JSON.stringify(deletedUser(graph, id, query.select)) }, query, request, graph);
};

function deletedUser({ tenant }: GraphContext, id: string, select?: readonly string[], typed = false): GraphUser {
  const gone = tenant.deleted.get(id);
  if (!gone) return {};
  const user = userWith(gone.entry.person, select ?? userDefaults);
  if (!select || select.includes('deletedDateTime')) user.deletedDateTime = gone.deletedDateTime;
  return typed ? { '@odata.type': '#microsoft.graph.user', ...user } : user;
}

const wantedIds = z.object({ ids: z.array(z.string()).max(1000), types: z.array(z.string()).optional() });

export const getByIds: Handler = (graph, request) => {
  mustBeAllowed(request, 'users');
  const asked = wantedIds.safeParse(request.body);
  if (!asked.success) throw badRequest('Invalid value specified for property ids: at most 1000 are expected.');
  const { tenant } = graph;
  const { ids, types } = asked.data;
  const query = queryOf(request);
  const json = memberJson(graph, query, { ...shapeFor(request), typed: true });
  const typeOf = (id: string) => (tenant.people.has(id) ? 'user' : tenant.groups.has(id) ? 'group' : tenant.others.get(id)?.type);
  const found = [...new Set(ids.map((id) => id.toLowerCase()))].filter((id) => {
    const type = typeOf(id);
    return type !== undefined && (!types || types.includes('directoryObject') || types.includes(type));
  });
  // No order is promised: the other way round than asked.
  const value = found.reverse().map(json).join(',');
  return { status: 200, text: `{"@odata.context":"${request.origin}/v1.0/$metadata#directoryObjects","value":[${value}]}` };
};

/** Alive, by object id or user name. */
function somebody({ tenant }: GraphContext, id: string): Entry {
  const entry = tenant.find(id);
  if (!entry) throw notFound(id);
  return entry;
}
