import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../../domain/failure';
import { askedWait } from './announced';
import type { Memory } from './memory';
import { isUniqueness, refusalOf, saying } from './refusal';
import type { Answer, Sent, Transport } from './transport';
import { isObject, urn, type Resource } from './words';

export interface Read {
  resource: Resource;
  etag?: string;
}

export interface Listing {
  rows: Resource[];
  total?: number;
}

/** So many writes refused in a row, with none let through between them, may no longer be about single accounts: that is asked. So many surely are not, whatever was answered. */
const refusalsInARow = { doubted: 3, believed: 40 };

const triesToDescribe = 3;

/**
 * The service's answers, where they are understood the same whatever was asked: who may not, who must wait, what is no answer at all. What a
 * write was refused for is left to whoever wrote.
 */
export class Service {
  private refusedInARow = 0;
  /** Of those in a row: whether the credential may write all the same. */
  private mayWrite: Promise<boolean> | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly memory: Memory,
  ) {}

  /** Undefined where there is no such account. */
  async get(accountId: string, signal: AbortSignal): Promise<Read | undefined> {
    const answer = await this.transport.send({ method: 'GET', path: pathOf(accountId) }, signal);
    if (answer.status === 403) throw await this.unreadable(answer, signal);
    this.understand(answer, true);
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (answer.status >= 300) throw new Failure('TargetUnavailable', saying(refusalOf(answer)), { status: answer.status });
    const resource = this.json(answer);
    if (!isObject(resource) || !hasId(resource)) throw noUser(answer);
    return { resource, etag: etagOf(answer, resource) };
  }

  /** A list of resources, or the refusal. 404 is `TargetNotFound`. */
  async list(path: string, signal: AbortSignal): Promise<Listing | { refused: Answer }> {
    const answer = await this.read({ method: 'GET', path, isPage: true }, signal);
    if (answer.status === 404) throw new Failure('TargetNotFound', undefined, { status: 404 });
    if (answer.status >= 300) return { refused: answer };
    const list = this.json(answer);
    if (!isObject(list)) throw new Failure('TargetUnavailable', 'It answered a list with something else.', { status: answer.status });
    const rows = list.Resources ?? list.resources;
    if (rows !== undefined && rows !== null && !Array.isArray(rows))
      throw new Failure('TargetUnavailable', 'It answered a list without rows.', { status: answer.status });
    const total = Number(list.totalResults ?? undefined);
    // A list without rows and without a number is an answer of something else, never a proof that nobody is there.
    if (!Array.isArray(rows) && Number.isNaN(total))
      throw new Failure('TargetUnavailable', 'It answered a list without rows.', { status: answer.status });
    return { rows: (rows ?? []).filter(isObject), ...(!Number.isNaN(total) && { total }) };
  }

  /**
   * What the service says of itself, and whether it says that there is nothing to be said. Neither, where it is up and answers something else: a web
   * page, say, or 500 each time, as one server does to whatever it doesn't have. Throws where it is out.
   */
  async describe(path: string, signal: AbortSignal): Promise<{ says?: unknown; isSilent?: boolean }> {
    let answer = await this.transport.send({ method: 'GET', path, isPage: true }, signal);
    for (let tried = 1; answer.status === 500 && tried < triesToDescribe; tried += 1) {
      await sleep(250 * 2 ** tried, undefined, { signal }).catch(() => signal.throwIfAborted());
      answer = await this.transport.send({ method: 'GET', path, isPage: true }, signal);
    }
    const { status, body } = answer;
    if (status === 500 || (status >= 300 && status < 400)) return {};
    if (status !== 403) this.understand(answer, true); // it may be seen by others than us
    if (status >= 400) return { isSilent: true };
    try {
      return { says: JSON.parse(body) as unknown };
    } catch {
      return {};
    }
  }

  /** The answer to a write, done or refused. `personal`: the person's own values, which no error may repeat. */
  async write(sent: Sent, signal: AbortSignal, personal: () => readonly string[]): Promise<Answer> {
    const answer = await this.transport.send(sent, signal);
    if (answer.status < 300) {
      this.refusedInARow = 0;
      this.mayWrite = undefined;
      this.memory.facts.hasWritten = true;
      return answer;
    }
    if (answer.status === 403) throw await this.forbidden(answer, personal(), signal);
    if (answer.status === 501 || (answer.status === 500 && isUniqueness(refusalOf(answer)))) return answer;
    this.understand(answer, false, personal());
    return answer;
  }

  /** By a change to an account that can't be there, which most servers answer with 404 to whoever may write. */
  async tryWriting(signal: AbortSignal): Promise<boolean> {
    const body = JSON.stringify({ schemas: [urn.patch], Operations: [{ op: 'replace', path: 'active', value: true }] });
    const answer = await this.transport.send({ method: 'PATCH', path: pathOf(randomUUID()), body }, signal);
    const { status } = answer;
    // Reading was let through with the same credential.
    if (status === 401 || status === 403) throw new Failure('TargetRefusesWrites', saying(refusalOf(answer)), { status });
    if (status === 405 || status === 500 || status === 501) return false; // it has no PATCH, or stumbles over an account that isn't there
    this.understand(answer, true);
    return true;
  }

  /** The user in an answer to a write; undefined where it holds none. */
  user(answer: Answer): Read | undefined {
    if (answer.status === 204 || answer.body === '') return undefined;
    const resource = this.json(answer);
    if (!isObject(resource) || !hasId(resource)) return undefined;
    return { resource, etag: etagOf(answer, resource) };
  }

  private async read(sent: Sent, signal: AbortSignal): Promise<Answer> {
    const answer = await this.transport.send(sent, signal);
    this.understand(answer, true);
    return answer;
  }

  private understand(answer: Answer, isRead: boolean, personal: readonly string[] = []): void {
    const { status, headers } = answer;
    if (status < 300) return;
    const retryAfterMs = askedWait(headers, Date.now());
    if (status < 400) throw new Failure('TargetNotFound', `It redirects (HTTP ${status}), which is not followed.`, { status });
    const fail = (code: ConstructorParameters<typeof Failure>[0]) => {
      const refusal = refusalOf(answer);
      // A 5xx may say anything, such as whose data it stumbled over; of the others the reason is worth having.
      throw new Failure(code, status >= 500 || refusal.words === undefined ? `HTTP ${status}.` : saying(refusal, personal), {
        status,
        retryAfterMs,
      });
    };
    if (status === 401) fail('TargetCredentialRejected');
    if (status === 403) fail(isRead ? 'TargetCredentialRejected' : 'TargetRefusesWrites');
    if (status === 429) fail('TargetThrottled');
    if (status === 408 || status === 425 || (status >= 500 && status !== 501)) fail('TargetUnavailable');
  }

  /** One account may be nobody else's business. Who may read none is told so by the list. */
  private async unreadable(answer: Answer, signal: AbortSignal): Promise<Failure> {
    await this.list('/Users?startIndex=1', signal);
    return new Failure('TargetRefused', saying(refusalOf(answer)), { status: answer.status });
  }

  /** Accounts that nobody may touch (an owner, an administrator) are refused like everybody is whose token may not write. */
  private async forbidden(answer: Answer, personal: readonly string[], signal: AbortSignal): Promise<Failure> {
    const { status } = answer;
    this.refusedInARow += 1;
    const isDoubtful = this.memory.facts.hasWritten !== true || this.refusedInARow >= refusalsInARow.doubted;
    const isAboutOne = !isDoubtful || (this.refusedInARow < refusalsInARow.believed && (await this.mayWriteOthers(signal)));
    return new Failure(isAboutOne ? 'TargetRefused' : 'TargetRefusesWrites', saying(refusalOf(answer), personal), { status });
  }

  /** Asked once for refusals in a row. */
  private async mayWriteOthers(signal: AbortSignal): Promise<boolean> {
    try {
      return await (this.mayWrite ??= this.tryWriting(signal));
    } catch (error) {
      if (error instanceof Failure && error.code === 'TargetRefusesWrites') return false;
      this.mayWrite = undefined;
      throw error;
    }
  }

  private json({ body, status }: Answer): unknown {
    try {
      return JSON.parse(body) as unknown;
    } catch {
      const seen = body === '' ? 'nothing' : /^\s*</.test(body) ? 'a page of HTML' : 'text that is cut off or no JSON';
      throw new Failure('TargetUnavailable', `It answered ${seen} (HTTP ${status}).`, { status });
    }
  }
}

export function pathOf(accountId: string): string {
  return `/Users/${encodeURIComponent(accountId)}`;
}

function hasId({ id }: Resource): boolean {
  return typeof id === 'number' || (typeof id === 'string' && id !== '');
}

function etagOf({ headers }: Answer, resource: Resource): string | undefined {
  if (typeof headers.etag === 'string' && headers.etag !== '') return headers.etag;
  const version = isObject(resource.meta) ? resource.meta.version : undefined;
  return typeof version === 'string' && version !== '' ? version : undefined;
}

function noUser({ status }: Answer): Failure {
  return new Failure('TargetUnavailable', `It answered something that is no user (HTTP ${status}).`, { status });
}
