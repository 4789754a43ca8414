import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure } from '../../domain/failure';
import type { DirectoryMember } from '../../domain/member';
import type { Batches } from './batches';
import type { MemberPage, ReadingWay } from './directory';
import { graphFailure, refusesTheWay, type Refusal } from './graph-failures';
import type { GraphRequests } from './graph-requests';
import { managersOf } from './managers';
import { pageOf } from './member-page';
import { firstPage, headersOf, wayOfLink, type Select } from './member-query';

export interface MemberPagesOptions {
  groupId: string;
  select: Select;
  requests: GraphRequests;
  batches: Batches;
  /** What worked last time. */
  way?: ReadingWay;
  /** Called when the other way turns out to be the one that works. */
  onWay?: (way: ReadingWay) => void;
}

/** A page, and the way in which it was asked for. */
interface Arrived {
  page: MemberPage;
  way: ReadingWay;
}

/** The group's members, page by page, with the next page always on its way. */
export class MemberPages {
  private way: ReadingWay;

  constructor(private readonly options: MemberPagesOptions) {
    this.way = options.way ?? 'plain';
  }

  async *read(from: string | undefined, signal: AbortSignal): AsyncGenerator<MemberPage, void, undefined> {
    // What is on its way when the reader stops is called back.
    const stop = new AbortController();
    const pass = () => stop.abort(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener('abort', pass, { once: true });
    try {
      const followed = new Set<string>();
      let onItsWay: Promise<Arrived> | undefined = from === undefined ? this.first(stop.signal) : this.resumed(from, stop.signal);
      while (onItsWay) {
        const arrived: Arrived = await onItsWay;
        const { next } = arrived.page;
        if (next !== undefined && followed.has(next))
          throw new Failure('DirectoryUnavailable', '(a next link leads back to a page before)');
        if (next !== undefined) followed.add(next);
        onItsWay = next === undefined ? undefined : this.following(next, arrived.way, stop.signal);
        onItsWay?.catch(() => undefined); // it surfaces when it is awaited; until then nobody listens
        await nextTurn(); // so that the request leaves before this page is parsed
        signal.throwIfAborted();
        yield await this.withManagers(arrived, stop.signal);
      }
    } finally {
      signal.removeEventListener('abort', pass);
      stop.abort(new Error('nobody reads on'));
    }
  }

  /** The first few members, and the first user among them. */
  async sample(signal: AbortSignal): Promise<DirectoryMember | undefined> {
    const page = await this.withManagers(await this.first(signal, 10), signal);
    return page.members()[0];
  }

  /** The first page decides which way the tenant wants to be asked. */
  private async first(signal: AbortSignal, top?: number): Promise<Arrived> {
    const { groupId, select, requests, onWay } = this.options;
    const { way } = this;
    const answer = await requests.tryToAsk(firstPage(groupId, select, way, top), signal);
    if (!('refusal' in answer)) return { page: pageOf(answer.body), way };
    if (!refusesTheWay(answer.refusal)) throw await this.whyRefused(answer.refusal, signal);
    const other: ReadingWay = way === 'plain' ? 'eventual' : 'plain';
    const second = await requests.tryToAsk(firstPage(groupId, select, other, top), signal);
    // Refused both ways: it is not the way. The first refusal speaks of what was meant.
    if ('refusal' in second) throw refusesTheWay(second.refusal) ? answer.failure : await this.whyRefused(second.refusal, signal);
    const page = pageOf(second.body);
    this.way = other;
    onWay?.(other);
    return { page, way: other };
  }

  private async following(link: string, way: ReadingWay, signal: AbortSignal): Promise<Arrived> {
    const { requests } = this.options;
    const url = requests.resolve(link);
    // Whoever is asked is sent the token.
    if (!url) throw new Failure('DirectoryUnavailable', '(the next link leads to another host)');
    const answer = await requests.tryToAsk({ path: url, headers: headersOf(way) }, signal);
    if ('refusal' in answer) throw await this.whyRefused(answer.refusal, signal);
    return { page: pageOf(answer.body), way };
  }

  /** Graph says only that a permission is missing. Whoever may see the group and not who is in it lacks the one for hidden memberships. */
  private async whyRefused(refusal: Refusal, signal: AbortSignal): Promise<Failure> {
    const failure = graphFailure(refusal);
    if (failure.code !== 'PermissionMissing') return failure;
    const { groupId, requests } = this.options;
    const group = await requests.tryToAsk({ path: `/groups/${encodeURIComponent(groupId)}?$select=id` }, signal);
    return 'refusal' in group ? failure : graphFailure(refusal, 'MembershipHidden');
  }

  /** A stored link that is refused was made the other way, or by a configuration that is no more: the read starts over, and finds out. */
  private async resumed(link: string, signal: AbortSignal): Promise<Arrived> {
    try {
      // The link's own word counts: followed the wrong way, an answer could lack the managers.
      return await this.following(link, wayOfLink(link) ?? this.way, signal);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'DirectoryRequestRefused' || error.status !== 400) throw error;
      throw new Failure('DirectoryExpiredPageToken', '(HTTP 400 for a stored page)', { status: 400, cause: error });
    }
  }

  private async withManagers({ page, way }: Arrived, signal: AbortSignal): Promise<MemberPage> {
    const { select, batches } = this.options;
    if (way === 'plain' || !select.manager) return page;
    const users = page.members();
    const managers = await managersOf(
      users.map(({ id }) => id),
      select.manager,
      batches,
      signal,
    );
    const members = users.map((user) => ({ ...user, manager: managers.get(user.id) ?? null }));
    const fingerprint = createHash('sha256')
      .update(page.fingerprint)
      .update(JSON.stringify([...managers]))
      .digest('hex');
    return { next: page.next, fingerprint, members: () => members };
  }
}
