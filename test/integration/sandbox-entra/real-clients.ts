import { ConfidentialClientApplication, type INetworkModule, type NetworkRequestOptions } from '@azure/msal-node';
import { Client } from '@microsoft/microsoft-graph-client';
import { Agent, fetch as undiciFetch, request } from 'undici';
import type { Entra } from '../../../sandbox/entra/entra';

/** As much of an object's shape as the tests look at. */
export interface Item {
  id: string;
  '@odata.type'?: string;
  displayName?: string | null;
  mail?: string | null;
  accountEnabled?: boolean | null;
  manager?: Item;
  appRoleId?: string;
  status?: number;
  headers?: Record<string, string>;
  value?: string;
}

export interface Body extends Omit<Item, 'value'> {
  '@odata.nextLink': string;
  '@odata.count'?: number;
  value: Item[];
  responses: Item[];
  appRoles: Item[];
  error: { code: string; message: string; innerError: Record<string, string> };
  passwordCredentials?: unknown;
  onPremisesExtensionAttributes?: unknown;
  userPrincipalName?: string;
}

/** The real MSAL and the real Graph client, trusting the sandbox's certificate and nothing else changed. */
export function clientsOf(
  entra: Entra,
  overrides: { clientId?: string; tenantId?: string; secret?: string; certificate?: { thumbprintSha256: string; privateKey: string } } = {},
) {
  const dispatcher = new Agent({ connect: { ca: entra.ca } });
  const send = async <T>(url: string, method: 'GET' | 'POST', options?: NetworkRequestOptions) => {
    const answer = await request(url, { method, headers: options?.headers, body: options?.body, dispatcher });
    return { status: answer.statusCode, headers: answer.headers as Record<string, string>, body: (await answer.body.json()) as T };
  };
  const networkClient: INetworkModule = {
    sendGetRequestAsync: (url, options) => send(url, 'GET', options),
    sendPostRequestAsync: (url, options) => send(url, 'POST', options),
  };
  const msal = new ConfidentialClientApplication({
    auth: {
      clientId: overrides.clientId ?? entra.clientId,
      authority: `${entra.origin}/${overrides.tenantId ?? entra.tenantId}`,
      knownAuthorities: [new URL(entra.origin).host],
      ...(overrides.certificate ? { clientCertificate: overrides.certificate } : { clientSecret: overrides.secret ?? entra.clientSecret }),
    },
    system: { networkClient },
  });
  const signIn = (resource = entra.origin) => msal.acquireTokenByClientCredential({ scopes: [`${resource}/.default`], skipCache: true });
  let token: string | undefined;
  const get = async (
    path: string,
    { headers, method, body }: { headers?: Record<string, string>; method?: string; body?: unknown } = {},
  ) => {
    token ??= (await signIn())?.accessToken;
    const answer = await undiciFetch(path.startsWith('http') ? path : `${entra.origin}/v1.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      dispatcher,
    });
    const text = await answer.text();
    let json = {} as Body;
    if (text !== '' && answer.headers.get('content-type')?.startsWith('application/json')) json = JSON.parse(text) as Body;
    return { status: answer.status, headers: answer.headers, text, json };
  };
  const graph = Client.init({
    baseUrl: entra.origin,
    customHosts: new Set(['localhost']),
    fetchOptions: { dispatcher } as unknown as RequestInit,
    authProvider: (done) =>
      void signIn().then(
        (answer) => done(null, answer?.accessToken ?? null),
        (error: unknown) => done(error, null),
      ),
  });
  /** Every object of a collection, page by page, as a client must read it. */
  const all = async (path: string, headers?: Record<string, string>) => {
    const pages: Body[] = [];
    for (let next: string | undefined = path; next; next = pages.at(-1)?.['@odata.nextLink']) {
      const { json, status, text } = await get(next, { headers });
      if (status !== 200) throw new Error(text);
      pages.push(json);
    }
    return { pages, value: pages.flatMap((page) => page.value) };
  };
  return { signIn, get, all, graph, close: () => dispatcher.close() };
}
