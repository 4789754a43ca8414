import { CompactEncrypt, importJWK } from 'jose';
import fc from 'fast-check';
import { createCredentials } from '../../../adapters/credentials/credentials';
import { open, seal } from '../../../adapters/credentials/sealing';
import { generateSealingRing, publicKeyOf, type SealingJwk, type SealingRing } from '../../../adapters/credentials/sealing-ring';
import { Failure } from '../../../domain/failure';
import { faultsOfSealedValue, keyFault, readJweHeader, type Binding } from '../../../domain/sealed-value';

const binding: Binding = { customerId: 'acme', purpose: 'directory', audience: 'entra:tenant/client' };
const secret = 'Xy8~canary-secret';

let ring: SealingRing;
let jwk: SealingJwk;
let sealed: string;

beforeAll(async () => {
  ring = await generateSealingRing();
  ({ jwk } = await publicKeyOf(ring));
  sealed = await seal(secret, jwk, binding);
});

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`a Failure was expected, not ${String(error)}`);
  return error;
}

describe('a sealed value', () => {
  it('comes back whole from whoever has the key, whatever characters it has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, unit: 'grapheme' }), async (value) => {
        expect(await open(await seal(value, jwk, binding), ring, binding)).toBe(value);
      }),
      { numRuns: 25 },
    );
  });

  it('is another text each time, and neither it nor its header shows the secret', async () => {
    expect(await seal(secret, jwk, binding)).not.toBe(sealed);
    expect(Buffer.from(sealed.split('.').join(''), 'base64url').toString('latin1')).not.toContain('canary');
    expect(readJweHeader(sealed)).toMatchObject({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      kid: jwk.kid,
      crit: ['rollcall'],
      rollcall: { customer: 'acme', purpose: 'directory', audience: 'entra:tenant/client' },
    });
  });

  it.each([
    ['customer', { ...binding, customerId: 'other' }, /another customer than other/],
    ['purpose', { ...binding, purpose: 'target' as const }, /another purpose than target/],
    ['tenant', { ...binding, audience: 'entra:evil/client' }, /another tenant or application than entra:evil\/client/],
  ])('does not count for another %s', async (_what, elsewhere, says) => {
    const failure = await failureOf(open(sealed, ring, elsewhere));
    expect(failure.code).toBe('CredentialMissing');
    expect(failure.message).toMatch(says);
  });

  it('does not open when it was re-addressed on the way', async () => {
    const [header = '', ...rest] = sealed.split('.');
    const readdressed = Buffer.from(header, 'base64url').toString().replace('"acme"', '"evil"');
    const forged = [Buffer.from(readdressed).toString('base64url'), ...rest].join('.');
    expect((await failureOf(open(forged, ring, { ...binding, customerId: 'evil' }))).code).toBe('CredentialUnreadable');
  });

  it('that a key of another ring is needed for says which key, and which there are', async () => {
    const other = await generateSealingRing();
    const failure = await failureOf(open(sealed, other, binding));
    expect(failure.code).toBe('CredentialUnreadable');
    expect(failure.message).toContain(jwk.kid);
    expect(failure.message).toContain((await publicKeyOf(other)).kid);
  });

  it('still opens after a newer key came before its own', async () => {
    const newer = createCredentials(await generateSealingRing(ring));
    expect((await newer.sealingKey()).kid).not.toBe(jwk.kid);
    expect(newer.kids()).toContain(jwk.kid);
    expect(await newer.open(sealed, binding)).toBe(secret);
  });

  it('is refused when it does not mark its binding as critical', async () => {
    const key = await importJWK({ ...jwk }, 'ECDH-ES');
    const rollcall = { customer: 'acme', purpose: 'directory', audience: binding.audience };
    const lax = await new CompactEncrypt(Buffer.from(secret))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: jwk.kid, rollcall })
      .encrypt(key);
    expect((await failureOf(open(lax, ring, binding))).message).toMatch(/critical/);
  });

  it('is refused when it is none, and the error repeats nothing of what came', async () => {
    const failure = await failureOf(open(secret, ring, binding));
    expect(failure.code).toBe('CredentialUnreadable');
    expect(failure.message).not.toContain('canary');
  });

  it('is not made of nothing, nor of what is too long for a message', async () => {
    await expect(seal('', jwk, binding)).rejects.toThrow(/empty/);
    await expect(seal('x'.repeat(60_000), jwk, binding)).rejects.toThrow(/too long/);
  });
});

describe('what a validator says of a sealed value', () => {
  const expected = () => binding;

  it('is nothing when it is good', () => {
    expect(faultsOfSealedValue(sealed, expected())).toEqual([]);
  });

  it('names every fault at once', () => {
    const faults = faultsOfSealedValue(sealed, { customerId: 'other', purpose: 'target', audience: 'https://lms.example' });
    expect(faults).toHaveLength(3);
    expect(keyFault(sealed, [])).toContain('a key that the workers don’t have');
    expect(keyFault(sealed, [jwk.kid])).toBeUndefined();
  });

  it.each([
    '',
    secret,
    `${secret}.${secret}`,
    'a.b.c.d.e',
    'eyJhbGciOiJub25lIn0.e30.',
    17,
    undefined,
    { sealed: secret },
    'x'.repeat(70_000),
  ])('never repeats a secret that was pasted by mistake (%#)', (pasted) => {
    const faults = faultsOfSealedValue(pasted, expected());
    expect(faults).toHaveLength(1);
    expect(faults.join()).not.toContain('canary');
  });

  it('is never an error, whatever text it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map((text) => `${text}..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA`),
        ),
        (text) => {
          expect(faultsOfSealedValue(text, expected()).length).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('reads headers as any other reader does', () => {
    fc.assert(
      fc.property(fc.record({ kid: fc.string({ unit: 'grapheme' }), alg: fc.string() }), (header) => {
        const jwe = `${Buffer.from(JSON.stringify(header)).toString('base64url')}..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA`;
        expect(readJweHeader(jwe)).toEqual(header);
      }),
    );
  });
});
