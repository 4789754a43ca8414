import { generateKeyPairSync } from 'node:crypto';
import { createGraphDirectory, type GraphDirectoryOptions } from '../../../adapters/directory/graph-directory';
import { codeOf } from '../../../domain/failures';
import { startScriptedTenant, tokenNamed, type ScriptedTenant } from './scripted-tenant';

const secret = 'c4nary~secret';
const configuration = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  groupId: 'g',
  cloud: 'global' as const,
};
const never = new AbortController().signal;
// Real TLS and real key pairs on a machine that others may be using as well.
jest.setTimeout(60_000);

let tenant: ScriptedTenant;
beforeEach(async () => void (tenant = await startScriptedTenant()));
afterEach(() => tenant.close());

const directoryOf = (more: Partial<GraphDirectoryOptions> = {}) =>
  createGraphDirectory({ configuration, select: { user: [] }, credential: { secret }, endpoints: tenant.endpoints, ...more });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: Error & { retryAfterMs?: number }) => ({ code: codeOf(error), message: error.message, retryAfterMs: error.retryAfterMs }),
  );
const aadsts = (number: number, status = 400) => ({
  status,
  body: { error: 'invalid_client', error_codes: [number], error_description: `AADSTS${number}: of ${secret}`, trace_id: 't-1' },
});

describe('signing in', () => {
  it('tells which permissions the token names, and proves them anew each time', async () => {
    const directory = directoryOf();
    expect(await directory.signIn(never)).toEqual({ roles: ['User.Read.All', 'GroupMember.Read.All'] });
    await directory.signIn(never);
    expect(tenant.tokens).toBe(2);
  });

  it('reads no permissions from a token that cannot be read', async () => {
    tenant.token = () => ({ body: { token_type: 'Bearer', expires_in: 3600, access_token: 'opaque' } });
    expect(await directoryOf().signIn(never)).toEqual({ roles: [] });
  });

  it('proves an application by its certificate, without any secret', async () => {
    let sent = '';
    tenant.token = ({ body }) => {
      sent = String(body);
      return { body: { token_type: 'Bearer', expires_in: 3600, access_token: tokenNamed(1) } };
    };
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    await directoryOf({ credential: { certificate: { thumbprintSha256: 'ab'.repeat(32), privateKeyPem: privateKey } } }).signIn(never);
    expect(sent).toContain('client_assertion=');
    expect(sent).not.toContain('client_secret');
  });

  it('refuses a private key that is none, without quoting it', async () => {
    const credential = { certificate: { thumbprintSha256: 'ab'.repeat(32), privateKeyPem: secret } };
    const failure = await failureOf(directoryOf({ credential }).signIn(never));
    expect(failure?.code).toBe('SignInRefused');
    expect(failure?.message).not.toContain(secret);
  });

  it.each([
    [7000215, 401, 'SecretRejected'],
    [7000222, 401, 'SecretExpired'],
    [700016, 400, 'ApplicationNotFound'],
    [90002, 400, 'TenantNotFound'],
    [53003, 400, 'SignInRefused'],
  ])('fails of AADSTS%i by its own name, without the secret in it', async (number, status, code) => {
    tenant.token = () => aadsts(number, status);
    const failure = await failureOf(directoryOf().signIn(never));
    expect(failure?.code).toBe(code);
    expect(failure?.message).toContain(`AADSTS${number}`);
    expect(failure?.message).not.toContain(secret);
  });

  it.each([
    ['an empty token', { body: { token_type: 'Bearer', expires_in: 3600, access_token: '' } }],
    ['a 5xx whose JSON names no error', { status: 500, body: { message: 'oops' } }],
    ['a proxy’s page', { status: 502, body: '<html></html>' }],
    ['no answer', { drops: 'before' as const }],
    ['half an answer', { drops: 'halfway' as const, body: { access_token: 'x' } }],
  ])('is not possible with %s', async (_, scripted) => {
    tenant.token = () => scripted;
    expect((await failureOf(directoryOf().signIn(never)))?.code).toBe('SignInUnavailable');
  });

  it('passes on how long Entra wants to be left alone, and really asks again the next time', async () => {
    tenant.token = () => ({ status: 429, headers: { 'retry-after': '30' }, body: { error: 'temporarily_unavailable' } });
    const directory = directoryOf();
    expect(await failureOf(directory.signIn(never))).toMatchObject({ code: 'SignInUnavailable', retryAfterMs: 30_000 });
    tenant.token = () => ({ body: { token_type: 'Bearer', expires_in: 3600, access_token: tokenNamed(2) } });
    expect((await directory.signIn(never)).roles).toHaveLength(2);
  });

  it('reads on with the token that it has when Entra is away just when it wants a new one', async () => {
    tenant.graph = () => ({ body: { id: 'g' } });
    tenant.token = () => ({ body: { token_type: 'Bearer', expires_in: 120, access_token: tokenNamed(1) } });
    const directory = directoryOf();
    await directory.group(never);
    tenant.token = () => ({ status: 503, body: {} });
    expect(await directory.group(never)).toMatchObject({ id: 'g' });
    expect(await failureOf(directory.signIn(never))).toMatchObject({ code: 'SignInUnavailable' });
  });

  it('gives up when it takes too long', async () => {
    tenant.token = () => ({ silent: true });
    expect((await failureOf(directoryOf({ timeouts: { totalMs: 100 } }).signIn(never)))?.code).toBe('SignInUnavailable');
  });

  it('ends at once when it is called off, with the caller’s own reason', async () => {
    const reason = new Error('called off');
    const off = new AbortController();
    tenant.token = () => {
      off.abort(reason);
      return { silent: true };
    };
    await expect(directoryOf().signIn(off.signal)).rejects.toBe(reason);
  });

  it('trusts nobody whose certificate is not the one that was configured', async () => {
    const other = await startScriptedTenant();
    const failure = await failureOf(directoryOf({ endpoints: { ...tenant.endpoints, caPem: other.endpoints.caPem } }).signIn(never));
    await other.close();
    expect(failure?.code).toBe('SignInUnavailable');
    expect(tenant.tokens).toBe(0);
  });
});
