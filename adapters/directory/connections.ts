import { Agent, fetch, type RequestInit, type Response } from 'undici';

/** How long one request may take, in milliseconds: to connect, to answer, between two pieces of the body, and in all. */
export interface Timeouts {
  connectMs: number;
  headersMs: number;
  bodyMs: number;
  totalMs: number;
}

export const defaultTimeouts: Timeouts = { connectMs: 10_000, headersMs: 45_000, bodyMs: 30_000, totalMs: 120_000 };

/** No page of 999 members comes near it; whoever answers more is broken or means harm. */
export const largestAnswer = 32 * 1024 * 1024;

/** An answer, read whole: its body is bytes, because most pages are never parsed. */
export interface WholeAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
}

/** Why no whole answer came. `cutOff`: it had begun. Never reaches a caller of the adapter. */
export class NoAnswer extends Error {
  constructor(
    readonly detail: string,
    readonly cutOff: boolean,
    cause?: unknown,
  ) {
    super(detail, { cause });
  }
}

/** Kept-alive connections to one side, with limits on time and size, and no redirects. */
export class Connections {
  private agent: Agent;

  constructor(
    private readonly caPem?: string,
    private readonly timeouts: Timeouts = defaultTimeouts,
  ) {
    this.agent = this.newAgent();
  }

  /** Microsoft: after a 503 come back by another connection, for the old one leads to the same broken server. Requests on their way end as they would have. */
  renew(): void {
    const old = this.agent;
    this.agent = this.newAgent();
    // close() waits for what is in flight; that it fails can only mean that it was closed already.
    old.close().catch(() => undefined);
  }

  /** Sends one request. Throws `signal`'s reason when it is aborted, else `NoAnswer`. */
  async send(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
    try {
      return await fetch(url, { ...init, signal, dispatcher: this.agent, redirect: 'manual' });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw new NoAnswer(`No answer: ${reasonOf(error)}.`, false, error);
    }
  }

  /** Runs `work` with a signal that also ends when the time for one request is over. */
  async withinTime<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort(new NoAnswer(`No whole answer within ${this.timeouts.totalMs} ms.`, false));
    }, this.timeouts.totalMs);
    // Not AbortSignal.any: on Node 20 each call leaves something behind on a signal that lives as long as the run.
    const pass = () => limit.abort(signal.reason);
    signal.addEventListener('abort', pass, { once: true });
    try {
      return await work(limit.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', pass);
    }
  }

  private newAgent(): Agent {
    const { connectMs, headersMs, bodyMs } = this.timeouts;
    return new Agent({
      connect: { timeout: connectMs, ...(this.caPem === undefined ? {} : { ca: this.caPem }) },
      headersTimeout: headersMs,
      bodyTimeout: bodyMs,
      keepAliveTimeout: 10_000,
      maxResponseSize: largestAnswer,
    });
  }
}

/** Reads the body to its end. Throws `signal`'s reason, or `NoAnswer` when it breaks off or is too large (after unpacking, too). */
export async function readWhole(response: Response, signal: AbortSignal): Promise<WholeAnswer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of response.body ?? []) {
      size += (piece as Uint8Array).byteLength;
      if (size > largestAnswer) throw new NoAnswer(`The answer is larger than ${largestAnswer} bytes.`, false);
      pieces.push(piece as Uint8Array);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer(`The answer broke off: ${reasonOf(error)}.`, true, error);
  }
  return { status: response.status, headers: response.headers as unknown as Headers, body: Buffer.concat(pieces, size) };
}

/** The code at the bottom (ECONNREFUSED, UND_ERR_HEADERS_TIMEOUT, CERT_HAS_EXPIRED): fetch hides it below "fetch failed" or "terminated". */
function reasonOf(error: unknown): string {
  let reason = 'the connection failed';
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string') reason = code;
  }
  return reason;
}
