/**
 * The same job by an honest script: MSAL, Microsoft's Graph client and undici at the same concurrency, the same page size, the next page asked for while this one is
 * worked on, managers before their reports so that a create carries its manager. Nothing durable: what it wrote is kept in memory between its runs, a crash loses
 * everything, nobody is confirmed and nothing is guarded.
 */
import { ConfidentialClientApplication } from '@azure/msal-node';
import { Client, ResponseType } from '@microsoft/microsoft-graph-client';
import { Pool } from 'undici';
import { accountOf, patchOf, select, userOf, type FlatAccount, type Member } from './bare-account';

export interface BareOptions {
  /** `https://localhost:PORT`: authority and Graph in one, as the sandbox has them. */
  entra: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  groupId: string;
  baseUrl: string;
  token: string;
  concurrency: number;
}

interface Written {
  accountId: string;
  account: FlatAccount;
}

export class BareSync {
  private readonly written = new Map<string, Written>();
  private readonly pool: Pool;
  private readonly path: string;
  private readonly headers: Record<string, string>;
  private knowsTarget = false;

  constructor(private readonly options: BareOptions) {
    const url = new URL(options.baseUrl);
    this.pool = new Pool(url.origin, { connections: options.concurrency });
    this.path = url.pathname.replace(/\/$/, '');
    this.headers = {
      authorization: `Bearer ${options.token}`,
      'content-type': 'application/scim+json',
      accept: 'application/scim+json',
    };
  }

  /** Milliseconds that one pass took. Throws at the first thing that goes wrong. */
  async run(): Promise<number> {
    const startedAt = performance.now();
    const members = new Map<string, Member>();
    for await (const page of this.pages(await this.signIn())) for (const member of page) members.set(member.id, member);
    if (!this.knowsTarget) await this.readAccounts();
    this.knowsTarget = true;
    await this.write(members);
    return performance.now() - startedAt;
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async signIn(): Promise<string> {
    const { entra, tenantId, clientId, clientSecret } = this.options;
    const client = new ConfidentialClientApplication({
      auth: { clientId, clientSecret, authority: `${entra}/${tenantId}`, knownAuthorities: [new URL(entra).host] },
    });
    const token = await client.acquireTokenByClientCredential({ scopes: [`${entra}/.default`] });
    if (!token?.accessToken) throw new Error('no token');
    return token.accessToken;
  }

  private async *pages(token: string): AsyncGenerator<Member[]> {
    const { entra, groupId } = this.options;
    const client = Client.init({
      baseUrl: entra,
      customHosts: new Set([new URL(entra).hostname]),
      authProvider: (done) => done(null, token),
    });
    const ask = async (url: string): Promise<string> => {
      const answer = (await client.api(url).responseType(ResponseType.RAW).get()) as Response;
      if (!answer.ok) throw new Error(`Graph: ${answer.status}`);
      return answer.text();
    };
    const first = `${entra}/v1.0/groups/${groupId}/members/microsoft.graph.user?$select=${select}&$expand=manager($select=id,mail)&$top=999`;
    for (let next: Promise<string> | undefined = ask(first); next;) {
      const text: string = await next;
      const [, link] = /"@odata\.nextLink":("[^"]+")/.exec(text.slice(0, 4096)) ?? [];
      next = link ? ask(JSON.parse(link) as string) : undefined;
      if (next) await new Promise(setImmediate); // so that the request leaves before this page is parsed
      const page = JSON.parse(text) as { value: Member[]; '@odata.nextLink'?: string };
      if (!link && page['@odata.nextLink']) throw new Error('Graph: the next link stands further down than it used to');
      yield page.value;
    }
  }

  /** A first run looks at what the LMS holds; what it has it takes over as it is. */
  private async readAccounts(): Promise<void> {
    for (let start = 1, total = 1; start <= total;) {
      const answer = await this.pool.request({
        method: 'GET',
        path: `${this.path}/Users?startIndex=${start}&count=1000`,
        headers: this.headers,
      });
      if (answer.statusCode !== 200) throw new Error(`LMS: ${answer.statusCode} ${await answer.body.text()}`);
      const page = (await answer.body.json()) as { totalResults: number; Resources?: { id: string; externalId?: string }[] };
      total = page.totalResults;
      if (!page.Resources?.length) return;
      start += page.Resources.length;
      for (const { id, externalId } of page.Resources) if (externalId) this.written.set(externalId, { accountId: id, account: {} });
    }
  }

  private async write(members: Map<string, Member>): Promise<void> {
    const depths = new Map<string, number>();
    const depthOf = (id: string, steps = 0): number => {
      const known = depths.get(id);
      if (known !== undefined) return known;
      const manager = members.get(id)?.manager?.id;
      const depth = manager && members.has(manager) && steps < 64 ? depthOf(manager, steps + 1) + 1 : 0;
      depths.set(id, depth);
      return depth;
    };
    const managerOf = ({ manager }: Member) =>
      manager && members.get(manager.id)?.accountEnabled ? this.written.get(manager.id)?.accountId : undefined;

    const all: Promise<void>[] = [];
    const inFlight = new Map<string, Promise<void>>();
    let freed: (() => void) | undefined;
    const send = async (key: string, after: Promise<void> | undefined, work: () => Promise<void>) => {
      while (inFlight.size >= this.options.concurrency) await new Promise<void>((resolve) => (freed = resolve));
      const sent = (after ? after.then(work) : work()).finally(() => {
        inFlight.delete(key);
        freed?.();
      });
      sent.catch(() => undefined); // heard of at the end
      all.push(sent);
      inFlight.set(key, sent);
    };
    const inOrder = [...members.values()].sort((one, other) => depthOf(one.id) - depthOf(other.id));
    for (const member of inOrder) {
      const before = this.written.get(member.id);
      if (!before && !member.accountEnabled) continue;
      const manager = member.manager ? inFlight.get(member.manager.id) : undefined;
      if (before && !manager && !patchOf(before.account, accountOf(member, managerOf(member)))) continue;
      await send(member.id, manager, () => this.upsert(member, managerOf(member)));
    }
    for (const [id, before] of this.written) {
      if (members.has(id) || before.account.active === false) continue;
      await send(id, undefined, () => this.change(before, { ...before.account, active: false }));
    }
    await Promise.all(all);
  }

  private async upsert(member: Member, managerAccount: string | undefined): Promise<void> {
    const before = this.written.get(member.id);
    const account = accountOf(member, managerAccount);
    if (before) return this.change(before, account);
    const { id } = (await this.request('POST', '/Users', userOf(account))) as { id: string };
    this.written.set(member.id, { accountId: id, account });
  }

  private async change(written: Written, account: FlatAccount): Promise<void> {
    const patch = patchOf(written.account, account);
    if (patch) await this.request('PATCH', `/Users/${written.accountId}`, patch);
    written.account = account;
  }

  private async request(method: 'POST' | 'PATCH', path: string, body: string): Promise<unknown> {
    const answer = await this.pool.request({ method, path: this.path + path, headers: this.headers, body });
    if (answer.statusCode >= 300) throw new Error(`LMS: ${method} ${answer.statusCode} ${await answer.body.text()}`);
    return answer.body.json();
  }
}
