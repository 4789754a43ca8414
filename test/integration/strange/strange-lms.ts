import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { Refused, StrangeAccounts, type User } from './strange-accounts';
import { usual, type Habits } from './strange-habits';

/** An LMS on loopback that shares no code with the sandbox's, nor with what it tests: one habit at a time, or many together. */
export interface StrangeLms {
  baseUrl: string;
  token: string;
  accounts: StrangeAccounts;
  /** Every request, and how it was answered. */
  asked: { method: string; path: string; status: number }[];
  writes(): number;
  close(): Promise<void>;
}

export async function startStrangeLms(changes: Partial<Habits> = {}): Promise<StrangeLms> {
  const habits: Habits = { ...usual, ...changes };
  const accounts = new StrangeAccounts(habits);
  const asked: StrangeLms['asked'] = [];
  let budget = habits.limit?.requests ?? Infinity;
  let budgetResetsAt = 0;

  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const answer = answerTo(request, Buffer.concat(pieces).toString('utf8'));
      asked.push({ method: request.method ?? '', path: request.url ?? '', status: answer.status });
      setTimeout(() => send(response, answer), habits.slowMs);
    });
  });

  interface Answer {
    status: number;
    body?: unknown;
    headers?: Record<string, string>;
  }

  function answerTo(request: IncomingMessage, text: string): Answer {
    const url = new URL(request.url ?? '/', 'http://x');
    const path = url.pathname.replace(/^\/scim\/v2/, '');
    const limited = habits.limit && overLimit();
    if (limited) return limited;
    if (request.headers.authorization !== 'Bearer strange-token') return { status: 401, body: problem(401, 'no token') };
    if (habits.redirects && path.startsWith('/Users')) return { status: 307, headers: { location: `/elsewhere${path}` } };
    if (path === '/ServiceProviderConfig' || path === '/Schemas' || path === '/ResourceTypes') {
      return habits.discovery ? { status: 200, body: discovery(path) } : { status: 404, body: problem(404, 'no such thing') };
    }
    const instead = habits.instead?.(request.method ?? '', path, text);
    if (instead) return instead;
    try {
      return route(request, url, path, text);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { status: error.status, body: problem(error.status, error.message, error.scimType) };
    }
  }

  function route({ method = '', headers }: IncomingMessage, url: URL, path: string, text: string): Answer {
    const [, , id] = path.split('/').map(decodeURIComponent);
    if (id === undefined) {
      if (method === 'GET') return { status: 200, body: list(url.searchParams) };
      if (method !== 'POST') throw new Refused(405, 'no');
      const user = accounts.create(parsed(text));
      const location = { location: `${base()}/Users/${encodeURIComponent(String(user.id))}` };
      switch (habits.createAnswers) {
        case 'nothing':
          return { status: 201 };
        case 'location':
          return { status: 201, headers: location };
        case 'ok':
          return { status: 200, body: accounts.shown(user) };
        case 'id':
          return { status: 201, body: { id: user.id } };
        case 'created':
          return { status: 201, headers: { ...location, ...etag(user) }, body: accounts.shown(user) };
      }
    }
    if (method === 'GET') {
      const user = accounts.get(id);
      return { status: 200, headers: etag(user), body: accounts.shown(user) };
    }
    if (method !== 'PATCH' && method !== 'PUT') throw new Refused(405, 'no');
    if (method === 'PATCH' && habits.patch !== 'works') throw new Refused(habits.patch, 'PATCH is not to be had');
    if (method === 'PUT' && !habits.put) throw new Refused(405, 'no PUT');
    const user = accounts.get(id, habits.unknownId);
    if (habits.etags !== 'none') {
      const match = headers['if-match'];
      if (match === undefined && habits.etags !== 'checked')
        throw new Refused(habits.etags === 'required412' ? 412 : 428, 'which version?');
      if (match !== undefined && match !== '*' && match !== etag(user).etag) throw new Refused(412, 'another version');
    }
    const changed = method === 'PUT' ? accounts.replace(user, parsed(text)) : accounts.patch(user, parsed(text));
    switch (habits.changeAnswers) {
      case 'nothing':
        return { status: 204 };
      case 'empty':
        return { status: 200 };
      case 'braces':
        return { status: 200, body: {} };
      case 'before':
        return { status: 200, body: accounts.shownBefore(changed) };
      case 'user':
        return { status: 200, headers: etag(changed), body: accounts.shown(changed) };
    }
  }

  function list(query: URLSearchParams): unknown {
    const count = query.get('count');
    if (count !== null && typeof habits.count === 'object') throw new Refused(habits.count.fails, 'count');
    let users = accounts.matching(query.get('filter') ?? undefined);
    if (habits.shuffles)
      users = users
        .map((user) => ({ user, at: Math.random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ user }) => user);
    const total = users.length;
    const start = habits.ignoresStartIndex ? 1 : Math.max(1, Number(query.get('startIndex') ?? 1));
    const size = count === null || typeof habits.count === 'object' ? habits.defaultPage : Math.min(Number(count), habits.count);
    const from = Math.max(0, start - 1 - (start > 1 ? habits.repeatsRows : 0));
    const rows = users.slice(from, from + size).map((user) => accounts.shown(user));
    const number = (value: number) => (habits.numbersAsText ? String(value) : value);
    return {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      ...(habits.totalResults === 'right' && { totalResults: number(total) }),
      ...(habits.totalResults === 'page' && { totalResults: number(rows.length) }),
      ...(habits.totalResults === 'more' && { totalResults: number(total + 3) }),
      ...(habits.totalResults === 'none' && {}),
      ...(habits.pagingFields && { startIndex: number(start), itemsPerPage: number(rows.length) }),
      ...(rows.length === 0 && habits.noResourcesWhenNone ? {} : { Resources: rows }),
    };
  }

  function etag(user: User): Record<string, string> {
    return habits.etags === 'none' ? {} : { etag: accounts.version(user) };
  }

  function overLimit(): Answer | undefined {
    const { requests, windowMs, announces } = habits.limit as NonNullable<Habits['limit']>;
    const now = Date.now();
    if (now >= budgetResetsAt) [budget, budgetResetsAt] = [requests, now + windowMs];
    budget -= 1;
    if (budget >= 0) return undefined;
    const seconds = Math.ceil((budgetResetsAt - now) / 1000);
    const headers: Record<string, Record<string, string>> = {
      seconds: { 'retry-after': String(seconds) },
      date: { 'retry-after': new Date(now + seconds * 1000 + 999).toUTCString() },
      ratelimit: { 'ratelimit-limit': String(requests), 'ratelimit-remaining': '0', 'ratelimit-reset': String(seconds) },
      'x-ratelimit': { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(budgetResetsAt / 1000)) },
      nothing: {},
    };
    return { status: 429, headers: headers[announces], body: problem(429, 'slow down') };
  }

  function problem(status: number, detail: string, scimType?: string): unknown {
    switch (habits.errors) {
      case 'html':
        return `<!DOCTYPE html><html><body><h1>${status}</h1><p>Something happened</p></body></html>`;
      case 'words':
        return `<html><body>${detail}</body></html>`;
      case 'other':
        return { error: { code: status, message: detail } };
      case 'empty':
        return undefined;
      case 'scim':
        return { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail, ...(scimType && { scimType }) };
    }
  }

  function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
    const isText = typeof body === 'string';
    let bytes = Buffer.from(isText ? body : body === undefined ? '' : JSON.stringify(body));
    if (habits.bom && bytes.length > 0) bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    if (habits.latin1 && !isText && body !== undefined) bytes = Buffer.from(JSON.stringify(body), 'latin1');
    const packed =
      bytes.length === 0 ? bytes : habits.packs === 'gzip' ? gzipSync(bytes) : habits.packs === 'deflate' ? deflateSync(bytes) : bytes;
    const contentType = isText ? 'text/html' : habits.contentType;
    response.writeHead(status, {
      ...(bytes.length > 0 && { 'content-type': contentType }),
      ...(bytes.length > 0 && habits.packs !== 'none' && { 'content-encoding': habits.packs }),
      ...(habits.closes ? { connection: 'close' } : {}),
      ...(habits.chunked || status === 204 ? {} : { 'content-length': String(packed.length) }),
      ...headers,
    });
    for (let at = 0; habits.chunked && at < packed.length; at += 7) response.write(packed.subarray(at, at + 7));
    response.end(habits.chunked ? undefined : packed);
  }

  function parsed(text: string): User {
    if (habits.longestBody < text.length) throw new Refused(413, 'too long');
    return JSON.parse(text) as User;
  }

  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    baseUrl: base(),
    token: 'strange-token',
    accounts,
    asked,
    writes: () => asked.filter(({ method }) => method !== 'GET').length,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };

  function discovery(path: string): unknown {
    if (path === '/ServiceProviderConfig')
      return { patch: { supported: true }, filter: { supported: true, maxResults: 0 }, bulk: { supported: false } };
    if (path === '/ResourceTypes') return { Resources: [] };
    return { totalResults: 1, Resources: [{ id: habits.customSchema, attributes: [{ name: 'location', type: 'string' }] }] };
  }
}
