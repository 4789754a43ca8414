/**
 * What can be told of a sealed value without opening it. Plain code without Node, zod or crypto, for it runs in the customer's workflow, in the
 * validator that keeps a secret pasted by mistake out of the history. That the value really opens is proven where the key is, on a worker.
 */

/** Whom a sealed value is for. It stands in the JWE's protected header, so that nobody can change it without breaking the seal. */
export interface Binding {
  customerId: string;
  purpose: 'directory' | 'target';
  /** `entra:<tenant>/<client>`, or the LMS's origin. */
  audience: string;
}

export interface SealedHeader {
  alg?: unknown;
  enc?: unknown;
  kid?: unknown;
  crit?: unknown;
  rollcall?: unknown;
}

export const algorithm = 'ECDH-ES';
export const encryption = 'A256GCM';

/** Characters. A private key with its certificate chain takes some 12,000. */
export const longestSealedValue = 64_000;

/** The protected header of a compact JWE of our kind (header, empty key, nonce, ciphertext, tag); nothing where it isn't one. */
export function readJweHeader(jwe: unknown): SealedHeader | undefined {
  if (typeof jwe !== 'string' || jwe.length > longestSealedValue) return undefined;
  const [, header] = /^([\w-]+)\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/.exec(jwe) ?? [];
  const text = header === undefined ? undefined : utf8(bytesOf(header));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // not JSON, so not a header
  }
}

/**
 * Every reason not to take it, in words that never repeat any part of it; none when it is good as far as can be seen from outside. Whether the workers have
 * its key is asked of them, since a ring may have got a new one a moment ago (docs/adr/0024): `keyFault`.
 */
export function faultsOfSealedValue(jwe: unknown, expected: Binding): string[] {
  if (typeof jwe !== 'string' || jwe === '') return [`it must be the text that \`rollcall credential set ${expected.customerId}\` makes`];
  if (jwe.length > longestSealedValue) return [`it is longer than ${longestSealedValue} characters`];
  const header = readJweHeader(jwe);
  if (!header) {
    return [
      'it is not a sealed value (a compact JWE). If it is the secret itself: nothing was kept of it here, but give it up and make a new one, for it was on its way in the clear',
    ];
  }
  const faults = [
    (header.alg !== algorithm || header.enc !== encryption) && `it is sealed in another way than ${algorithm} with ${encryption}`,
    ...bindingFaults(header, expected),
  ];
  return faults.filter((fault) => fault !== false);
}

export function keyFault(jwe: unknown, kids: readonly string[]): string | undefined {
  if (kids.includes(readJweHeader(jwe)?.kid as string)) return undefined;
  return 'it is sealed to a key that the workers don’t have: ask for the key again (`rollcall keys show`) and seal it anew';
}

/** Where it is bound to somebody or something else; says what was expected, for what stands there came from whoever sent it. */
export function bindingFaults({ rollcall, crit }: SealedHeader, { customerId, purpose, audience }: Binding): string[] {
  if (typeof rollcall !== 'object' || rollcall === null) return ['it doesn’t say whom it is for'];
  const bound = rollcall as { customer?: unknown; purpose?: unknown; audience?: unknown };
  const faults = [
    !(Array.isArray(crit) && crit.includes('rollcall')) && 'it doesn’t mark as critical whom it is for',
    bound.customer !== customerId && `it was sealed for another customer than ${customerId}`,
    bound.purpose !== purpose && `it was sealed for another purpose than ${purpose}`,
    bound.audience !== audience &&
      `it was sealed for another ${purpose === 'directory' ? 'tenant or application' : 'LMS'} than ${audience}`,
  ];
  return faults.filter((fault) => fault !== false);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** base64url by hand: Temporal's sandbox has neither Buffer nor atob. */
function bytesOf(base64url: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of base64url) {
    held = ((held << 6) | alphabet.indexOf(letter)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return bytes;
}

/** Nothing where the bytes are no UTF-8. */
function utf8(bytes: number[]): string | undefined {
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return undefined; // a URIError: no UTF-8, so not a header
  }
}
