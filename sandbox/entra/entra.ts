import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chance } from '../controls/chance';
import { closeServer, Lines, startAdmin, type AdminRoute } from '../controls/admin';
import { controlled } from '../controls/controlled';
import { createControls, type Controls } from '../controls/controls';
import type { PopulationOptions } from '../people/population';
import { AccessTokens } from './access-tokens';
import { Applications } from './applications';
import { makeCertificate } from './certificate';
import { applyChange, changes, type ChangeName, type Changes } from './changes';
import { Graph } from './graph';
import { GraphRouter } from './graph-router';
import { TenantHabits, type Habits, type HabitsOptions } from './habits';
import { Journal } from './journal';
import { PageTokens } from './page-tokens';
import { Quota, type QuotaOptions } from './quota';
import { instanceDiscovery, issueToken, openIdConfiguration, signingKeys, type SignInContext, type TokenAnswer } from './sign-in';
import { revokeFor, signInFaultKinds } from './sign-in-faults';
import { Tenant } from './tenant';
import { UserJson } from './user-json';

/** Faults that only a directory has. The common ones concern Graph alone, unless `match.path` says otherwise. */
export const entraFaults = {
  emptyOk: '200 with an empty list (`value: []`), and no next link',
  emptyBody: '200 with no body at all; nothing was done',
  expiredPageToken: '400 Directory_ExpiredPageToken on a next link',
  ...signInFaultKinds,
  consentWithdrawn:
    'a permission is no longer granted, `with.permission`: User.Read.All (default: properties are null) or GroupMember.Read.All (403) …; from tokens, to Graph and in the list of assignments',
  memberFallsOut: 'a member is missing from a group’s lists of members though still a member: `with.id`, or the first of a later page',
  groupGone: 'the synced group answers 404 and is in nobody’s memberOf',
  hiddenMembership:
    'the synced group has a hidden membership, and who is in it is kept from callers without Member.Read.Hidden; `with.members`: "empty" answers an empty list instead of 403',
} as const;

/** The names by which Graph goes in Entra itself, besides its address here. */
const graphNames = ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'];

export interface EntraOptions extends HabitsOptions {
  /** Default: 1,200 awkward members from seed 1. */
  population?: PopulationOptions;
  /** 0 (default): any free port. */
  port?: number;
  adminPort?: number;
  tenantId?: string;
  clientId?: string;
  groupId?: string;
  clientSecret?: string;
  /** Of the client secret, ISO 8601. Default: 180 days from now. */
  secretExpiresAt?: string;
  /** Application permissions that are granted. Default: User.Read.All, GroupMember.Read.All, Application.Read.All. */
  permissions?: string[];
  /** Throttling by resource units. Default: as Graph throttles a tenant of this size; null: none. */
  quota?: QuotaOptions | null;
  /** A folder that keeps certificate, identity and all changes, so that the next start goes on from there. Default: nothing is kept. */
  keepIn?: string;
}

/** What a client needs to know, and how to turn the knobs. */
export interface Entra extends Changes {
  /** `https://localhost:PORT`: authority is `{origin}/{tenantId}`, Graph is `{origin}/v1.0`. */
  origin: string;
  adminOrigin: string;
  /** A PEM file for NODE_EXTRA_CA_CERTS, and its text. */
  caPath: string;
  ca: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  groupId: string;
  controls: Controls;
  tenant: Tenant;
  applications: Applications;
  habits(): Habits;
  /** Changes some habits and leaves the others. Throws `Refused`. */
  setHabits(changes: Partial<Habits>): Habits;
  setTokenLifetime(ms: number): void;
  /** Graph takes no token that was issued before. */
  revokeTokens(): void;
  close(): Promise<void>;
}

/** A tenant of Microsoft Entra with its token endpoint and Graph v1.0, on loopback. */
export async function startEntra(options: EntraOptions = {}): Promise<Entra> {
  const population = options.population ?? { size: 1_200, seed: 1 };
  const journal = options.keepIn === undefined ? undefined : new Journal(options.keepIn);
  const kept = await journal?.identity(async () => ({ ...identityOf(options, population), ...(await makeCertificate()), population }));
  const identity = kept ?? { ...identityOf(options, population), ...(await makeCertificate()), population };
  const { tenantId, clientId, clientSecret, groupId } = identity;
  let origin = '';
  const accessTokens = new AccessTokens(tenantId, `https://sts.windows.net/${tenantId}/`, () => [origin, ...graphNames]);
  const controls = createControls({
    kinds: entraFaults,
    latencyClasses: ['token', 'page', 'read', 'batch'],
    unlessMatched: /^\/v1\.0\//,
    whenArmed: (rule) => revokeFor(rule, accessTokens),
  });
  const habits = new TenantHabits(options);
  const tenant = new Tenant(identity.population, groupId);
  const applications = new Applications(clientId, options.permissions ?? ['User.Read.All', 'GroupMember.Read.All', 'Application.Read.All']);
  applications.addSecret({ value: clientSecret, startDateTime: identity.secretStartsAt, endDateTime: identity.secretExpiresAt });
  for (const { at, name, asked } of journal?.entries() ?? []) applyChange({ tenant, applications, at }, name, asked);

  const users = new UserJson(tenant);
  const graphContext = {
    tenant,
    applications,
    users,
    controls,
    tokens: new PageTokens(() => habits.all().pageTokenLifetimeMs),
    habits: () => habits.all(),
  };
  const throttleScope = `Tenant_Application/ReadWrite/${clientId}/${tenantId}`;
  const router = new GraphRouter(tenantId);
  const quota = new Quota(options.quota, () => tenant.people.size, throttleScope);
  const graph = new Graph(graphContext, router, accessTokens, quota, throttleScope);
  const signIn: SignInContext = {
    tenantId,
    applications,
    accessTokens,
    controls,
    origin: () => origin,
    tokenLifetimeMs: () => habits.all().tokenLifetimeMs,
  };

  const listener = controlled(
    {
      controls,
      actsOut: ['emptyOk'],
      classify: (method, url) => classify(router, method, url),
      errorBody(status, fault, _request, response) {
        const { text, headers } = graph.faultBody(status, fault);
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        return { contentType: 'application/json', body: text };
      },
    },
    serve(graph, signIn, controls, () => origin),
  );
  const server = createServer({ cert: identity.certificate, key: identity.privateKey, keepAliveTimeout: 65_000 }, listener);
  await listen(server, options.port ?? 0);
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;

  const apply = (name: string, asked: unknown) => {
    const at = new Date().toISOString();
    const result = applyChange({ tenant, applications, at }, name, asked);
    if (name === 'reset') users.clear();
    journal?.add({ at, name, asked });
    return result;
  };
  const names = Object.keys(changes) as ChangeName[];
  const admin = await startAdmin({
    controls,
    port: options.adminPort,
    routes: {
      ...Object.fromEntries(names.map((name): [string, AdminRoute] => [`POST /${name}`, ({ body }) => apply(name, body) ?? {}])),
      'GET /quota': () => quota.all(),
      'POST /quota': ({ body }) => quota.set(body),
      'GET /habits': () => habits.all(),
      'PATCH /habits': ({ body }) => habits.change(body),
      'POST /revokeTokens': () => accessTokens.revoke(),
      'GET /people': () => new Lines(everybody(tenant)),
      'GET /group': () => ({ ...tenant.group, members: tenant.group.members.all() }),
    },
  });
  const folder = options.keepIn ?? mkdtempSync(join(tmpdir(), 'rollcall-entra-'));
  const caPath = join(folder, 'ca.pem');
  writeFileSync(caPath, identity.certificate);

  return {
    ...(Object.fromEntries(names.map((name) => [name, (asked: unknown) => apply(name, asked)])) as unknown as Changes),
    origin,
    adminOrigin: admin.origin,
    caPath,
    ca: identity.certificate,
    tenantId,
    clientId,
    clientSecret,
    groupId,
    controls,
    tenant,
    applications,
    habits: () => habits.all(),
    setHabits: (changes) => habits.change(changes),
    setTokenLifetime: (tokenLifetimeMs) => void habits.change({ tokenLifetimeMs }),
    revokeTokens: () => accessTokens.revoke(),
    close: async () => {
      await Promise.all([closeServer(server as unknown as Server), admin.close()]);
      if (options.keepIn === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function identityOf(options: EntraOptions, { seed }: PopulationOptions) {
  const ids = new Chance(seed ^ 0xe7);
  const [tenantId, clientId, groupId] = [ids.uuid(), ids.uuid(), ids.uuid()];
  return {
    tenantId: options.tenantId ?? tenantId,
    clientId: options.clientId ?? clientId,
    groupId: options.groupId ?? groupId,
    clientSecret: options.clientSecret ?? randomBytes(30).toString('base64url'),
    secretStartsAt: new Date().toISOString(),
    secretExpiresAt: options.secretExpiresAt ?? new Date(Date.now() + 180 * 86_400_000).toISOString(),
  };
}

/** The whole truth, one person a line: for a comparison that shares nothing with a client of Graph. */
export function* everybody(tenant: Tenant): Generator<Record<string, unknown>> {
  const nested = new Set(tenant.transitive(tenant.group));
  for (const { person } of tenant.people.values()) {
    const isMember = tenant.group.members.has(person.id);
    yield { ...person, isMember, isNestedOnly: !isMember && nested.has(person.id), isDeleted: false };
  }
  for (const { entry, deletedDateTime } of tenant.deleted.values())
    yield { ...entry.person, isMember: false, isNestedOnly: false, isDeleted: true, deletedDateTime };
}

function classify(router: GraphRouter, method: string, url: string): { route: string; latency: string } {
  const path = url.split('?', 1)[0] as string;
  if (!path.startsWith('/v1.0/')) return { route: `${method} ${path.replace(/^\/[^/]+/, '/{tenant}')}`, latency: 'token' };
  if (path === '/v1.0/$batch') return { route: `${method} /$batch`, latency: 'batch' };
  const found = router.find(method, path.slice('/v1.0'.length));
  return { route: found?.route.name ?? `${method} (unknown)`, latency: found?.route.latency ?? 'read' };
}

function serve(graph: Graph, signIn: SignInContext, controls: Controls, origin: () => string): RequestListener {
  const send = (response: ServerResponse, status: number, contentType: string, text: string, headers: Record<string, string> = {}) => {
    const body = Buffer.from(text);
    controls.counts.sent(body.length);
    response.writeHead(status, { ...headers, 'content-type': contentType, 'content-length': body.length }).end(body);
  };
  const json = (response: ServerResponse, { status, body, headers }: TokenAnswer) =>
    send(response, status, 'application/json; charset=utf-8', JSON.stringify(body), headers);
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url = '/' } = request;
    const text = method === 'GET' ? '' : await textOf(request);
    const [path = ''] = url.split('?');
    if (path.startsWith('/v1.0/')) {
      if (controls.faults.fires('emptyBody', method, url)) return send(response, 200, 'application/json', '');
      const answered = graph.answer({ method, url, origin: origin(), headers: request.headers, text });
      return send(
        response,
        answered.status,
        answered.contentType ?? 'application/json;odata.metadata=minimal',
        answered.text ?? '',
        answered.headers,
      );
    }
    const [, tenant = '', ...rest] = path.split('/');
    const endpoint = `${method} ${rest.join('/')}`;
    if (endpoint === 'POST oauth2/v2.0/token') return json(response, issueToken(signIn, tenant, new URLSearchParams(text), url));
    if (endpoint === 'GET v2.0/.well-known/openid-configuration') return json(response, openIdConfiguration(signIn, tenant));
    if (endpoint === 'GET discovery/v2.0/keys') return json(response, signingKeys(signIn, tenant));
    if (endpoint === 'GET discovery/instance') return json(response, instanceDiscovery(signIn));
    send(response, 404, 'text/plain', 'There is nothing here.');
  };
  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A fault of the sandbox itself: loud, for nobody must take it for one that was switched on.
      console.error('The Entra sandbox failed', request.method, request.url, error);
      if (!response.headersSent)
        send(response, 500, 'application/json', JSON.stringify({ error: { code: 'SandboxFailed', message: String(error) } }));
      else response.destroy();
    });
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((ready, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', ready);
  });
}
