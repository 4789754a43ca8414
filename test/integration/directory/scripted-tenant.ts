import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Endpoints } from '../../../adapters/directory/graph-directory';
import { makeCertificate } from '../../../sandbox/entra/certificate';

export interface Asked {
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string | undefined>;
  body: unknown;
}

export interface Scripted {
  status?: number;
  headers?: Record<string, string>;
  /** JSON; text and bytes as they are. */
  body?: unknown;
  /** Drops the line: before anything, or after half of the body. */
  drops?: 'before' | 'halfway';
  /** Never answers. */
  silent?: boolean;
}

/** A tenant that says exactly what a test wants it to, for what the sandbox's Entra would never do; over TLS as the real one. */
export interface ScriptedTenant {
  endpoints: Endpoints & { caPem: string };
  /** Requests to Graph, and how many tokens were asked for. */
  asked: Asked[];
  tokens: number;
  /** TLS connections that were made. */
  connections: number;
  graph: (asked: Asked) => Scripted;
  token: (asked: Asked) => Scripted;
  close(): Promise<void>;
}

export async function startScriptedTenant(): Promise<ScriptedTenant> {
  const { certificate, privateKey } = await makeCertificate();
  const server: Server = createServer({ key: privateKey, cert: certificate }, (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString('utf8');
      const headers = request.headers as Record<string, string | undefined>;
      const asked: Asked = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers,
        body: text.startsWith('{') ? JSON.parse(text) : text,
      };
      const scripted = answerOf(asked);
      if (scripted.silent) return;
      if (scripted.drops === 'before') return void request.socket.destroy();
      const body = bytesOf(scripted.body);
      response.writeHead(scripted.status ?? 200, {
        'content-type': 'application/json',
        'content-length': body.length,
        ...scripted.headers,
      });
      if (scripted.drops === 'halfway') response.write(body.subarray(0, body.length / 2), () => request.socket.destroy());
      else response.end(body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;

  const tenant: ScriptedTenant = {
    endpoints: { authority: origin, graph: origin, caPem: certificate },
    asked: [],
    tokens: 0,
    connections: 0,
    graph: () => ({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } }),
    token: () => ({ body: { token_type: 'Bearer', expires_in: 3600, access_token: tokenNamed(tenant.tokens) } }),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };

  server.on('secureConnection', () => tenant.connections++);
  function answerOf(asked: Asked): Scripted {
    if (asked.path.startsWith('/v1.0/')) {
      tenant.asked.push(asked);
      return tenant.graph(asked);
    }
    const [, name = ''] = asked.path.split('/');
    if (asked.path.includes('/.well-known/')) return { body: discovery(origin, name) };
    tenant.tokens++;
    return tenant.token(asked);
  }

  return tenant;
}

/** A token of the usual form whose permissions can be read; nothing checks its signature. */
export function tokenNamed(number: number, roles = ['User.Read.All', 'GroupMember.Read.All']): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ roles, number })}.x`;
}

function bytesOf(body: unknown = {}): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function discovery(origin: string, tenant: string) {
  return {
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    issuer: `${origin}/${tenant}/v2.0`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
  };
}
