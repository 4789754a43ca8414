import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostAndPort } from './host-and-port';
import { scrubText } from './scrub';

/** Resolves when all is well, optionally with a word about it; rejects with the reason when not. */
export type Check = () => Promise<string | void>;

export interface HealthOptions {
  /** 0: any that is free. */
  port: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** What must be well for this process to be sent work, by name. */
  checks: Readonly<Record<string, Check>>;
  /** How long one check may take, and how long its answer is good for, in milliseconds. */
  timeoutMs?: number;
  freshMs?: number;
}

export interface HealthServer {
  url: string;
  close(): Promise<void>;
}

export interface Readiness {
  ready: boolean;
  checks: Record<string, { ok: boolean; says?: string }>;
}

/** `GET /health`: the process lives. `GET /ready`: it works and what it needs answers; otherwise 503 and each reason, as JSON. */
export async function startHealthServer({
  port,
  host = '127.0.0.1',
  checks,
  timeoutMs = 2_000,
  freshMs = 1_000,
}: HealthOptions): Promise<HealthServer> {
  const readiness = createReadiness(checks, timeoutMs, freshMs);
  const server = createServer((request, response) => {
    const path = request.url?.replace(/\?.*$/, '').replace(/(?<=.)\/$/, '');
    if (path !== '/health' && path !== '/ready') return answer(response, 404, { message: 'There are GET /health and GET /ready.' });
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, { message: 'GET is expected.' });
    if (path === '/health') return answer(response, 200, { alive: true, uptimeSeconds: Math.floor(process.uptime()) });
    readiness().then(
      (state) => answer(response, state.ready ? 200 : 503, state),
      (error: unknown) => answer(response, 500, { message: scrubText(String(error), { personal: false }) }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${hostAndPort(host, taken)}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** However often it is asked, each check runs once at a time, also one that hangs: probes must not be what brings a database down. */
export function createReadiness(
  checks: HealthOptions['checks'],
  timeoutMs: number,
  freshMs: number,
  now: () => number = Date.now,
): () => Promise<Readiness> {
  const running = new Map<string, Promise<string | void>>();
  let last: { at: number; state: Promise<Readiness> } | undefined;

  return function readiness() {
    if (!last || now() - last.at >= freshMs) last = { at: now(), state: ask() };
    return last.state;
  };

  async function ask(): Promise<Readiness> {
    const entries = await Promise.all(Object.keys(checks).map(async (name) => [name, await outcomeOf(name)] as const));
    return { ready: entries.every(([, { ok }]) => ok), checks: Object.fromEntries(entries) };
  }

  async function outcomeOf(name: string): Promise<{ ok: boolean; says?: string }> {
    try {
      const says = await withinTime(running.get(name) ?? start(name));
      return { ok: true, ...(says && { says }) };
    } catch (error) {
      return { ok: false, says: scrubText(error instanceof Error ? error.message : String(error), { personal: false }) };
    }
  }

  function start(name: string): Promise<string | void> {
    const check = Promise.resolve()
      .then(() => checks[name]?.())
      .finally(() => running.delete(name));
    running.set(name, check);
    check.catch(() => undefined); // whoever waits for it hears of it; after the time limit nobody does
    return check;
  }

  async function withinTime<T>(check: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([check, limit]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Every queue's worker takes tasks: `RUNNING`, or why not (it drains, it has failed). */
export function workerPolls(worker: { state(): Record<string, string> }): Check {
  return async () => {
    const idle = Object.entries(worker.state()).filter(([, state]) => state !== 'RUNNING');
    if (idle.length > 0)
      throw new Error(idle.map(([queue, state]) => `the worker on ${queue} takes no tasks: it is ${state.toLowerCase()}`).join('; '));
  };
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}
