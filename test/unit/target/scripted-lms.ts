import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEgressPolicy } from '../../../adapters/target/egress';
import { createScimTarget } from '../../../adapters/target/scim/scim-target';
import type { Target, TargetMemory } from '../../../adapters/target/target';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Text is sent as it is. */
  body?: unknown;
}

export const signal = new AbortController().signal;
/** For whoever is to ask again without delay. */
export const soon = { 'retry-after': '0.01' };

/** An LMS that answers whatever a test says, and the target that speaks to it; both are there within tests. */
export function scriptedLms() {
  let server: Server;
  let target: Target | undefined;
  const lms = {
    answer: (_asked: Asked): Answer => ({ status: 404 }),
    /** Of an LMS of which nothing is known but where it is, and what custom fields there are: none. */
    open(memory: TargetMemory = {}, token = 'top-secret'): Target {
      const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return (target = createScimTarget({
        configuration: { type: 'scim', baseUrl, customFieldsSchema: 'urn:x', concurrency: 4 },
        token,
        memory: { server: baseUrl, customFields: {}, ...memory },
        egress: createEgressPolicy('127.0.0.1'),
      }));
    },
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://lms');
        const {
          status = 200,
          headers,
          body,
        } = lms.answer({ method: request.method ?? '', path, query, body: String(Buffer.concat(pieces)) });
        response.writeHead(status, { 'content-type': 'application/scim+json', ...headers });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    }).listen(0, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
  });
  afterEach(async () => {
    await target?.close();
    target = undefined;
  });
  afterAll(() => new Promise((closed) => server.close(closed).closeAllConnections()));
  return lms;
}
