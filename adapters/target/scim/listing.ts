import { randomUUID } from 'node:crypto';
import type { Account } from '../../../domain/account';
import { Failure } from '../../../domain/failure';
import type { AccountPage } from '../target';
import type { Memory } from './memory';
import { patiently } from './patience';
import { refusalOf, saying } from './refusal';
import type { Resources } from './resource';
import type { Listing, Service } from './service';

/** Rows that are asked for at once. Servers cut it to what they like, mostly silently. */
const askedRows = 500;

/** Walks all accounts, by the rows that really came: neither page sizes nor the paging fields of answers can be relied on. A page that doesn't come is asked for again. */
export class Accounts {
  private totalsTellOfMore = false;

  constructor(
    private readonly service: Service,
    private readonly memory: Memory,
    private readonly resources: Resources,
  ) {}

  /** Each account once. The next page is on its way while its reader works on this one. */
  async *pages(signal: AbortSignal): AsyncGenerator<AccountPage> {
    const over = new AbortController(); // for the page that nobody wants any more
    try {
      yield* this.walk(AbortSignal.any([signal, over.signal]));
    } finally {
      over.abort();
    }
  }

  private async *walk(signal: AbortSignal): AsyncGenerator<AccountPage> {
    const seen = new Set<string>();
    const names = new Names(this.memory);
    const page = (startIndex: number): Promise<Listing> => patiently(() => this.page(startIndex, signal), signal);
    let received = 0;
    let asked: Promise<Listing> | undefined = page(1);
    while (asked) {
      let { rows, total }: Listing = await asked;
      const isShort = rows.length === 0 && received < (total ?? 0);
      if (isShort) ({ rows, total } = await page(received + 1)); // once more: rows that were promised are missing
      if (received === 0 && rows.length === 0) await this.refuseEmptyList(signal);
      received += rows.length;
      const accounts = rows
        .map((row) => this.resources.account(row))
        .filter(({ accountId }) => accountId !== '' && !seen.has(accountId) && seen.add(accountId));
      if ((total ?? 0) > received) this.totalsTellOfMore = true;
      const isToldToBeOver: boolean = total !== undefined && seen.size >= total;
      if (accounts.length === 0 || (isToldToBeOver && this.isTotalBelieved)) asked = undefined;
      else asked = isToldToBeOver ? page(received + 1).catch(asNobody) : page(received + 1);
      asked?.catch(() => undefined); // it is awaited in the next turn, or nobody wants it any more
      for (const { userName } of accounts) names.saw(userName);
      if (accounts[0]) this.memory.facts.witness ??= accounts[0].accountId;
      if (accounts.length > 0 || received === 0) yield { accounts, ...(total !== undefined && { total }) };
    }
  }

  /** Some say 0, or how many rows the page has. Whoever was seen to tell of more than a page holds counts everybody; a page size is known of nobody else. */
  private get isTotalBelieved(): boolean {
    return this.totalsTellOfMore || this.memory.facts.pageSize !== undefined;
  }

  /** By what is about nobody: an id that can't be there or, where the server fails on those too, the list. */
  async answer(signal: AbortSignal): Promise<void> {
    try {
      await this.service.get(randomUUID(), signal);
    } catch (error) {
      if (!isFailureOf(500, error)) throw error;
      await this.page(1, signal);
    }
  }

  async first(signal: AbortSignal): Promise<AccountPage> {
    const { rows, total } = await this.page(1, signal);
    if (rows.length === 0) await this.refuseEmptyList(signal);
    const accounts = rows.map((row) => this.resources.account(row));
    const names = new Names(this.memory);
    for (const { userName } of accounts) names.saw(userName);
    return { accounts, ...(total !== undefined && { total }) };
  }

  /** The accounts that a filter gives, unchecked; undefined where the server refuses it, or fails on it and not on a list without one. */
  async filtered(filter: string, signal: AbortSignal): Promise<Account[] | undefined> {
    const query = `/Users?filter=${encodeURIComponent(filter)}`;
    const { facts } = this.memory;
    try {
      // A server that ignores the filter would answer with everybody.
      const answer = facts.countRefused
        ? await this.service.list(query, signal)
        : await this.counted(`${query}&startIndex=1&count=20`, query, signal);
      return 'refused' in answer ? undefined : answer.rows.map((row) => this.resources.account(row));
    } catch (error) {
      const isNotFound = error instanceof Failure && error.code === 'TargetNotFound' && error.status === 404;
      if (!isNotFound && (!isFailureOf(500, error) || facts.filter === 'works')) throw error;
      await this.page(1, signal);
      return isNotFound ? [] : undefined; // 404 for nobody; whether it finds whoever is there, the probe tells
    }
  }

  private async page(startIndex: number, signal: AbortSignal): Promise<Listing> {
    const { facts } = this.memory;
    const plain = `/Users?startIndex=${startIndex}`;
    const answer = facts.countRefused
      ? await this.service.list(plain, signal)
      : await this.counted(`${plain}&count=${askedRows}`, plain, signal);
    if ('refused' in answer) {
      const refusal = refusalOf(answer.refused);
      throw new Failure('TargetUnavailable', saying(refusal), { status: refusal.status });
    }
    const { rows, total = 0 } = answer;
    if (rows.length > 0 && rows.length < askedRows && startIndex + rows.length <= total)
      facts.pageSize = Math.max(facts.pageSize ?? 0, rows.length);
    return answer;
  }

  /** With a `count`, else without: some servers refuse or fail on any. It is remembered once it happened twice, for a server may just have stumbled. */
  private async counted(withCount: string, without: string, signal: AbortSignal): Promise<Awaited<ReturnType<Service['list']>>> {
    let failed: Failure | undefined;
    let answer: Awaited<ReturnType<Service['list']>> | undefined;
    try {
      answer = await this.service.list(withCount, signal);
    } catch (error) {
      if (!isFailureOf(500, error)) throw error;
      failed = error;
    }
    if (answer && !('refused' in answer)) return answer;
    const second = await this.service.list(without, signal).catch((error: unknown) => {
      throw failed ?? error;
    });
    if (!('refused' in second) && (await this.failsOnCount(signal))) this.memory.facts.countRefused = true;
    return second;
  }

  private async failsOnCount(signal: AbortSignal): Promise<boolean> {
    try {
      return 'refused' in (await this.service.list('/Users?startIndex=1&count=1', signal));
    } catch (error) {
      if (isFailureOf(500, error)) return true;
      throw error;
    }
  }

  /** A list of nobody is believed only where the account that was there is gone too. */
  private async refuseEmptyList(signal: AbortSignal): Promise<void> {
    const { facts } = this.memory;
    if (facts.witness === undefined) return;
    if (await this.service.get(facts.witness, signal))
      throw new Failure('TargetUnavailable', 'It lists nobody, though an account is there.');
    facts.witness = undefined;
  }
}

function isFailureOf(status: number, error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'TargetUnavailable' && error.status === status;
}

/** What comes of asking beyond an end that was told: some refuse it, or fail on it. */
function asNobody(error: unknown): Listing {
  const { status } = error instanceof Failure ? error : {};
  const elsewhere = [401, 403, 408, 425, 429];
  if (status === undefined || status < 400 || status > 501 || elsewhere.includes(status)) throw error;
  return { rows: [] };
}

/** Notices whether the server tells names apart that we would take for the same. */
class Names {
  private readonly seen = new Map<string, string>();

  constructor(private readonly memory: Memory) {}

  saw(userName: string): void {
    const { facts } = this.memory;
    if (facts.namesDifferByCase && facts.namesAreShared) return;
    const key = userName.toLowerCase();
    const other = this.seen.get(key);
    if (other === undefined) this.seen.set(key, userName);
    else if (other === userName) facts.namesAreShared = true;
    else facts.namesDifferByCase = true;
  }
}
