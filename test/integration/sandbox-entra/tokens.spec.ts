/** Which tokens Graph takes, how long, and by which key anybody can check them. */
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { createGraphDirectory } from '../../../adapters/directory/graph-directory';
import { startEntra, type Entra } from '../../../sandbox/entra/entra';
import { forEachTest } from '../opened';
import { clientsOf } from './real-clients';

jest.setTimeout(60_000);
const never = new AbortController().signal;

let entra: Entra;
let clients: ReturnType<typeof clientsOf>;
forEachTest(
  () => startEntra({ population: { size: 5, seed: 3 } }),
  (started) => (entra = started),
);
beforeEach(() => void (clients = clientsOf(entra)));
afterEach(() => clients.close());

const status = async (token?: string) =>
  (await clients.get('/organization', token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })).status;
const fault = async (rule: object) => {
  const answer = await fetch(`${entra.adminOrigin}/faults`, { method: 'POST', body: JSON.stringify(rule) });
  return (await answer.json()) as { note?: string };
};

describe('a fault of the sign-in', () => {
  it.each(['secretExpired', 'secretWrong', 'emptyToken', 'tokenThrottled'])(
    '%s takes the tokens from before away, and its answer says so',
    async (kind) => {
      expect(await status()).toBe(200);
      expect((await fault({ kind })).note).toContain('Graph refuses tokens from before (401)');
      expect(await status()).toBe(401);
    },
  );

  it('leaves them where it is told to, as Entra does', async () => {
    expect(await status()).toBe(200);
    expect((await fault({ kind: 'secretExpired', with: { revoke: false } })).note).toContain('still taken');
    expect(await status()).toBe(200);
  });

  it('of another kind leaves them, without a word', async () => {
    expect(await status()).toBe(200);
    expect(await fault({ kind: 'slow', delayMs: 1 })).not.toHaveProperty('note');
    expect(await status()).toBe(200);
  });

  it('is met by a directory that holds a token, which signs in anew once the fault is gone', async () => {
    const { tenantId, clientId, groupId, clientSecret, origin, ca } = entra;
    const directory = createGraphDirectory({
      configuration: { tenantId, clientId, groupId, cloud: 'global' },
      select: { user: [] },
      credential: { secret: clientSecret },
      endpoints: { authority: origin, graph: origin, caPem: ca },
    });
    await directory.group(never);
    const { id } = entra.controls.faults.add({ kind: 'secretExpired' });
    await expect(directory.group(never)).rejects.toMatchObject({ code: 'SecretExpired' });
    entra.controls.faults.remove(id);
    const tokens = () => entra.controls.counts.of('POST /{tenant}/oauth2/v2.0/token');
    const before = tokens();
    expect(await directory.group(never)).toMatchObject({ id: groupId });
    await directory.group(never);
    expect(tokens() - before).toBe(1);
  });
});

describe('a token', () => {
  it('is refused once all of before are revoked, and one from afterwards is taken', async () => {
    expect(await status()).toBe(200);
    await fetch(`${entra.adminOrigin}/revokeTokens`, { method: 'POST' });
    const { json } = await clients.get('/organization');
    expect(json.error).toMatchObject({
      code: 'InvalidAuthenticationToken',
      message: expect.stringContaining('TokenIssuedBeforeRevocation'),
    });
    expect(await status((await clients.signIn())?.accessToken)).toBe(200);
  });

  it.each([['https://graph.microsoft.com'], ['00000003-0000-0000-c000-000000000000']])('for %s is one for Graph', async (resource) => {
    expect(await status((await clients.signIn(resource))?.accessToken)).toBe(200);
  });

  it('can be checked by the key that the tenant’s own description names', async () => {
    const described = await clients.get(`${entra.origin}/${entra.tenantId}/v2.0/.well-known/openid-configuration`);
    const { jwks_uri: at } = described.json as unknown as { jwks_uri: string };
    const keys = (await clients.get(at)).json as unknown as JSONWebKeySet;
    const token = (await clients.signIn())?.accessToken ?? '';
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys));
    expect(payload).toMatchObject({ tid: entra.tenantId, appid: entra.clientId });
    expect(keys.keys[0]).not.toHaveProperty('d');
    expect((await clients.get(at.replace(entra.tenantId, '00000000-0000-4000-8000-000000000000'))).status).toBe(400);
  });
});
