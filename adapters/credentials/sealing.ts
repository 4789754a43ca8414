import { CompactEncrypt, compactDecrypt, importJWK } from 'jose';
import { Failure } from '../../domain/failure';
import { algorithm, bindingFaults, encryption, longestSealedValue, readJweHeader, type Binding } from '../../domain/sealed-value';
import { kidsOf, type SealingJwk, type SealingRing } from './sealing-ring';

/** The binding must be understood by whoever opens it (RFC 7516, "crit"): a program that doesn't know it has to refuse. */
const critical = { rollcall: true };

/**
 * Seals a value to the ring's public key, bound to customer, purpose and audience, as a compact JWE. Needs WebCrypto alone, so that a browser
 * can do the same.
 */
export async function seal(value: string, publicJwk: SealingJwk, { customerId, purpose, audience }: Binding): Promise<string> {
  if (value === '') throw new Error('There is nothing to seal: the value is empty.');
  const key = await importJWK({ ...publicJwk }, algorithm);
  const jwe = await new CompactEncrypt(new TextEncoder().encode(value))
    .setProtectedHeader({
      alg: algorithm,
      enc: encryption,
      kid: publicJwk.kid,
      crit: ['rollcall'],
      rollcall: { customer: customerId, purpose, audience },
    })
    .encrypt(key, { crit: critical });
  if (jwe.length > longestSealedValue)
    throw new Error(`The value is too long: sealed it has ${jwe.length} characters, and ${longestSealedValue} are the most.`);
  return jwe;
}

/**
 * Opens what was sealed for exactly this. Throws `CredentialMissing` where it is for something else, `CredentialUnreadable` where no key of the
 * ring opens it. What it was comes back to the caller alone; no error repeats any of it.
 */
export async function open(jwe: string, ring: SealingRing, binding: Binding): Promise<string> {
  const header = readJweHeader(jwe);
  if (!header) throw new Failure('CredentialUnreadable', 'It is not a sealed value.');
  const elsewhere = bindingFaults(header, binding);
  if (elsewhere.length > 0) throw new Failure('CredentialMissing', `What was handed over does not count: ${elsewhere.join('; ')}.`);
  const key = ring.keys.find(({ kid }) => kid === header.kid);
  if (!key)
    throw new Failure('CredentialUnreadable', `It is sealed to key ${printable(header.kid)}; the ring has ${kidsOf(ring).join(', ')}.`);
  try {
    const { plaintext } = await compactDecrypt(jwe, key.privateKey, {
      crit: critical,
      keyManagementAlgorithms: [algorithm],
      contentEncryptionAlgorithms: [encryption],
    });
    return new TextDecoder('utf-8', { fatal: true }).decode(plaintext);
  } catch (error) {
    const { code, name } = error as { code?: string; name?: string };
    throw new Failure('CredentialUnreadable', `It was changed on the way, or sealed to another key of the same name (${code ?? name}).`, {
      cause: error,
    });
  }
}

function printable(kid: unknown): string {
  return typeof kid === 'string' && /^[\w.:-]{1,128}$/.test(kid) ? kid : 'without a name';
}
