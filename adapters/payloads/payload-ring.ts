import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { parseKeySet, secretFrom } from '../credentials/key-set';

interface PayloadKey {
  kid: string;
  key: KeyObject;
}

/** Shared by workers, the CLI and the codec server. The first key encrypts, every key decrypts; a key may go once no history made with it is kept. */
export interface PayloadRing {
  keys: [PayloadKey, ...PayloadKey[]];
}

const ringName = 'ring of payload keys (ROLLCALL_PAYLOAD_KEYS)';

/** Reads a JWK set of 256-bit keys (`"kty":"oct"`), each with its `kid`; throws `KeyRingFaulty`. */
export function parsePayloadRing(text: string): PayloadRing {
  return {
    keys: parseKeySet<PayloadKey>(ringName, text, ({ kid, kty, k }) => {
      if (kty !== 'oct') return 'is no symmetric key ("kty":"oct")';
      if (typeof k !== 'string' || !/^[\w-]{43}$/.test(k)) return 'has no "k" of 32 bytes in base64url';
      return { kid: kid as string, key: createSecretKey(Buffer.from(k, 'base64url')) };
    }),
  };
}

/** From ROLLCALL_PAYLOAD_KEYS or the file that ROLLCALL_PAYLOAD_KEYS_FILE names; nothing where neither is set. */
export function payloadRingFrom(env: NodeJS.ProcessEnv): PayloadRing | undefined {
  const text = secretFrom(env, 'ROLLCALL_PAYLOAD_KEYS');
  return text === undefined ? undefined : parsePayloadRing(text);
}

/** A ring of one fresh key. With `before`, the older keys go on decrypting what they encrypted. */
export function generatePayloadRing(before?: PayloadRing): PayloadRing {
  const fresh = { kid: `payload-${randomBytes(8).toString('hex')}`, key: createSecretKey(randomBytes(32)) };
  return { keys: [fresh, ...(before?.keys ?? [])] };
}

/** With the keys: for the file or secret that the ring is kept in, and for nothing else. */
export function serializePayloadRing({ keys }: PayloadRing): string {
  const jwks = keys.map(({ kid, key }) => ({ kty: 'oct', kid, alg: 'A256GCM', k: key.export().toString('base64url') }));
  return `${JSON.stringify({ keys: jwks }, undefined, 2)}\n`;
}
