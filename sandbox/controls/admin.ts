import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Controls } from './controls';
import { Refused } from './refused';

export interface AdminRequest {
  /** The parsed JSON body; an empty body is `{}`. */
  body: unknown;
  query: URLSearchParams;
}

/** Answers what becomes JSON, or `Lines`. Throws `Refused` for 400. */
export type AdminRoute = (request: AdminRequest) => unknown;

/** An answer of one JSON value per line (NDJSON), written as it is made. */
export class Lines {
  constructor(readonly values: Iterable<unknown>) {}
}

export interface AdminOptions {
  controls: Controls;
  /** The server's own routes, by method and path: `POST /hire`. */
  routes?: Readonly<Record<string, AdminRoute>>;
  /** 0 (default): any free port. */
  port?: number;
}

export interface Admin {
  /** `http://127.0.0.1:PORT` */
  origin: string;
  close(): Promise<void>;
}

/** The admin port of one sandbox server, on loopback only. `GET /` lists its routes. */
export async function startAdmin({ controls, routes = {}, port = 0 }: AdminOptions): Promise<Admin> {
  const all: Record<string, AdminRoute> = { ...controlRoutes(controls), ...routes };
  all['GET /'] = () => ({ routes: Object.keys(all), faultKinds: controls.faults.kinds, latencyClasses: controls.latency.classes });
  const server = createServer((request, response) => void serve(all, request, response));
  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', ready);
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => closeServer(server) };
}

/** Stops listening and drops what is still connected. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed());
    server.closeAllConnections();
  });
}

function controlRoutes({ counts, faults, latency }: Controls): Record<string, AdminRoute> {
  return {
    'GET /counts': () => counts.report(),
    'DELETE /counts': () => {
      counts.reset();
      return counts.report();
    },
    'GET /faults': () => faults.list(),
    'POST /faults': ({ body }) => (Array.isArray(body) ? faults.addAll(body) : faults.add(body)),
    'DELETE /faults': ({ query }) => ({ removed: faults.remove(query.get('id') ?? query.get('kind') ?? undefined) }),
    'GET /latency': () => latency.all(),
    'POST /latency': ({ body }) => latency.set(body),
  };
}

async function serve(routes: Record<string, AdminRoute>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://admin');
    const route = routes[`${request.method} ${url.pathname}`];
    if (!route)
      return json(response, 404, { faults: [`no route ${request.method} ${url.pathname}; there are ${Object.keys(routes).join(', ')}`] });
    const result = await route({ body: await bodyOf(request), query: url.searchParams });
    if (result instanceof Lines) return await lines(response, result);
    json(response, 200, result ?? {});
  } catch (error) {
    if (response.headersSent) response.destroy();
    else if (error instanceof Refused) json(response, 400, { faults: error.faults });
    else json(response, 500, { faults: [error instanceof Error ? error.message : String(error)] });
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8').trim();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(['the body is not JSON']);
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}

async function lines(response: ServerResponse, { values }: Lines): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  try {
    await pipeline(Readable.from(blocks(values)), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error; // whoever asked has gone
  }
}

/** A write costs more than a line: several at once. */
function* blocks(values: Iterable<unknown>): Generator<string> {
  let block = '';
  for (const value of values) {
    block += `${JSON.stringify(value)}\n`;
    if (block.length < 65_536) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}
