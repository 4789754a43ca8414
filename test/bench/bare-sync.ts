/**
 * The same job by an honest script: MSAL, Microsoft's Graph client and undici at the same concurrency, the same page size, the next page asked for while this one is
 * worked on, managers before their reports so that a create carries its manager. Nothing durable: what it wrote is kept in memory between the scenarios, a crash loses everything,
 * nobody is confirmed and nothing is guarded.
 */
import { ConfidentialClientApplication } from '@azure/msal-node';
import { Client, ResponseType } from '@microsoft/microsoft-graph-client';
import { Pool } from 'undici';

export interface BareOptions {
  authority: string;
  graph: string;
  tenantId: string;
  clientId: string;
  secret: string;
  groupId: string;
  baseUrl: string;
  token: string;
  concurrency: number;
}

interface Member {
  id: string;
  userPrincipalName: string;
  accountEnabled: boolean;
  manager?: { id: string; mail?: string };
  [attribute: string]: unknown;
}

export interface BareFigures {
  wallMs: number;
  graphRequests: number;
  targetReads: number;
  targetWrites: number;
}

interface Written {
  accountId: string;
  body: string;
  managerAccount?: string;
  active: boolean;
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const custom = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';
const select = 'id,accountEnabled,userType,userPrincipalName,givenName,surname,displayName,mail,jobTitle,department,employeeId,officeLocation';

export class BareSync {
  private readonly written = new Map<string, Written>();
  private readonly pool: Pool;
  private readonly path: string;
  private readonly headers: Record<string, string>;
  private figures: BareFigures = { wallMs: 0, graphRequests: 0, targetReads: 0, targetWrites: 0 };

  constructor(private readonly options: BareOptions) {
    const url = new URL(options.baseUrl);
    this.pool = new Pool(url.origin, { connections: options.concurrency });
    this.path = url.pathname.replace(/\/$/, '');
    this.headers = { authorization: `Bearer ${options.token}`, 'content-type': 'application/scim+json', accept: 'application/scim+json' };
  }

  async run(): Promise<BareFigures> {
    this.figures = { wallMs: 0, graphRequests: 0, targetReads: 0, targetWrites: 0 };
    const startedAt = performance.now();
    const members = new Map<string, Member>();
    for await (const page of this.pages(await this.signIn())) for (const member of page) members.set(member.id, member);
    if (this.written.size === 0) await this.readAccounts();
    await this.write(members);
    this.figures.wallMs = performance.now() - startedAt;
    return this.figures;
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async signIn(): Promise<string> {
    const { authority, tenantId, clientId, secret, graph } = this.options;
    const client = new ConfidentialClientApplication({
      auth: { clientId, clientSecret: secret, authority: `${authority}/${tenantId}`, knownAuthorities: [new URL(authority).host] },
    });
    const token = await client.acquireTokenByClientCredential({ scopes: [`${graph}/.default`] });
    if (!token?.accessToken) throw new Error('no token');
    return token.accessToken;
  }

  private async *pages(token: string): AsyncGenerator<Member[]> {
    const { graph, groupId } = this.options;
    const client = Client.init({ baseUrl: graph, customHosts: new Set([new URL(graph).hostname]), authProvider: (done) => done(null, token) });
    const ask = async (url: string): Promise<string> => {
      this.figures.graphRequests += 1;
      const answer = (await client.api(url).responseType(ResponseType.RAW).get()) as Response;
      if (!answer.ok) throw new Error(`Graph: ${answer.status}`);
      return answer.text();
    };
    let next: Promise<string> | undefined = ask(
      `${graph}/v1.0/groups/${groupId}/members/microsoft.graph.user?$select=${select}&$expand=manager($select=id,mail)&$top=999`,
    );
    while (next) {
      const text: string = await next;
      const [, link] = /"@odata\.nextLink":"([^"]+)"/.exec(text.slice(0, 4096)) ?? [];
      next = link ? ask(JSON.parse(`"${link}"`) as string) : undefined;
      if (next) await new Promise(setImmediate);
      yield (JSON.parse(text) as { value: Member[] }).value;
    }
  }

  private async readAccounts(): Promise<void> {
    for (let start = 1, total = 1; start <= total; ) {
      this.figures.targetReads += 1;
      const { statusCode, body } = await this.pool.request({ method: 'GET', path: `${this.path}/Users?startIndex=${start}&count=1000`, headers: this.headers });
      const page = (await body.json()) as { totalResults: number; Resources?: { id: string; externalId?: string }[] };
      if (statusCode !== 200) throw new Error(`LMS: ${statusCode}`);
      total = page.totalResults;
      if (!page.Resources?.length) return;
      start += page.Resources.length;
      for (const { id, externalId } of page.Resources) if (externalId) this.written.set(externalId, { accountId: id, body: '', active: true });
    }
  }

  private async write(members: Map<string, Member>): Promise<void> {
    const depth = new Map<string, number>();
    const depthOf = (id: string, steps = 0): number => {
      const known = depth.get(id);
      if (known !== undefined) return known;
      const manager = members.get(id)?.manager?.id;
      const own = manager && members.has(manager) && steps < 64 ? depthOf(manager, steps + 1) + 1 : 0;
      depth.set(id, own);
      return own;
    };
    const todo = [...members.values()].filter((member) => {
      const before = this.written.get(member.id);
      return !before || before.body !== bodyOf(member) || before.active !== member.accountEnabled || before.managerAccount !== this.managerOf(member);
    });
    todo.sort((one, other) => depthOf(one.id) - depthOf(other.id));
    const gone = [...this.written].filter(([id, { active }]) => active && !members.has(id));

    const inFlight = new Map<string, Promise<void>>();
    let freed: (() => void) | undefined;
    const send = async (key: string, after: Promise<void> | undefined, work: () => Promise<void>) => {
      while (inFlight.size >= this.options.concurrency) await new Promise<void>((resolve) => (freed = resolve));
      inFlight.set(
        key,
        (after ? after.then(work) : work()).finally(() => {
          inFlight.delete(key);
          freed?.();
        }),
      );
    };
    for (const member of todo) await send(member.id, member.manager ? inFlight.get(member.manager.id) : undefined, () => this.upsert(member));
    for (const [id, before] of gone) await send(id, undefined, () => this.deactivate(before));
    await Promise.all(inFlight.values());
  }

  private managerOf({ manager }: Member): string | undefined {
    return manager && this.written.get(manager.id)?.accountId;
  }

  private async upsert(member: Member): Promise<void> {
    const before = this.written.get(member.id);
    const managerAccount = this.managerOf(member);
    const text = bodyOf(member);
    if (!before && !member.accountEnabled) return;
    const resource: Record<string, unknown> = { ...(JSON.parse(text) as Record<string, unknown>), active: member.accountEnabled };
    const extension = { ...(resource[enterprise] as object), ...(managerAccount && { manager: { value: managerAccount } }) };
    const body = JSON.stringify({ ...resource, [enterprise]: extension });
    const answer = before
      ? await this.request('PATCH', `/Users/${before.accountId}`, patchOf(resource, extension))
      : await this.request('POST', '/Users', body);
    this.written.set(member.id, { accountId: before?.accountId ?? (answer as { id: string }).id, body: text, managerAccount, active: member.accountEnabled });
  }

  private async deactivate(before: Written): Promise<void> {
    await this.request('PATCH', `/Users/${before.accountId}`, patchOf({ active: false }, {}));
    before.active = false;
  }

  private async request(method: 'POST' | 'PATCH', path: string, body: string): Promise<unknown> {
    this.figures.targetWrites += 1;
    const answer = await this.pool.request({ method, path: this.path + path, headers: this.headers, body });
    if (answer.statusCode >= 300) throw new Error(`LMS: ${answer.statusCode} ${await answer.body.text()}`);
    return answer.body.json();
  }
}

function bodyOf(member: Member): string {
  const { id, userPrincipalName, givenName, surname, displayName, mail, jobTitle, department, employeeId, officeLocation, manager } = member as Record<string, string> & Member;
  return JSON.stringify({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise, custom],
    userName: userPrincipalName,
    externalId: id,
    name: { givenName: givenName ?? undefined, familyName: surname ?? undefined },
    displayName: displayName ?? undefined,
    emails: mail ? [{ value: mail, type: 'work', primary: true }] : undefined,
    title: jobTitle ?? undefined,
    [enterprise]: { department: department ?? undefined, employeeNumber: employeeId ?? undefined },
    [custom]: { location: officeLocation ?? undefined, managerEmail: manager?.mail ?? undefined },
  });
}

function patchOf(resource: Record<string, unknown>, extension: Record<string, unknown>): string {
  const { schemas: _schemas, externalId: _externalId, [enterprise]: _enterprise, [custom]: own, name, ...rest } = resource as { name?: Record<string, unknown>; [key: string]: unknown };
  const values = {
    ...rest,
    ...Object.fromEntries(Object.entries(name ?? {}).map(([key, value]) => [`name.${key}`, value])),
    ...Object.fromEntries(Object.entries(extension).map(([key, value]) => [`${enterprise}:${key}`, value])),
    ...Object.fromEntries(Object.entries((own ?? {}) as object).map(([key, value]) => [`${custom}:${key}`, value])),
  };
  const operations = Object.entries(values).flatMap(([path, value]) => (value === undefined ? [] : [{ op: 'replace', path, value }]));
  return JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations });
}
