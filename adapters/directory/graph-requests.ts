import {
  AuthenticationHandler,
  AuthenticationHandlerOptions,
  Client,
  GraphClientError,
  ResponseType,
  type Context,
  type Middleware,
} from '@microsoft/microsoft-graph-client';
import type { Failure } from '../../domain/failure';
import { NoAnswer, type Connections, type Sent, type WholeAnswer } from './connections';
import { graphFailure, refusalOf, unansweredFailure, type Refusal } from './graph-failures';
import type { SignIn } from './sign-in';

export interface GraphRequestsOptions {
  /** Origin. */
  graph: string;
  signIn: SignIn;
  connections: Connections;
  /** Called for every request that leaves for Graph, repetitions too. */
  onRequest?: () => void;
}

export interface GraphCall {
  /** Below /v1.0, or a whole link that Graph gave. */
  path: string;
  headers?: Record<string, string>;
  /** Makes it a POST, as JSON. */
  body?: unknown;
}

/** The Graph client lets only its own kind of error pass unchanged, so others travel inside of one. */
function carried(original: unknown): GraphClientError {
  const carrier = new GraphClientError('carried');
  carrier.customError = original;
  return carrier;
}

/** Requests to Graph by its own client, without its retry middleware: retrying is Temporal's, and two layers are one too many. */
export class GraphRequests {
  private readonly client: Client;
  readonly origin: string;

  constructor(private readonly options: GraphRequestsOptions) {
    const { hostname, origin } = new URL(options.graph);
    this.origin = origin;
    const authentication = new AuthenticationHandler({ getAccessToken: () => Promise.reject(new Error('each request brings its own')) });
    authentication.setNext(new Transport(options));
    // Without customHosts the client calls an unknown host without a token, and does not say so.
    this.client = Client.initWithMiddleware({ middleware: authentication, baseUrl: `${origin}/`, customHosts: new Set([hostname]) });
  }

  /** The whole address of a link that Graph gave; nothing where it leads elsewhere. Links may be relative to the service (OData 4.01 JSON, 4.5.1). */
  resolve(link: string): string | undefined {
    const base = `${this.origin}/v1.0/`;
    if (!URL.canParse(link, base)) return undefined;
    const url = new URL(link, base);
    return url.origin === this.origin ? (URL.canParse(link) ? link : url.href) : undefined;
  }

  /** An answer of 2xx, read whole; anything else is the failure it means. */
  async ask(call: GraphCall, signal: AbortSignal): Promise<WholeAnswer> {
    const answer = await this.tryToAsk(call, signal);
    if ('refusal' in answer) throw graphFailure(answer.refusal);
    return answer;
  }

  /** As `ask`, for those who can make something of a refusal. Throws when no answer came. */
  async tryToAsk(call: GraphCall, signal: AbortSignal): Promise<WholeAnswer | { refusal: Refusal; failure: Failure }> {
    const { signIn, connections } = this.options;
    let token = await signIn.token(signal);
    let answer = await this.once(call, token, signal);
    if (answer.status === 401) {
      token = await signIn.token(signal, token); // expired or revoked on the way: once more with a new one
      answer = await this.once(call, token, signal);
    }
    if (answer.status === 503) connections.renew();
    if (answer.status >= 200 && answer.status < 300) return answer;
    const { headers } = answer;
    const refusal = refusalOf(answer.status, jsonOrNothing(answer.body), (name) => headers[name]);
    return { refusal, failure: graphFailure(refusal) };
  }

  private async once({ path, headers, body }: GraphCall, token: string, signal: AbortSignal): Promise<WholeAnswer> {
    const request = this.client
      .api(path)
      .responseType(ResponseType.RAW) // the client hands on what the transport made, and reads nothing of it
      .option('signal', signal)
      .middlewareOptions([new AuthenticationHandlerOptions({ getAccessToken: () => Promise.resolve(token) })]);
    if (headers) request.headers(headers);
    try {
      return (await (body === undefined ? request.get() : request.post(body))) as WholeAnswer;
    } catch (error) {
      const original: unknown = error instanceof GraphClientError ? (error.customError ?? error) : error;
      throw original instanceof NoAnswer ? unansweredFailure(original) : original;
    }
  }
}

/** The end of the client's chain: our connections instead of the global fetch. */
class Transport implements Middleware {
  constructor(private readonly options: GraphRequestsOptions) {}

  async execute(context: Context): Promise<void> {
    const { method, headers, body, signal } = context.options as Sent & { signal: AbortSignal };
    try {
      if (!headers?.Authorization) throw new Error('the Graph client left the token out');
      this.options.onRequest?.();
      const answer = await this.options.connections.ask(context.request as string, { method, headers, body }, signal);
      context.response = answer as unknown as Context['response'];
    } catch (error) {
      throw carried(error);
    }
  }
}

function jsonOrNothing(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
