import { randomUUID } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { makeCertificate } from '../../../sandbox/entra/certificate';

export interface Someone {
  id: string;
  userPrincipalName: string;
  accountEnabled: boolean;
  managerId?: string;
  [attribute: string]: unknown;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** JSON; text as it is. */
  body?: unknown;
  /** Breaks the line after so many bytes, however many were promised. */
  cutAt?: number;
  /** Promises another length than it sends. */
  lengthOff?: number;
}

export interface Request {
  method: string;
  path: string;
  /** Pages of members that were answered before this one, in all. */
  pages: number;
  token: number;
}

/** What a tenant of the wild may do: each is asked before (or after) the honest answer, and may answer otherwise. */
export interface TenantHabits {
  /** In the place of the honest answer. */
  instead?: (request: Request) => Answer | undefined;
  token?: (times: number) => Answer | undefined;
  /** What becomes of one page of members. */
  page?: (page: { value: Record<string, unknown>[]; '@odata.nextLink'?: string; [name: string]: unknown }, n: number) => unknown;
  /** What a batch's item is answered. */
  item?: (url: string, answer: Answer) => Answer;
  pageSize?: number;
}

/** A directory over TLS that shares nothing with the sandbox's but its way of making a certificate. */
export async function startStrangeTenant(habits: TenantHabits = {}) {
  const { certificate, privateKey } = await makeCertificate();
  const tenantId = randomUUID();
  const groupId = randomUUID();
  const people = new Map<string, Someone>();
  const members: string[] = [];
  const deleted = new Set<string>();
  /** Not users: devices, contacts, service principals. */
  const others = new Map<string, Record<string, unknown>>();
  let pages = 0;
  let tokens = 0;
  const asked: string[] = [];

  const server = createServer({ key: privateKey, cert: certificate }, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const path = request.url ?? '';
      const text = Buffer.concat(pieces).toString('utf8');
      const method = request.method ?? '';
      if (!path.startsWith('/v1.0/')) return send(response, signIn(path));
      asked.push(`${method} ${path}`);
      const token = Number(/token-(\d+)/.exec(request.headers.authorization ?? '')?.[1] ?? 0);
      const instead = tenant.habits.instead?.({ method, path, pages, token });
      send(response, instead ?? graph(path.slice('/v1.0'.length), text));
    });
  });

  function signIn(path: string): Answer {
    if (path.includes('/.well-known/'))
      return {
        body: {
          token_endpoint: `${origin()}/${tenantId}/oauth2/v2.0/token`,
          authorization_endpoint: `${origin()}/${tenantId}/oauth2/v2.0/authorize`,
          issuer: `${origin()}/${tenantId}/v2.0`,
          jwks_uri: `${origin()}/${tenantId}/keys`,
        },
      };
    tokens += 1;
    return tenant.habits.token?.(tokens) ?? { body: { token_type: 'Bearer', expires_in: 3599, access_token: `token-${tokens}` } };
  }

  function graph(path: string, text: string): Answer {
    if (path === '/$batch') {
      const { requests } = JSON.parse(text) as { requests: { id: string; method: string; url: string; body?: unknown }[] };
      const responses = requests.map((one) => {
        const honest = graph(one.url, JSON.stringify(one.body));
        const { status = 200, headers, body } = tenant.habits.item?.(one.url, honest) ?? honest;
        return { id: one.id, status, ...(headers && { headers }), body };
      });
      return { body: { responses: responses.reverse() } };
    }
    const url = new URL(path, 'https://graph');
    const [, kind, id = '', part] = url.pathname.split('/').map(decodeURIComponent);
    if (kind === 'groups') {
      if (id !== groupId) return missing();
      if (part === undefined) return { body: { id: groupId, displayName: 'Everybody', securityEnabled: true } };
      return { body: membersPage(url) };
    }
    if (kind === 'directory') return deleted.has(part ?? '') ? { body: { id: part } } : missing();
    const someone = people.get(id);
    if (!someone || deleted.has(id)) return missing();
    if (part === 'checkMemberGroups') return { body: { value: members.includes(id) ? [groupId] : [] } };
    if (part === 'memberOf') return { body: { value: members.includes(id) ? [{ id: groupId }] : [] } };
    return { body: shown(someone, true) };
  }

  function membersPage(url: URL): unknown {
    const query = url.searchParams;
    const all = members.filter((id) => !deleted.has(id));
    const from = Number(query.get('$skiptoken') ?? 0);
    const size = tenant.habits.pageSize ?? Number(query.get('$top') ?? 100);
    const isCast = url.pathname.endsWith('microsoft.graph.user');
    const withManager = (query.get('$expand') ?? '').includes('manager');
    const value = all.slice(from, from + size).flatMap((id) => {
      const other = others.get(id);
      return other ? (isCast ? [] : [other]) : [shown(people.get(id) as Someone, withManager)];
    });
    const next = new URL(url);
    next.searchParams.set('$skiptoken', String(from + size));
    const page = {
      '@odata.context': `${origin()}/v1.0/$metadata#users`,
      ...(from + size < all.length && { '@odata.nextLink': `${origin()}/v1.0${next.pathname}${next.search}` }),
      value,
    };
    const n = (pages += 1);
    return tenant.habits.page?.(page, n) ?? page;
  }

  function shown({ managerId, ...attributes }: Someone, withManager: boolean): Record<string, unknown> {
    const boss = managerId === undefined ? undefined : (people.get(managerId) ?? others.get(managerId));
    return {
      ...attributes,
      ...(withManager && boss && { manager: { '@odata.type': '#microsoft.graph.user', ...boss, managerId: undefined } }),
    };
  }

  function send(response: ServerResponse, { status = 200, headers, body = {}, cutAt, lengthOff = 0 }: Answer): void {
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length + lengthOff, ...headers });
    if (cutAt !== undefined || lengthOff > 0) response.write(bytes.subarray(0, cutAt ?? bytes.length), () => response.destroy());
    else response.end(bytes);
  }

  const missing = (): Answer => ({ status: 404, body: { error: { code: 'Request_ResourceNotFound', message: 'x' } } });
  const origin = () => `https://localhost:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));

  const tenant = {
    habits,
    tenantId,
    groupId,
    clientId: randomUUID(),
    clientSecret: 'strange-secret',
    origin: origin(),
    ca: certificate,
    people,
    members,
    deleted,
    others,
    asked,
    tokens: () => tokens,
    /** Somebody new, in the group. */
    hire(name: string, attributes: Partial<Someone> = {}): Someone {
      const someone: Someone = {
        id: randomUUID(),
        userPrincipalName: `${name}@strange.example`,
        mail: `${name}@strange.example`,
        givenName: name,
        surname: 'Strange',
        displayName: `${name} Strange`,
        jobTitle: 'Fitter',
        department: 'Works',
        officeLocation: 'Perth',
        userType: 'Member',
        accountEnabled: true,
        ...attributes,
      };
      people.set(someone.id, someone);
      members.push(someone.id);
      return someone;
    },
    leave(id: string): void {
      members.splice(members.indexOf(id), 1);
    },
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return tenant;
}
export type StrangeTenant = Awaited<ReturnType<typeof startStrangeTenant>>;
