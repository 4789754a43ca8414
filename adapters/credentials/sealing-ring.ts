import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { parseKeySet } from './key-set';

/** The public half of a key, as JWK: what values are sealed to. */
export interface SealingJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  kid: string;
  alg: 'ECDH-ES';
  use: 'enc';
}

interface SealingKey {
  kid: string;
  privateKey: KeyObject;
  publicJwk: SealingJwk;
}

/** Only workers have one. Values are sealed to the first key; every key opens. A key may go once nothing that counts is sealed to it any more. */
export interface SealingRing {
  keys: [SealingKey, ...SealingKey[]];
}

const ringName = 'ring of sealing keys (ROLLCALL_SEALING_KEYS)';

/** Reads a JWK set of private P-256 keys, each with its `kid`; throws `KeyRingFaulty`. */
export function parseSealingRing(text: string): SealingRing {
  return { keys: parseKeySet(ringName, text, sealingKeyOf) };
}

function sealingKeyOf(jwk: Record<string, unknown>): SealingKey | string {
  const { kty, crv, x, y, d } = jwk;
  if (kty !== 'EC' || crv !== 'P-256') return 'is no P-256 key ("kty":"EC","crv":"P-256")';
  if (![x, y, d].every((part) => typeof part === 'string' && /^[\w-]{43}$/.test(part)))
    return 'lacks "x", "y" or "d", or has one that isn’t 32 bytes in base64url';
  try {
    const privateKey = createPrivateKey({ key: { kty, crv, x, y, d } as JsonWebKey, format: 'jwk' });
    const own = createPublicKey(privateKey).export({ format: 'jwk' });
    if (own.x !== x || own.y !== y) return 'has a public half that isn’t its own';
    return {
      kid: jwk.kid as string,
      privateKey,
      publicJwk: { kty, crv, x, y, kid: jwk.kid as string, alg: 'ECDH-ES', use: 'enc' } as SealingJwk,
    };
  } catch {
    return 'is no point of the curve, or its halves don’t belong together'; // OpenSSL's message says nothing of use, and less is safer beside a private key
  }
}

/** A ring of one fresh key. With `before`, the older keys go on opening what was sealed to them. */
export async function generateSealingRing(before?: SealingRing): Promise<SealingRing> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  const kid = await calculateJwkThumbprint(jwk);
  const { keys } = parseSealingRing(JSON.stringify({ keys: [{ ...jwk, kid }] }));
  return { keys: [keys[0], ...(before?.keys ?? [])] };
}

/** With the private halves: for the file or secret that the ring is kept in, and for nothing else. */
export function serializeSealingRing({ keys }: SealingRing): string {
  const jwks = keys.map(({ privateKey, publicJwk }) => ({ ...publicJwk, d: privateKey.export({ format: 'jwk' }).d }));
  return `${JSON.stringify({ keys: jwks }, undefined, 2)}\n`;
}

export interface PublicSealingKey {
  kid: string;
  jwk: SealingJwk;
  fingerprint: string;
}

/** What others seal to now. */
export async function publicKeyOf({ keys: [{ kid, publicJwk }] }: SealingRing): Promise<PublicSealingKey> {
  return { kid, jwk: publicJwk, fingerprint: await fingerprintOf(publicJwk) };
}

export function kidsOf({ keys }: SealingRing): string[] {
  return keys.map(({ kid }) => kid);
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The key's thumbprint (RFC 7638, SHA-256) in groups of four from an alphabet without 0, 1, 8 and 9, to be compared aloud. Whoever seals works
 * it out from the key itself: a fingerprint that came along with a key proves nothing.
 */
export async function fingerprintOf(jwk: Pick<SealingJwk, 'kty' | 'crv' | 'x' | 'y'>): Promise<string> {
  const bits = [...Buffer.from(await calculateJwkThumbprint(jwk), 'base64url')].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{1,5}/g)?.map((five) => base32[parseInt(five.padEnd(5, '0'), 2)]);
  return (
    letters
      ?.join('')
      .match(/.{1,4}/g)
      ?.join('-') ?? ''
  );
}
