/** What is asked of Graph, by a request of its own or an item of a batch. */
export interface Question {
  method: string;
  /** Without `/v1.0` and query; segments are still URL-encoded. */
  path: string;
  query: URLSearchParams;
  /** As it was asked for, for next links. */
  origin: string;
  /** Path and query as in the request line, which faults are matched against. */
  url: string;
  eventual: boolean;
  body?: unknown;
}

/** A question, and what whoever asks may know. */
export interface GraphRequest extends Question {
  /** What is granted to the application as the request comes. */
  granted: ReadonlySet<string>;
  /** Of that, what the token names too. */
  permissions: ReadonlySet<string>;
}

export interface GraphAnswer {
  status: number;
  /** Ready-made JSON, or text where `contentType` says so; none for 204. */
  text?: string;
  contentType?: string;
  headers?: Record<string, string>;
}

/** A refusal by Graph: an HTTP status with `{"error": {"code", "message"}}`. */
export class GraphRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'GraphRefusal';
  }

  with(headers: Record<string, string>): GraphRefusal {
    return new GraphRefusal(this.status, this.code, this.message, { ...this.headers, ...headers });
  }
}

export const badRequest = (message: string) => new GraphRefusal(400, 'Request_BadRequest', message);
export const unsupported = (message: string) => new GraphRefusal(400, 'Request_UnsupportedQuery', message);
export const denied = () => new GraphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
export const notFound = (id: string) =>
  new GraphRefusal(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

export function errorText({ code, message }: { code: string; message: string }, requestId: string, clientRequestId: string): string {
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': requestId, 'client-request-id': clientRequestId };
  return JSON.stringify({ error: { code, message, innerError } });
}

export const answer = (value: unknown, status = 200): GraphAnswer => ({ status, text: JSON.stringify(value) });
