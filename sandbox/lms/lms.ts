import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, startAdmin } from '../controls/admin';
import { controlled } from '../controls/controlled';
import { createControls, type Controls } from '../controls/controls';
import { accept, Refused } from '../controls/refused';
import { AccountsByHand } from './accounts-by-hand';
import { Accounts } from './accounts';
import { adminRoutes } from './admin-routes';
import { awkwardness, type Awkwardness, type AwkwardnessOptions } from './lean/awkwardness';
import { Schemas } from './lean/schema';
import { leanServer } from './lean/server';
import type { JournalEntry, JournalQuery } from './journal';
import { KeptAccounts } from './kept-accounts';
import { lmsOptions, type LmsOptions } from './options';
import { classify, emptyLists, ownFaultKinds } from './requests';
import { basePath, errorBody, mediaType, type UserResource } from './scim';
import { scimmyServer } from './scimmy/server';

/** One LMS of the sandbox: a SCIM 2.0 server, and all that can be seen and done from inside it. */
export interface Lms {
  kind: 'scimmy' | 'lean';
  /** `http://127.0.0.1:PORT/scim/v2` */
  baseUrl: string;
  readonly token: string;
  /** `http://127.0.0.1:PORT`; `GET /` there lists its routes. */
  adminOrigin: string;
  /** Faults (429, 503 as HTML, …), request counts and latency (classes `read` and `write`). */
  controls: Controls;
  /** Every account as it stands: the truth for a comparison. */
  accounts(): UserResource[];
  account(id: string): UserResource | undefined;
  /** Makes accounts as somebody in the LMS does. Throws `Refused`, naming each that can't be made; the others are made. */
  addAccounts(users: readonly object[]): UserResource[];
  /** Lays the changes over an account, behind every client's back; null takes a value away. Throws `Refused`. */
  changeAccount(id: string, changes: object): UserResource;
  deleteAccount(id: string): void;
  /** Every write in its order, who was active before and after it. */
  journal(query?: JournalQuery): JournalEntry[];
  /** How many accounts were ever deleted, by whichever way. */
  deletions(): number;
  /** From now on only this token counts. */
  setToken(token: string): void;
  awkwardness(): Awkwardness;
  /** Changes some of the lean server's habits and leaves the others. Throws `Refused`. */
  setAwkwardness(changes: Partial<AwkwardnessOptions>): Awkwardness;
  /** No faults, no latency, no counts, an empty journal and the habits of the start; with `accounts` nobody is left either. */
  reset(what?: { accounts?: boolean }): void;
  close(): Promise<void>;
}

/** Starts an LMS on loopback. Throws `Refused`, naming every fault of the options. */
export async function startLms(given: LmsOptions): Promise<Lms> {
  const options = accept(lmsOptions, given);
  if (options.kind === 'scimmy' && (given.awkward || given.bulk)) throw new Refused(['awkward, bulk: only the lean server has these']);
  let { token, awkward } = options;
  const controls = createControls({ kinds: ownFaultKinds, latencyClasses: ['read', 'write'] });
  controls.latency.set(options.latency);

  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 });
  const origin = await listen(server, options.port);
  const baseUrl = `${origin}${basePath}`;
  const kept = options.folder === undefined ? undefined : new KeptAccounts(options.folder);
  const accounts = new Accounts({ baseUrl, rules: awkward, kept });
  const context = { accounts, baseUrl, customFields: options.customFields, token: () => token };
  const lean = options.kind === 'lean' ? leanServer({ ...context, awkward: () => awkward, bulk: options.bulk }) : undefined;
  const handler: RequestListener = emptyLists(controls.faults, lean?.handler ?? scimmyServer(context));
  const refusal = (status: number) => ({ contentType: mediaType, body: errorBody(status, 'A fault of the sandbox') });
  server.on('request', controlled({ controls, classify, errorBody: refusal }, handler));

  const byHand = new AccountsByHand(accounts, new Schemas(options.customFields), () => awkward);
  const follow = (next: Awkwardness): Awkwardness => {
    awkward = next;
    accounts.follow(awkward);
    lean?.rateLimit.reset();
    return awkward;
  };
  const lms: Omit<Lms, 'adminOrigin' | 'close'> = {
    kind: options.kind,
    baseUrl,
    get token() {
      return token;
    },
    controls,
    accounts: () => byHand.all(),
    account: (id) => byHand.one(id),
    addAccounts: (users) => byHand.add(users),
    changeAccount: (id, changes) => byHand.change(id, changes),
    deleteAccount: (id) => byHand.delete(id),
    journal: (query) => accounts.journal.entries(query),
    deletions: () => accounts.deletions,
    setToken: (next) => {
      token = next;
    },
    awkwardness: () => awkward,
    setAwkwardness: (changes) => {
      if (!lean) throw new Refused(['only the lean server can be awkward']);
      return follow(accept(awkwardness, { ...awkward, ...changes }));
    },
    reset: ({ accounts: everybody = false } = {}) => {
      controls.faults.remove();
      controls.counts.reset();
      controls.latency.set({ read: 0, write: 0, ...options.latency });
      if (everybody) accounts.clear();
      accounts.journal.clear();
      follow(options.awkward);
    },
  };
  const stop = async () => {
    await closeServer(server);
    kept?.close();
  };
  try {
    const admin = await startAdmin({ controls, routes: adminRoutes(lms, accounts), port: options.adminPort });
    const close = async () => void (await Promise.all([admin.close(), stop()]));
    return Object.assign(lms, { adminOrigin: admin.origin, close }); // not a copy: `token` is read anew each time
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', ready);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
