import type { IncomingHttpHeaders } from 'node:http';
import { Pool, type Dispatcher } from 'undici';
import { Failure } from '../../../domain/failure';
import { secretFault } from '../../../domain/secret-text';
import type { EgressPolicy } from '../egress';
import { textOf } from './body';
import { HandOver } from './hand-over';
import { InFlight } from './inflight';
import type { Pace } from './pace';
import { asMeant } from './refusal';
import { Slots } from './slots';
import { withoutToken } from './without-token';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Text; empty where the answer had none. */
  body: string;
}

export interface Sent {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the base URL: `/Users/…`. */
  path: string;
  body?: string;
  ifMatch?: string;
  /** Whether the answer may be as long as a page of accounts. */
  isPage?: boolean;
}

export interface TransportLimits {
  connectMs: number;
  /** Until the answer's head, and between two parts of its body. */
  silenceMs: number;
  /** For a request as a whole, however steadily it drips. */
  wholeMs: number;
  pageBytes: number;
  userBytes: number;
}

export const usualLimits: TransportLimits = {
  connectMs: 10_000,
  silenceMs: 30_000,
  wholeMs: 120_000,
  pageBytes: 32 * 1_048_576,
  userBytes: 1_048_576,
};

export interface TransportOptions {
  /** Of the SCIM service, without a trailing slash. */
  baseUrl: string;
  token: string;
  concurrency: number;
  egress: EgressPolicy;
  pace: Pace;
  limits?: Partial<TransportLimits>;
  /** Called once for each request that is sent. */
  onRequest?: (kind: 'read' | 'write') => void;
  /** In the place of a pool of our own; the egress policy then judges the URL alone. */
  dispatcher?: Dispatcher;
}

/**
 * Requests to one SCIM service over kept connections. Gives back every answer, whatever its status, and throws `TargetUnavailable` where none
 * came. Redirects are not followed, and nothing that is thrown holds the token.
 */
export class Transport {
  private readonly inFlight = new InFlight();
  private readonly slots: Slots;
  private readonly handOver = new HandOver();
  private readonly limits: TransportLimits;
  private readonly dispatcher: Dispatcher;
  private readonly origin: string;
  private readonly basePath: string;
  private readonly headers: string[];
  private readonly headersWithBody: string[];
  private readonly underWay = new Set<Exchange>();
  private readonly withoutToken: (text: string) => string;
  private watch: NodeJS.Timeout | undefined;

  constructor(private readonly options: TransportOptions) {
    this.limits = { ...usualLimits, ...options.limits };
    this.slots = new Slots(options.concurrency);
    const fault = secretFault(options.token, 'target');
    if (fault) throw new Failure('TargetCredentialRejected', `It can’t be sent: ${fault}.`); // from the header, it would look like an outage
    const url = urlOf(options.baseUrl);
    const lookup = options.egress.admit(url);
    this.origin = url.origin;
    this.basePath = url.pathname.replace(/\/+$/, '');
    const { connectMs, silenceMs } = this.limits;
    this.dispatcher =
      options.dispatcher ??
      new Pool(url.origin, {
        // undici uses a connection again only a turn of the event loop after its answer; with some to spare nobody waits for that.
        connections: options.concurrency + Math.ceil(options.concurrency / 4),
        pipelining: 1, // a write behind another one on the same connection would share its fate
        headersTimeout: silenceMs,
        bodyTimeout: silenceMs,
        connect: { timeout: connectMs, lookup },
      });
    this.headers = [
      'accept',
      'application/scim+json',
      'accept-encoding',
      'identity',
      'user-agent',
      'Rollcall',
      'authorization',
      `Bearer ${options.token}`,
    ];
    this.withoutToken = withoutToken(options.token);
    this.headersWithBody = [...this.headers, 'content-type', 'application/scim+json'];
  }

  async send(sent: Sent, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const { pace, onRequest } = this.options;
    const place = this.slots.take();
    if (place) await place;
    try {
      signal.throwIfAborted();
      const turn = pace.take(signal);
      if (turn) await turn;
    } catch (error) {
      this.slots.free();
      throw error;
    }
    const isRead = sent.method === 'GET';
    onRequest?.(isRead ? 'read' : 'write');
    try {
      const answer = asMeant(await this.exchange(sent, isRead, signal));
      return answer.status < 400 ? answer : { ...answer, body: this.withoutToken(answer.body) };
    } catch (error) {
      signal.throwIfAborted();
      throw unavailable(error);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.watch);
    if (!this.options.dispatcher) await this.dispatcher.destroy();
  }

  private exchange({ method, path, body, ifMatch, isPage }: Sent, isRead: boolean, signal: AbortSignal): Promise<Answer> {
    const { pageBytes, userBytes } = this.limits;
    const usual = body === undefined ? this.headers : this.headersWithBody;
    const headers = ifMatch === undefined ? usual : [...usual, 'if-match', ifMatch];
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(isPage ? pageBytes : userBytes, (answer) => this.handOver.push(() => resolve(answer)), reject);
      const kind = isRead ? 'reads' : 'writes';
      this.inFlight.enter(exchange, kind, signal);
      this.underWay.add(exchange);
      this.watch ??= this.startWatch();
      exchange.ended = (answer) => {
        this.options.pace.answered(answer); // whoever comes next keeps to the pause that is asked for
        this.slots.free();
        this.inFlight.leave(exchange, kind, signal);
        this.underWay.delete(exchange);
      };
      this.dispatcher.dispatch({ origin: this.origin, path: this.basePath + path, method, headers, body: body ?? null }, exchange);
    });
  }

  /** One clock for all: it looks now and then, which is exact enough for a limit of minutes. */
  private startWatch(): NodeJS.Timeout {
    const { wholeMs } = this.limits;
    return setInterval(
      () => {
        if (this.underWay.size === 0) {
          clearInterval(this.watch);
          this.watch = undefined;
        }
        for (const exchange of this.underWay)
          if (Date.now() - exchange.since > wholeMs) exchange.abort(new Error(`no whole answer within ${wholeMs} ms`));
      },
      Math.max(20, wholeMs / 10),
    ).unref();
  }
}

/** One request and its answer, below undici's streams: a body here is read whole, and has a size that is known not to be exceeded. */
class Exchange implements Dispatcher.DispatchHandler {
  ended: (answer?: Pick<Answer, 'status' | 'headers'>) => void = () => undefined;
  readonly since = Date.now();
  private controller: Dispatcher.DispatchController | undefined;
  private aborted: Error | undefined;
  status = 0;
  headers: IncomingHttpHeaders = {};
  private first: Buffer | undefined; // nearly always the only one
  private more: Buffer[] | undefined;
  private size = 0;

  constructor(
    private readonly limit: number,
    private readonly resolve: (answer: Answer) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  abort(reason: Error): void {
    this.aborted = reason;
    this.controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.aborted) controller.abort(this.aborted);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.limit) return controller.abort(new Error(`an answer of more than ${this.limit} bytes`));
    if (!this.first) this.first = chunk;
    else (this.more ??= [this.first]).push(chunk);
  }

  onResponseEnd(): void {
    this.ended(this);
    try {
      const body = this.more ? Buffer.concat(this.more) : this.first;
      this.resolve({
        status: this.status,
        headers: this.headers,
        body: body ? textOf(body, this.headers, this.limit) : '',
      });
    } catch (error) {
      this.reject(error as Error);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.ended();
    this.reject(this.aborted ?? error);
  }
}

function urlOf(baseUrl: string): URL {
  if (!URL.canParse(baseUrl)) throw new Failure('TargetAddressRefused', 'The base URL is none.');
  return new URL(baseUrl);
}

function unavailable(error: unknown): Failure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof Failure) return cause;
  const { code, message } = error as { code?: string; message?: string };
  return new Failure('TargetUnavailable', `${message || 'No answer'}${code ? ` (${code})` : ''}.`, { cause: error });
}
