import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent, request } from 'undici';

/** How long one request may take, in milliseconds: to connect, to answer, between two pieces of the body, and in all. */
export interface Timeouts {
  connectMs: number;
  headersMs: number;
  bodyMs: number;
  totalMs: number;
}

export const defaultTimeouts: Timeouts = { connectMs: 10_000, headersMs: 45_000, bodyMs: 30_000, totalMs: 120_000 };

/** Bytes, packed and unpacked. No page of 999 members comes near it; whoever answers more is broken or means harm. */
export const largestAnswer = 32 * 1024 * 1024;

export interface Sent {
  method: string;
  headers?: Record<string, string>;
  body?: string;
}

/** An answer, read whole: its body is bytes, because most pages are never parsed. */
export interface WholeAnswer {
  status: number;
  /** By lower-case name. */
  headers: Record<string, string>;
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

const unpack = promisify(gunzip);

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

  /** Sends one request and reads the answer to its end. Throws `signal`'s reason when it is aborted, else `NoAnswer`. */
  async ask(url: string, sent: Sent, signal: AbortSignal): Promise<WholeAnswer> {
    signal.throwIfAborted();
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort(new NoAnswer(`No whole answer within ${this.timeouts.totalMs} ms.`, false));
    }, this.timeouts.totalMs);
    // Not AbortSignal.any: on Node 20 each call leaves something behind on a signal that lives as long as the run.
    const pass = () => limit.abort(signal.reason);
    signal.addEventListener('abort', pass, { once: true });
    try {
      return await this.exchange(url, sent, limit.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', pass);
    }
  }

  /** `request`, not `fetch`: the same page costs the thread half as much (docs of undici: fetch goes through web streams). */
  private async exchange(url: string, { method, headers, body }: Sent, signal: AbortSignal): Promise<WholeAnswer> {
    let begun = false;
    try {
      const answer = await request(url, {
        method: method as 'GET',
        headers: { ...headers, 'accept-encoding': 'gzip' },
        body,
        signal,
        dispatcher: this.agent,
      });
      begun = true;
      const flat = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
      const bytes = Buffer.from(await answer.body.arrayBuffer());
      return { status: answer.statusCode, headers: flat, body: await unpacked(bytes, flat['content-encoding']) };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw noAnswer(error, begun);
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

/** Off the thread; a few bytes that unpack to gigabytes end at the limit. */
async function unpacked(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity' || bytes.length === 0) return bytes;
  if (encoding !== 'gzip') throw new NoAnswer('The answer is packed in a way that was not asked for.', false);
  return unpack(bytes, { maxOutputLength: largestAnswer });
}

function noAnswer(error: unknown, begun: boolean): NoAnswer {
  if (error instanceof NoAnswer) return error;
  const reason = reasonOf(error);
  if (tooLarge.has(reason)) return new NoAnswer(`The answer is larger than ${largestAnswer} bytes.`, false, error);
  return begun ? new NoAnswer(`The answer broke off: ${reason}.`, true, error) : new NoAnswer(`No answer: ${reason}.`, false, error);
}

const tooLarge = new Set(['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'ERR_BUFFER_TOO_LARGE']);

/** The code at the bottom, such as ECONNREFUSED, UND_ERR_HEADERS_TIMEOUT or CERT_HAS_EXPIRED. */
function reasonOf(error: unknown): string {
  let reason = 'the connection failed';
  for (let at = error; typeof at === 'object' && at !== null; at = (at as { cause?: unknown }).cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string') reason = code;
  }
  return reason;
}
