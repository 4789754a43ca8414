import { AsyncLocalStorage } from 'node:async_hooks';
import { createPrivateKey } from 'node:crypto';
import {
  ConfidentialClientApplication,
  LogLevel,
  type AuthenticationResult,
  type INetworkModule,
  type NetworkResponse,
} from '@azure/msal-node';
import { Failure } from '../../domain/failure';
import { NoAnswer, type Connections, type Sent } from './connections';
import { signInFailure, tokenAnswerOf, type TokenAnswer } from './sign-in-failures';
import { plainWord } from './told';

/** What an application proves itself with. The certificate's thumbprint is SHA-256, hex. */
export type DirectoryCredential = { secret: string } | { certificate: { thumbprintSha256: string; privateKeyPem: string } };

export interface SignInOptions {
  tenantId: string;
  clientId: string;
  credential: DirectoryCredential;
  /** Origins: whom to ask, and for which API. */
  authority: string;
  graph: string;
  authorityAliases?: readonly string[];
  connections: Connections;
}

/** One call of MSAL: what it may not see (the caller's signal), and what it does not tell (the last answer it got). */
interface Call {
  signal: AbortSignal;
  answer?: TokenAnswer;
  noAnswer?: NoAnswer;
}

/** One for all customers: each that was ever used stays with every promise, timer and socket of the process (measured: it took code that was compiled apart with each customer who signed in). */
const calls = new AsyncLocalStorage<Call>();

/** Tokens for Graph by client credentials. MSAL keeps them; this gets the truth out of it when there are none. */
export class SignIn {
  private application?: ConfidentialClientApplication;
  private held?: { token: string; until: number };

  constructor(private readonly options: SignInOptions) {}

  /** A token that should be good. `rejected` is one that Graph no longer takes: it is not given again. */
  async token(signal: AbortSignal, rejected?: string): Promise<string> {
    try {
      // Whoever is told off for an old token after another request has fetched a new one needs no third.
      const skipCache = rejected !== undefined && this.held?.token === rejected;
      return await this.acquire(signal, skipCache);
    } catch (error) {
      // MSAL renews in good time; when Entra is away just then, the token is still good.
      const { held } = this;
      const good = held && held.token !== rejected && held.until > Date.now() + 60_000;
      if (good && error instanceof Failure && error.code === 'SignInUnavailable') return held.token;
      throw error;
    }
  }

  /** A token that comes from the network. */
  fresh(signal: AbortSignal): Promise<string> {
    return this.acquire(signal, true);
  }

  private async acquire(signal: AbortSignal, skipCache: boolean): Promise<string> {
    signal.throwIfAborted();
    const call: Call = { signal };
    let result: AuthenticationResult | null = null;
    try {
      this.application ??= this.newApplication();
      const { application } = this;
      const scopes = [`${this.options.graph}/.default`];
      result = await calls.run(call, () => application.acquireTokenByClientCredential({ scopes, skipCache }));
    } catch (error) {
      this.application = undefined; // after a 429 or 5xx MSAL refuses by itself for a minute; when to try again is for Temporal to say
      throw failureOf(call, error);
    }
    if (!result?.accessToken) {
      this.application = undefined; // MSAL takes a 5xx without an `error` for success, and would keep the empty token
      throw failureOf(call, undefined);
    }
    this.held = { token: result.accessToken, until: result.expiresOn?.getTime() ?? 0 };
    return result.accessToken;
  }

  private newApplication(): ConfidentialClientApplication {
    const { tenantId, clientId, credential, authority } = this.options;
    return new ConfidentialClientApplication({
      auth: {
        clientId,
        authority: `${authority}/${encodeURIComponent(tenantId)}`,
        // Without it MSAL asks login.microsoftonline.com whether an authority that it does not know is one.
        knownAuthorities: [new URL(authority).host],
        ...proofOf(credential),
      },
      system: {
        networkClient: this.network(),
        loggerOptions: { piiLoggingEnabled: false, logLevel: LogLevel.Error, loggerCallback: () => undefined },
      },
    });
  }

  private network(): INetworkModule {
    return {
      sendGetRequestAsync: (url, options) => this.send(url, { method: 'GET', headers: options?.headers }),
      sendPostRequestAsync: (url, options) => this.send(url, { method: 'POST', headers: options?.headers, body: options?.body }),
    };
  }

  private async send<T>(url: string, sent: Sent): Promise<NetworkResponse<T>> {
    const call = calls.getStore();
    if (!call) throw new Error('MSAL sent a request outside of a sign-in');
    const { connections, authority, authorityAliases = [] } = this.options;
    try {
      // The authority's own description says where tokens are asked for, and that request carries the credential.
      const { host, protocol } = new URL(url);
      const known = protocol === 'https:' && [new URL(authority).host, ...authorityAliases].includes(host);
      if (!known) throw new NoAnswer('The authority named a token endpoint on another host.', false);
      const answer = await connections.ask(url, sent, call.signal);
      const body = parsed(answer.body);
      call.answer = tokenAnswerOf(answer.status, answer.headers['retry-after'], body);
      if (answer.status === 503) connections.renew();
      return { status: answer.status, headers: answer.headers, body: body as T };
    } catch (error) {
      if (error instanceof NoAnswer) call.noAnswer = error;
      throw error;
    }
  }
}

/** The application permissions that an app-only token names: a hint only, for tokens are the API's business. None where it cannot be read. */
export function rolesOf(token: string): string[] {
  const payload = parsed(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
  const { roles } = payload as { roles?: unknown };
  return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [];
}

/** What MSAL signs in with. It would speak of a key that is none only after asking Entra, and in words that may quote it. */
function proofOf(credential: DirectoryCredential) {
  if ('secret' in credential) return { clientSecret: credential.secret };
  const { thumbprintSha256, privateKeyPem } = credential.certificate;
  if (!isRsaKey(privateKeyPem)) throw new Failure('SignInRefused', '(the certificate’s private key is no RSA key in PEM)');
  return { clientCertificate: { thumbprintSha256, privateKey: privateKeyPem } };
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

function failureOf({ signal, answer, noAnswer }: Call, error: unknown): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof Failure) return error;
  if (noAnswer) return new Failure('SignInUnavailable', noAnswer.detail, { cause: noAnswer });
  if (answer) return signInFailure(answer);
  // Nothing was sent: MSAL could not make use of what it was given. Its message may quote that.
  return new Failure('SignInRefused', `(${nameOf(error)}: the credential could not be used)`);
}

function nameOf(error: unknown): string {
  const { errorCode, code, name } = (error ?? {}) as { errorCode?: unknown; code?: unknown; name?: unknown };
  return plainWord(errorCode) ?? plainWord(code) ?? plainWord(name) ?? 'no token';
}

/** JSON, or an empty object for what is none: MSAL reads properties of whatever it gets. */
function parsed(body: Buffer): object {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
