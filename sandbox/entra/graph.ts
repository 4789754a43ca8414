import { randomUUID } from 'node:crypto';
import type { Fault } from '../controls/faults';
import type { AccessTokens } from './access-tokens';
import { answerBatch } from './batch';
import { grantedNow } from './consent';
import { errorText, GraphRefusal, type GraphAnswer, type GraphRequest, type Question } from './graph-answer';
import type { GraphContext } from './graph-context';
import type { GraphRouter } from './graph-router';
import { costOf, throttled, type Quota } from './quota';

export interface IncomingCall {
  method: string;
  /** Path and query of the request line, from `/v1.0` on. */
  url: string;
  origin: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body's text; empty without one. */
  text: string;
}

/** Faults that may hit one item of a batch: a rule's `match.path` sees `/v1.0` and the item's url. */
const itemFaults: ReadonlySet<string> = new Set(['throttled', 'gatewayTimeout', 'serverError']);

/** Graph v1.0: who asks, what it costs, which route answers. */
export class Graph {
  constructor(
    private readonly context: GraphContext,
    private readonly router: GraphRouter,
    private readonly accessTokens: AccessTokens,
    private readonly quota: Quota,
    private readonly throttleScope: string,
  ) {}

  answer(call: IncomingCall): GraphAnswer {
    const clientRequestId = textOf(call.headers['client-request-id']) ?? randomUUID();
    const requestId = randomUUID();
    const ids = { 'request-id': requestId, 'client-request-id': clientRequestId };
    const answered = this.guarded(requestId, clientRequestId, () => {
      const { roles } = this.accessTokens.check(textOf(call.headers.authorization));
      const [path = '', query = ''] = call.url.slice('/v1.0'.length).split('?');
      const question: Question = {
        method: call.method,
        path,
        query: new URLSearchParams(query),
        origin: call.origin,
        url: call.url,
        eventual: textOf(call.headers.consistencylevel)?.toLowerCase() === 'eventual',
        body: bodyOf(call.text),
      };
      if (path !== '/$batch' || call.method !== 'POST') return this.routed(question, roles);
      return answerBatch(question, (item) => this.guarded(requestId, clientRequestId, () => this.item(item, roles)));
    });
    return { ...answered, headers: { ...answered.headers, ...ids } };
  }

  /** The body of a common fault, in Graph's form. */
  faultBody(status: number, fault: Fault): { text: string; headers: Record<string, string> } {
    const code = { 429: 'TooManyRequests', 504: 'GatewayTimeout' }[status] ?? 'UnknownError';
    const refusal = new GraphRefusal(
      status,
      code,
      status === 429 ? 'Too many requests. Please try again later.' : `The sandbox was told to fail: ${fault.kind}.`,
    );
    const ids = { 'request-id': randomUUID(), 'client-request-id': randomUUID() };
    const headers = status === 429 ? throttled(undefined, this.throttleScope).headers : {};
    return { text: errorText(refusal, ids['request-id'], ids['client-request-id']), headers: { ...ids, ...headers } };
  }

  private item(item: Question, roles: readonly string[]): GraphAnswer {
    const { counts, faults } = this.context.controls;
    counts.item(this.router.find(item.method, item.path)?.route.name ?? `${item.method} (unknown)`);
    const fault = faults.fires(itemFaults, item.method, item.url);
    if (!fault) return this.routed(item, roles);
    const status = fault.status ?? { throttled: 429, gatewayTimeout: 504 }[fault.kind] ?? 500;
    const { text, headers } = this.faultBody(status, fault);
    const retryAfter: Record<string, string> =
      status === 429 && fault.retryAfter !== null ? { 'retry-after': String(fault.retryAfter ?? 1) } : {};
    return { status, text, headers: { ...headers, ...retryAfter } };
  }

  private routed(question: Question, roles: readonly string[]): GraphAnswer {
    const found = this.router.find(question.method, question.path);
    if (!found) throw new GraphRefusal(400, 'BadRequest', `Resource not found for the segment '${question.path.split('/')[1] ?? ''}'.`);
    const cost = costOf(found.route.cost, question.query);
    const told = { 'x-ms-resource-unit': String(cost) };
    try {
      this.quota.take(cost);
      const answered = found.route.handle(this.context, this.allowed(question, roles), found.parameters);
      return { ...answered, headers: { ...answered.headers, ...told } };
    } catch (error) {
      if (error instanceof GraphRefusal) throw error.with(told); // what is refused costs as much
      throw error;
    }
  }

  private allowed(question: Question, roles: readonly string[]): GraphRequest {
    // A withdrawn consent counts at once, whatever the token says; for each item of a batch on its own.
    const granted = grantedNow(this.context, question.method, question.url);
    return { ...question, granted, permissions: new Set(roles.filter((role) => granted.has(role))) };
  }

  private guarded(requestId: string, clientRequestId: string, work: () => GraphAnswer): GraphAnswer {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof GraphRefusal)) throw error;
      return { status: error.status, headers: error.headers, text: errorText(error, requestId, clientRequestId) };
    }
  }
}

const textOf = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new GraphRefusal(
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}
