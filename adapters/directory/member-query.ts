import type { ReadingWay } from './directory';
import type { GraphCall } from './graph-requests';

/** Attributes that the mapping wants of each member and, if any, of their managers. */
export interface Select {
  user: readonly string[];
  manager?: readonly string[];
}

/** Graph's largest page. */
export const pageSize = 999;

/** Headers are not part of a next link: every page of the eventual way needs them again. */
export function headersOf(way: ReadingWay): Record<string, string> {
  return way === 'eventual' ? { ConsistencyLevel: 'eventual' } : {};
}

/** The request for the first page. `$expand` is not supported in advanced queries, so the eventual way asks for managers apart. */
export function firstPage(groupId: string, select: Select, way: ReadingWay, top = pageSize): GraphCall {
  const query = [
    `$select=${listOf(['id', 'accountEnabled', ...select.user])}`,
    ...(way === 'plain' && select.manager ? [`$expand=${managerExpansion(select.manager)}`] : []),
    ...(way === 'eventual' ? ['$count=true'] : []),
    `$top=${top}`,
  ];
  return { path: `/groups/${encodeURIComponent(groupId)}/members/microsoft.graph.user?${query.join('&')}`, headers: headersOf(way) };
}

export function managerExpansion(attributes: readonly string[]): string {
  return `manager($select=${listOf(['id', ...attributes])})`;
}

/** Names come from a checked configuration; encoded all the same, so that none can add to the query. */
function listOf(attributes: readonly string[]): string {
  return [...new Set(attributes)].map(encodeURIComponent).join(',');
}

/** Graph's next links repeat the query; nothing where one tells neither way. */
export function wayOfLink(link: string): ReadingWay | undefined {
  const query = /[?&](?:\$|%24)(count=true|expand=manager)/i.exec(link)?.[1]?.toLowerCase();
  return query === undefined ? undefined : query === 'count=true' ? 'eventual' : 'plain';
}
