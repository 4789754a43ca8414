import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../domain/failure';
import { refusalOf, type Refusal } from './graph-failures';
import type { GraphRequests } from './graph-requests';
import { objectIn } from './json-body';

export interface BatchItem {
  id: string;
  method: 'GET' | 'POST';
  /** Below /v1.0. */
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface BatchAnswer {
  status: number;
  body?: unknown;
  /** Of an answer that is no 2xx. */
  refusal?: Refusal;
}

/** An item's answer, and that of the companion in the very same batch. */
export interface Answered {
  answer: BatchAnswer;
  companion?: BatchAnswer;
}

/** Waits `ms`, or throws the signal's reason. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<unknown>;

/** Graph's own limit. */
export const batchSize = 20;

/** Items wait in place for so long in all; longer waits are Temporal's. */
const patienceMs = 60_000;
const triesAfterErrors = 3;

/** `POST /$batch`: each item is throttled and fails on its own, inside a 200. */
export class Batches {
  constructor(
    private readonly requests: GraphRequests,
    private readonly pause: Pause = (ms, signal) => sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted()),
  ) {}

  /**
   * Answers by item id. Items that were throttled or met an error of the server are asked again alone, together with the `companion`, which
   * goes with every try (a throttled companion counts as everybody's). Items that Graph did not answer are missing.
   * Throws `DirectoryThrottled` when Graph asks for more than a minute in all.
   */
  async ask(items: readonly BatchItem[], signal: AbortSignal, companion?: BatchItem): Promise<Map<string, Answered>> {
    const answered = new Map<string, Answered>();
    let waiting = items;
    let waited = 0;
    for (let attempt = 1; ; attempt++) {
      const answers = await this.once(companion ? [...waiting, companion] : waiting, signal);
      const beside = companion && answers.get(companion.id);
      const again: BatchItem[] = [];
      const busy: BatchAnswer[] = [];
      for (const item of waiting) {
        const answer = answers.get(item.id);
        if (!answer) continue;
        const cause = [answer, beside].find((one) => one && isBusy(one, attempt));
        if (!cause) answered.set(item.id, { answer, companion: beside });
        else {
          again.push(item);
          busy.push(cause);
        }
      }
      if (again.length === 0) return answered;
      const wait = Math.max(...busy.map(({ refusal }) => refusal?.retryAfterMs ?? 500 * 2 ** attempt));
      waited += wait;
      if (waited > patienceMs) {
        if (busy.some(({ status }) => status === 429))
          throw new Failure('DirectoryThrottled', '(HTTP 429 inside a batch)', { status: 429, retryAfterMs: wait });
        for (const item of again) answered.set(item.id, { answer: answers.get(item.id) as BatchAnswer, companion: beside }); // theirs alone
        return answered;
      }
      await this.pause(wait, signal);
      waiting = again;
    }
  }

  private async once(items: readonly BatchItem[], signal: AbortSignal): Promise<Map<string, BatchAnswer>> {
    const requests = items.map((item) =>
      item.body === undefined ? item : { ...item, headers: { 'Content-Type': 'application/json', ...item.headers } },
    );
    const { body, status } = await this.requests.ask({ path: '/$batch', body: { requests } }, signal);
    const { responses } = objectIn(body);
    if (!Array.isArray(responses)) throw new Failure('DirectoryUnavailable', `(HTTP ${status}, but no answers of a batch)`, { status });
    return new Map(responses.filter(isResponse).map((response) => [response.id, answerOf(response)]));
  }
}

/** Splits into pieces of at most `size`. */
export function inPieces<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, piece) => all.slice(piece * size, (piece + 1) * size));
}

/** Runs `work` on each, at most four at a time (Graph's advice for requests of one application to one tenant); the first failure ends it. */
export async function fourAtATime<T, R>(all: readonly T[], work: (one: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array<R>(all.length);
  const entries = all.entries();
  let failed = false;
  const lane = async () => {
    for (const [index, one] of entries) {
      if (failed) return;
      try {
        results[index] = await work(one, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, all.length) }, lane));
  return results;
}

interface Response {
  id: string;
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

function isResponse(response: unknown): response is Response {
  const { id, status } = (response ?? {}) as { id?: unknown; status?: unknown };
  return typeof id === 'string' && typeof status === 'number';
}

function answerOf({ status, headers = {}, body }: Response): BatchAnswer {
  if (status >= 200 && status < 300) return { status, body };
  const lowerCase = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return { status, body, refusal: refusalOf(status, body, (name) => lowerCase.get(name)) };
}

function isBusy({ status }: BatchAnswer, attempt: number): boolean {
  return status === 429 || (status >= 500 && status !== 501 && attempt <= triesAfterErrors);
}
