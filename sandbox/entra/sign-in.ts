import { constants, randomUUID, verify } from 'node:crypto';
import type { Controls } from '../controls/controls';
import type { AccessTokens } from './access-tokens';
import type { Applications, Certificate } from './applications';
import { grantedNow } from './consent';

export interface TokenAnswer {
  status: number;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
}

export interface SignInContext {
  tenantId: string;
  applications: Applications;
  accessTokens: AccessTokens;
  controls: Controls;
  origin: () => string;
  tokenLifetimeMs: () => number;
}

/** A refusal of the token endpoint, in its own form. */
class AadSts extends Error {
  constructor(
    readonly code: number,
    readonly status: number,
    readonly error: string,
    message: string,
  ) {
    super(message);
  }
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `POST /{tenant}/oauth2/v2.0/token` for client credentials: with a secret, or with an assertion that a registered certificate's key signed. */
export function issueToken(context: SignInContext, tenant: string, form: URLSearchParams, url: string): TokenAnswer {
  const { faults } = context.controls;
  const correlationId = form.get('client-request-id') ?? randomUUID();
  const throttled = faults.fires('tokenThrottled', 'POST', url);
  if (throttled) {
    const limited = new AadSts(90055, 429, 'invalid_request', 'The request was throttled due to too many requests.');
    const { retryAfter = 1 } = throttled;
    return { ...refusal(limited, correlationId), headers: retryAfter === null ? {} : { 'retry-after': String(retryAfter) } };
  }
  const empty = faults.fires('emptyToken', 'POST', url);
  if (empty) return { status: empty.status ?? 503, body: {} };
  try {
    return signIn(context, tenant, form, url);
  } catch (error) {
    if (error instanceof AadSts) return refusal(error, correlationId);
    throw error;
  }
}

function signIn(context: SignInContext, tenant: string, form: URLSearchParams, url: string): TokenAnswer {
  const { applications, accessTokens, tenantId, controls } = context;
  if (tenant.toLowerCase() !== tenantId) throw noTenant(tenant);
  if (form.get('grant_type') !== 'client_credentials')
    throw new AadSts(70003, 400, 'unsupported_grant_type', `The app requested an unsupported grant type '${form.get('grant_type')}'.`);
  const clientId = form.get('client_id') ?? '';
  if (clientId !== applications.clientId) {
    throw new AadSts(
      700016,
      400,
      'unauthorized_client',
      `Application with identifier '${clientId}' was not found in the directory 'Northwind'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  }
  const scope = form
    .get('scope')
    ?.split(' ')
    .find((name) => name.endsWith('/.default'));
  if (scope === undefined)
    throw new AadSts(
      1002012,
      400,
      'invalid_scope',
      `The provided value for scope ${form.get('scope')} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    );
  if (controls.faults.fires('secretExpired', 'POST', url)) throw expiredSecret(clientId);
  if (controls.faults.fires('secretWrong', 'POST', url)) throw wrongSecret(clientId);
  if (form.get('client_assertion_type') === assertionType) checkAssertion(context, form.get('client_assertion') ?? '');
  else checkSecret(applications, form.get('client_secret'));

  const roles = [...grantedNow(context, 'POST', url)].sort();
  const lifetimeMs = context.tokenLifetimeMs();
  const access_token = accessTokens.make({ clientId, roles, audience: scope.slice(0, -'/.default'.length), lifetimeMs });
  const expires_in = Math.max(1, Math.floor(lifetimeMs / 1000));
  return { status: 200, body: { token_type: 'Bearer', expires_in, ext_expires_in: expires_in, access_token } };
}

function checkSecret(applications: Applications, value: string | null): void {
  if (!value)
    throw new AadSts(
      7000216,
      401,
      'invalid_client',
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    );
  const secret = applications.secrets.find((one) => one.value === value);
  if (!secret) throw wrongSecret(applications.clientId);
  if (Date.parse(secret.endDateTime) <= Date.now()) throw expiredSecret(applications.clientId);
}

interface AssertionHead {
  alg?: string;
  x5t?: string;
  'x5t#S256'?: string;
}

function checkAssertion({ applications, tenantId, origin }: SignInContext, assertion: string): void {
  const [head = '', body = '', signature = ''] = assertion.split('.');
  let header: AssertionHead;
  let claims: { aud?: string; iss?: string; sub?: string; exp?: number };
  try {
    header = JSON.parse(Buffer.from(head, 'base64url').toString()) as AssertionHead;
    claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as typeof claims;
  } catch {
    throw new AadSts(50027, 401, 'invalid_client', 'JWT token is invalid or malformed.');
  }
  const normal = (thumbprint?: string) => thumbprint && Buffer.from(thumbprint, 'base64').toString('base64url');
  const certificate = applications.certificates.find(
    (one) => one.thumbprint === normal(header['x5t#S256']) || one.sha1 === normal(header.x5t),
  );
  if (!certificate)
    throw new AadSts(
      700027,
      401,
      'invalid_client',
      'The certificate with identifier used to sign the client assertion is not registered on application.',
    );
  if (!isSignedBy(certificate, header.alg, `${head}.${body}`, signature))
    throw new AadSts(700027, 401, 'invalid_client', 'Client assertion failed signature validation.');
  if (Date.parse(certificate.endDateTime) <= Date.now())
    throw new AadSts(700027, 401, 'invalid_client', 'The certificate used to sign the client assertion has expired.');
  if ((claims.exp ?? 0) * 1000 <= Date.now())
    throw new AadSts(700024, 401, 'invalid_client', 'Client assertion is not within its valid time range.');
  if (claims.iss !== applications.clientId || claims.sub !== applications.clientId)
    throw new AadSts(700021, 401, 'invalid_client', 'Client assertion application identifier doesn’t match client_id parameter.');
  if (!claims.aud?.startsWith(`${origin()}/${tenantId}/`))
    throw new AadSts(
      700023,
      401,
      'invalid_client',
      `Client assertion audience claim does not match Realm issuer. Audience: '${claims.aud}'.`,
    );
}

function isSignedBy({ key }: Certificate, algorithm: string | undefined, signed: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url');
  if (algorithm === 'RS256') return verify('sha256', Buffer.from(signed), key, bytes);
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return algorithm === 'PS256' && verify('sha256', Buffer.from(signed), pss, bytes);
}

const wrongSecret = (clientId: string) =>
  new AadSts(
    7000215,
    401,
    'invalid_client',
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  );
const expiredSecret = (clientId: string) =>
  new AadSts(
    7000222,
    401,
    'invalid_client',
    `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  );
const noTenant = (tenant: string) =>
  new AadSts(
    90002,
    400,
    'invalid_request',
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  );

function refusal({ code, status, error, message }: AadSts, correlationId: string): TokenAnswer {
  const trace = randomUUID();
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const error_description = `AADSTS${code}: ${message} Trace ID: ${trace} Correlation ID: ${correlationId} Timestamp: ${timestamp}`.replace(
    / (Trace ID|Correlation ID|Timestamp):/g,
    '\r\n$1:',
  );
  const error_uri = `https://login.microsoftonline.com/error?code=${code}`;
  return {
    status,
    body: { error, error_description, error_codes: [code], timestamp, trace_id: trace, correlation_id: correlationId, error_uri },
  };
}

/** `GET /{tenant}/v2.0/.well-known/openid-configuration`, which MSAL asks for first. */
export function openIdConfiguration({ tenantId, origin }: SignInContext, tenant: string): TokenAnswer {
  if (tenant.toLowerCase() !== tenantId) return refusal(new AadSts(90002, 400, 'invalid_tenant', noTenant(tenant).message), randomUUID());
  const base = `${origin()}/${tenantId}`;
  return {
    status: 200,
    body: {
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_modes_supported: ['query', 'fragment', 'form_post'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      issuer: `${base}/v2.0`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      tenant_region_scope: 'EU',
      cloud_instance_name: new URL(base).host,
    },
  };
}

/** `GET /{tenant}/discovery/v2.0/keys`: what its own description names. */
export function signingKeys({ tenantId, accessTokens }: SignInContext, tenant: string): TokenAnswer {
  if (tenant.toLowerCase() !== tenantId) return refusal(noTenant(tenant), randomUUID());
  return { status: 200, body: accessTokens.keySet() };
}

/** `GET /common/discovery/instance`, for clients that don't name this host among the known authorities. */
export function instanceDiscovery({ tenantId, origin }: SignInContext): TokenAnswer {
  const { host } = new URL(origin());
  return {
    status: 200,
    body: {
      tenant_discovery_endpoint: `${origin()}/${tenantId}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    },
  };
}
