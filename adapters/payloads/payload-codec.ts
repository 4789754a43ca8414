import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { METADATA_ENCODING_KEY, ValueError, type Payload, type PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { PayloadRing } from './payload-ring';

/** As Temporal's own samples name them, so that its tools show what they are. */
const encoding = 'binary/encrypted';
const keyIdEntry = 'encryption-key-id';

/** Data is: this byte, 12 of nonce, the ciphertext, 16 of tag. Another layout gets another number. */
const version = 1;
const nonceLength = 12;
const tagLength = 16;

/** A payload that this ring can't read, and why. Never a retry's business by itself: the ring has to change. */
export class PayloadUnreadable extends ValueError {}

/**
 * AES-256-GCM around every payload: arguments, results, signals, memos, heartbeats, summaries. Plain payloads are still read, so that an
 * operator can start things from the Temporal UI. A random nonce is good for 2^32 payloads per key (NIST SP 800-38D, 8.3): more than ten years at ten a second.
 */
export function createPayloadCodec({ keys }: PayloadRing): PayloadCodec {
  const byId = new Map(keys.map(({ kid, key }) => [kid, key]));
  const [{ kid: current, key: currentKey }] = keys;

  function encrypt(payload: Payload): Payload {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv('aes-256-gcm', currentKey, nonce, { authTagLength: tagLength }).setAAD(associated(current));
    const plain = temporal.api.common.v1.Payload.encode(payload).finish();
    const data = Buffer.concat([Buffer.of(version), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return { metadata: { [METADATA_ENCODING_KEY]: Buffer.from(encoding), [keyIdEntry]: Buffer.from(current) }, data };
  }

  function decrypt(payload: Payload): Payload {
    if (textOf(payload.metadata?.[METADATA_ENCODING_KEY]) !== encoding) return payload;
    const kid = textOf(payload.metadata?.[keyIdEntry]);
    const key = byId.get(kid);
    if (!key) {
      throw new PayloadUnreadable(
        `A payload was encrypted with key “${kid.slice(0, 128)}”, which is not in this ring (${[...byId.keys()].join(', ')}). ` +
          'Add that key to ROLLCALL_PAYLOAD_KEYS, behind the one in use.',
      );
    }
    const data = Buffer.from(payload.data ?? []);
    if (data[0] !== version || data.length < 1 + nonceLength + tagLength)
      throw new PayloadUnreadable('An encrypted payload is cut off, or of a layout that this version doesn’t know.');
    const body = data.subarray(1 + nonceLength, -tagLength);
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(1, 1 + nonceLength), { authTagLength: tagLength })
      .setAAD(associated(kid))
      .setAuthTag(data.subarray(-tagLength));
    let plain: Buffer;
    try {
      plain = Buffer.concat([decipher.update(body), decipher.final()]);
    } catch (error) {
      throw new PayloadUnreadable(`A payload does not open with key “${kid}”: it was changed, or another key has the same name.`, error);
    }
    return temporal.api.common.v1.Payload.decode(plain);
  }

  return {
    encode: (payloads) => settled(() => payloads.map(encrypt)),
    decode: (payloads) => settled(() => payloads.map(decrypt)),
  };
}

/** What is sealed along though not hidden: neither the key's name nor the layout can be exchanged. */
function associated(kid: string): Buffer {
  return Buffer.from(`rollcall/payload/${version}/${kid}`);
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}

/** A throw becomes a rejection. */
async function settled<T>(work: () => T): Promise<T> {
  return work();
}
