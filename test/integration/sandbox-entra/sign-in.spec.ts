import { createHash, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { startEntra, type EntraOptions } from '../../../sandbox/entra/entra';
import { clientsOf } from './real-clients';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0).reverse()) await close();
});

async function sandbox(options: EntraOptions = {}) {
  const entra = await startEntra({ population: { size: 60, seed: 3 }, ...options });
  opened.push(entra);
  const clients = (overrides = {}) => {
    const made = clientsOf(entra, overrides);
    opened.push(made);
    return made;
  };
  return { entra, clients };
}

describe('signing in with the real MSAL', () => {
  it('gives a token that names tenant, application and granted permissions', async () => {
    const { entra, clients } = await sandbox();
    const answer = await clients().signIn();
    const claims = JSON.parse(Buffer.from(answer?.accessToken.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({
      tid: entra.tenantId,
      appid: entra.clientId,
      roles: ['Application.Read.All', 'GroupMember.Read.All', 'User.Read.All'],
    });
  });

  it.each([
    ['a wrong secret', 7000215, 'invalid_client', { secret: 'the id of the secret instead' }],
    ['an unknown application', 700016, 'unauthorized_client', { clientId: '00000000-0000-4000-8000-000000000000' }],
  ])('refuses %s with its AADSTS code', async (_, errorNo, errorCode, overrides) => {
    const { clients } = await sandbox();
    await expect(clients(overrides).signIn()).rejects.toMatchObject({
      errorNo,
      errorCode,
      errorMessage: expect.stringContaining(`AADSTS${errorNo}`),
    });
  });

  it('refuses an expired secret, by its date and by fault', async () => {
    const { entra, clients } = await sandbox({ secretExpiresAt: '2020-01-01T00:00:00Z' });
    await expect(clients().signIn()).rejects.toMatchObject({ errorNo: 7000222, status: 401 });
    const added = entra.addSecret({ value: 'a-second-secret', endDateTime: '2099-01-01T00:00:00Z' });
    await expect(clients({ secret: 'a-second-secret' }).signIn()).resolves.toMatchObject({ tokenType: 'Bearer' });
    entra.controls.faults.add({ kind: 'secretExpired', times: 1 });
    await expect(clients({ secret: 'a-second-secret' }).signIn()).rejects.toMatchObject({ errorNo: 7000222 });
    entra.controls.faults.add({ kind: 'secretWrong', times: 1 });
    await expect(clients({ secret: 'a-second-secret' }).signIn()).rejects.toMatchObject({ errorNo: 7000215 });
    entra.removeCredential(added);
    await expect(clients({ secret: 'a-second-secret' }).signIn()).rejects.toMatchObject({ errorNo: 7000215 });
  });

  it('does not know another tenant: MSAL fails before it sends the secret, a plain request is answered AADSTS90002', async () => {
    const { entra, clients } = await sandbox();
    const tenantId = '00000000-0000-4000-8000-000000000000';
    await expect(clients({ tenantId }).signIn()).rejects.toMatchObject({ errorCode: 'endpoints_resolution_error' });
    expect(entra.controls.counts.report().routes).not.toHaveProperty('POST /{tenant}/oauth2/v2.0/token');
    const asked = await clients().get(`${entra.origin}/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body: {} });
    expect([asked.status, asked.text]).toEqual([400, expect.stringContaining('"error_codes":[90002]')]);
  });

  it('can answer an empty token, and throttle', async () => {
    const { entra, clients } = await sandbox();
    entra.controls.faults.add({ kind: 'emptyToken' });
    expect((await clients().signIn())?.accessToken).toBe('');
    entra.controls.faults.remove();
    entra.controls.faults.add({ kind: 'tokenThrottled', times: 1 });
    await expect(clients().signIn()).rejects.toThrow();
  });

  it.each([
    [{ retryAfter: 2.5 }, '2.5'],
    [{}, '1'],
    [{ retryAfter: null }, null],
  ])('when throttled (%j) says to come back after %s s', async (rule, retryAfter) => {
    const { entra, clients } = await sandbox();
    const { get } = clients();
    await get('/organization'); // it has signed in once
    entra.controls.faults.add({ kind: 'tokenThrottled', times: 1, ...rule });
    const answer = await get(`${entra.origin}/${entra.tenantId}/oauth2/v2.0/token`, { method: 'POST' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, retryAfter]);
  });

  it('accepts a certificate that was uploaded, and no other', async () => {
    const { entra, clients } = await sandbox();
    const { privateKey, der, pem } = await certificate();
    const own = { thumbprintSha256: createHash('sha256').update(der).digest('hex'), privateKey };
    await expect(clients({ certificate: own }).signIn()).rejects.toMatchObject({ errorNo: 700027 });
    entra.addCertificate({ certificate: pem });
    await expect(clients({ certificate: own }).signIn()).resolves.toMatchObject({ tokenType: 'Bearer' });
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    await expect(clients({ certificate: { ...own, privateKey: stranger } }).signIn()).rejects.toMatchObject({ errorNo: 700027 });
  });

  it('gives tokens for other APIs too, which Graph does not take', async () => {
    const { clients } = await sandbox();
    const { signIn, get } = clients();
    const other = await signIn('https://vault.azure.example');
    const answer = await get('/organization', { headers: { authorization: `Bearer ${other?.accessToken}` } });
    expect([answer.status, answer.json.error]).toMatchObject([
      401,
      { code: 'InvalidAuthenticationToken', message: expect.stringContaining('Invalid audience') },
    ]);
    expect((await get('/organization')).status).toBe(200);
  });

  it('shows a certificate that was uploaded by its thumbprint and its dates', async () => {
    const { entra, clients } = await sandbox();
    const { der, pem } = await certificate();
    const { keyId } = entra.addCertificate({ certificate: pem });
    const { validTo } = new X509Certificate(pem);
    const { json } = await clients().get(`/applications(appId='${entra.clientId}')?$select=keyCredentials`);
    expect(json).toMatchObject({
      keyCredentials: [
        {
          keyId,
          customKeyIdentifier: createHash('sha1').update(der).digest('hex').toUpperCase(),
          endDateTime: new Date(validTo).toISOString(),
        },
      ],
    });
    const [own] = (await clients().get(`/servicePrincipals?$filter=appId eq '${entra.clientId}'`)).json.value;
    expect(own).toMatchObject({ appId: entra.clientId, servicePrincipalType: 'Application' });
  });

  it('makes tokens that expire: Graph answers 401', async () => {
    const { clients } = await sandbox({ tokenLifetimeMs: 0 });
    const answer = await clients().get('/organization');
    expect([answer.status, answer.json.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
    const none = await clients().get('/organization', { headers: { authorization: '' } });
    expect([none.status, none.json.error.innerError['request-id']]).toEqual([401, none.headers.get('request-id')]);
  });
});

describe('a tenant that is kept', () => {
  it('goes on after a restart where it was, as itself', async () => {
    const keepIn = mkdtempSync(join(tmpdir(), 'rollcall-kept-'));
    const first = await startEntra({ population: { size: 200, seed: 5 }, keepIn });
    first.churn({ percent: 20, seed: 4 });
    first.delete({ id: first.tenant.group.members.all().find((id) => first.tenant.people.has(id)) as string });
    first.removeCredential(first.addSecret({ value: 'short-lived-one', endDateTime: '2099-01-01T00:00:00Z' }));
    const before = await (await fetch(`${first.adminOrigin}/people`)).text();
    await first.close();
    const second = await startEntra({ population: { size: 1, seed: 1 }, keepIn });
    opened.push(second);
    expect(await (await fetch(`${second.adminOrigin}/people`)).text()).toBe(before);
    expect([second.tenantId, second.clientSecret, second.ca]).toEqual([first.tenantId, first.clientSecret, first.ca]);
  });

  it('has secrets that start and end when they did, those that were added later too', async () => {
    const keepIn = mkdtempSync(join(tmpdir(), 'rollcall-kept-'));
    const first = await startEntra({ population: { size: 1, seed: 5 }, keepIn });
    first.addSecret({ value: 'a-second-secret', endDateTime: '2099-01-01T00:00:00.000Z' });
    const before = first.applications.passwordCredentials();
    await first.close();
    await new Promise((later) => setTimeout(later, 3)); // so that now is another moment
    const second = await startEntra({ keepIn });
    opened.push(second);
    expect(second.applications.passwordCredentials()).toEqual(before);
    const [{ startDateTime, endDateTime } = {}] = before;
    expect(Date.parse(endDateTime ?? '') - Date.parse(startDateTime ?? '')).toBeCloseTo(180 * 86_400_000, -3);
  });

  it('of before dates were kept has its secret’s dates kept from the next start on', async () => {
    const keepIn = mkdtempSync(join(tmpdir(), 'rollcall-kept-'));
    await (await startEntra({ population: { size: 1, seed: 5 }, keepIn })).close();
    const file = join(keepIn, 'tenant.json');
    const { secretStartsAt: _starts, secretExpiresAt: _ends, ...old } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify(old));
    const second = await startEntra({ keepIn });
    const before = second.applications.passwordCredentials();
    await second.close();
    await new Promise((later) => setTimeout(later, 3));
    const third = await startEntra({ keepIn });
    opened.push(third);
    expect(third.clientSecret).toBe(second.clientSecret);
    expect(third.applications.passwordCredentials()).toEqual(before);
  });
});

async function certificate() {
  x509.cryptoProvider.set(webcrypto as never);
  const signingAlgorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 };
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Rollcall',
    signingAlgorithm,
    keys: keys as never,
    notAfter: new Date(Date.now() + 1e9),
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`,
    pem: made.toString('pem'),
    der: Buffer.from(made.rawData),
  };
}
