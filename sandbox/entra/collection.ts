import type { GraphAnswer, GraphRequest } from './graph-answer';
import type { GraphContext } from './graph-context';
import { expiredPageToken } from './page-tokens';
import type { Query } from './query';

export interface Collection {
  /** What `@odata.context` says after `$metadata#`. */
  context: string;
  /** All ids in order, as of now. */
  ids: readonly string[];
  /** An object's JSON; nothing for one that isn't there any more. */
  json: (id: string) => string | undefined;
  /** A group's members, of whom one may fall out. */
  ofMembers?: boolean;
}

/** One page: `@odata.nextLink` stands before `value`, so that a client can ask for the next page before it has parsed this one. */
export function pageOf(
  { context, ids, json, ofMembers = false }: Collection,
  query: Query,
  request: GraphRequest,
  graph: GraphContext,
): GraphAnswer {
  const { faults } = graph.controls;
  const { mostPerPage, snapshots, emptyPageEvery } = graph.habits();
  const top = Math.min(query.top, mostPerPage);
  const empty = faults.fires('emptyOk', request.method, request.url) !== undefined;
  if (query.skiptoken !== undefined && faults.fires('expiredPageToken', request.method, request.url)) throw expiredPageToken();
  const place = query.skiptoken === undefined ? { offset: 0, began: Date.now(), page: 1 } : graph.tokens.read(query.skiptoken);
  const snapshot = place.snapshot ?? (snapshots && ids.length > top ? graph.tokens.keep(ids) : undefined);
  const rows = snapshot === undefined ? ids : graph.tokens.kept(snapshot);

  const isBlank = emptyPageEvery > 0 && place.page % emptyPageEvery === 0 && place.offset < rows.length;
  const end = isBlank ? place.offset : Math.min(rows.length, place.offset + top);
  const values: string[] = [];
  if (!empty) {
    for (let index = place.offset; index < end; index++) {
      const id = rows[index] as string;
      // Somebody silently missing though still a member: whom the rule names, or the first of a later page.
      const isFallenOut =
        ofMembers &&
        faults.fires('memberFallsOut', request.method, request.url, ({ with: who }) =>
          who?.id === undefined ? place.page > 1 && index === place.offset : who.id === id,
        );
      const value = isFallenOut ? undefined : json(id);
      if (value !== undefined) values.push(value);
    }
  }
  const head = [`"@odata.context":"${request.origin}/v1.0/$metadata#${context}"`];
  if (query.advanced && place.page === 1) head.push(`"@odata.count":${empty ? 0 : rows.length}`);
  if (!empty && end < rows.length) {
    const next = new URLSearchParams(request.query);
    next.set('$skiptoken', graph.tokens.write({ ...place, offset: end, page: place.page + 1, snapshot }));
    const options = [...next].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    head.push(`"@odata.nextLink":${JSON.stringify(`${request.origin}/v1.0${request.path}?${options}`)}`);
  }
  return { status: 200, text: `{${head.join(',')},"value":[${values.join(',')}]}` };
}
