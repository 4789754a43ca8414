import type { BatchAnswer, BatchItem, Batches } from './batches';
import type { Whereabouts } from './directory';
import { isEnabledItem, saysDisabled } from './disabled';
import type { GraphRequests } from './graph-requests';
import { objectIn } from './json-body';
import { sameId } from './told';

interface Asking {
  requests: GraphRequests;
  batches: Batches;
}

interface GroupsPage {
  value: unknown[];
  next?: string;
}

/** Tells direct members from those whom a nested group reaches; at most ten people, for each takes two items of a batch. */
export async function directGroups(
  people: readonly string[],
  groupId: string,
  { requests, batches }: Asking,
  signal: AbortSignal,
): Promise<[string, Whereabouts['is']][]> {
  const answers = await batches.ask(people.flatMap(itemsOf), signal);
  const told: [string, Whereabouts['is']][] = [];
  for (const id of people) {
    const direct = await isDirect(id, groupId, answers.get(`groups ${id}`)?.answer, requests, signal);
    const disabled = saysDisabled(answers.get(`person ${id}`)?.answer);
    told.push([id, direct === undefined ? 'unknown' : direct ? 'member' : disabled ? 'disabled' : 'nested']);
  }
  return told;
}

function itemsOf(id: string): BatchItem[] {
  const user = `/users/${encodeURIComponent(id)}`;
  return [
    { id: `groups ${id}`, method: 'GET', url: `${user}/memberOf/microsoft.graph.group?$select=id&$top=999` },
    isEnabledItem(`person ${id}`, id),
  ];
}

/** Walks all pages of somebody's direct groups, unless the group is found before. Nothing where the answer cannot be had. */
async function isDirect(
  id: string,
  groupId: string,
  first: BatchAnswer | undefined,
  requests: GraphRequests,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  let page =
    first?.status === 400 ? await askFor(`/users/${encodeURIComponent(id)}/memberOf?$select=id&$top=999`, requests, signal) : pageIn(first);
  const followed = new Set<string>();
  for (;;) {
    if (!page) return undefined;
    if (page.value.some((group) => sameId((group as { id?: unknown } | null)?.id, groupId))) return true;
    if (page.next === undefined) return false;
    const next: string | undefined = requests.resolve(page.next);
    page = next !== undefined && !followed.has(next) ? await askFor(next, requests, signal) : undefined;
    if (next !== undefined) followed.add(next);
  }
}

/** A tenant that does not take the cast is asked for everything that somebody belongs to. */
async function askFor(path: string, requests: GraphRequests, signal: AbortSignal): Promise<GroupsPage | undefined> {
  const answer = await requests.tryToAsk({ path }, signal);
  if (!('refusal' in answer)) return pageIn({ status: answer.status, body: objectIn(answer.body) });
  // Graph's own pauses and outages are the run's; that it will not tell is this person's.
  if (answer.refusal.status === 429 || answer.refusal.status >= 500 || answer.refusal.status === 401) throw answer.failure;
  return undefined;
}

function pageIn(answer: BatchAnswer | undefined): GroupsPage | undefined {
  const { value, '@odata.nextLink': next } = (answer?.body ?? {}) as { value?: unknown; '@odata.nextLink'?: unknown };
  if (answer?.status !== 200 || !Array.isArray(value)) return undefined;
  return { value, next: typeof next === 'string' && next !== '' ? next : undefined };
}
