import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { createPayloadCodec } from '../../../adapters/payloads/payload-codec';
import { generatePayloadRing, parsePayloadRing, payloadRingFrom, serializePayloadRing } from '../../../adapters/payloads/payload-ring';

const ring = generatePayloadRing();
const codec = createPayloadCodec(ring);
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);
const latin = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('latin1');

async function encrypted(value: unknown, by = codec): Promise<Payload> {
  const [payload] = await by.encode([payloadOf(value)]);
  if (!payload) throw new Error('one payload was expected');
  return payload;
}

describe('payloads', () => {
  it('come back as they were, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
        const back = await codec.decode(await codec.encode(values.map(payloadOf)));
        expect(back.map(valueOf)).toEqual(values.map((value) => valueOf(payloadOf(value))));
      }),
      { numRuns: 50 },
    );
  });

  it('show nothing but the key’s name, and are never twice the same', async () => {
    const one = await encrypted({ name: 'Zoë Canary' });
    expect(latin(one.data)).not.toContain('Canary');
    expect(latin(one.metadata?.encoding)).toBe('binary/encrypted');
    expect(latin(one.metadata?.['encryption-key-id'])).toBe(ring.keys[0].kid);
    expect(Object.keys(one.metadata ?? {})).toHaveLength(2);
    expect(latin(one.data)).not.toBe(latin((await encrypted({ name: 'Zoë Canary' })).data));
  });

  it('that were sent in the clear, as the Temporal UI sends them, are read as they are', async () => {
    const plain = payloadOf({ customerId: 'acme' });
    expect(await codec.decode([plain, {}])).toEqual([plain, {}]);
  });

  it('of an older key are still read after a newer one came before it', async () => {
    const old = await encrypted('old');
    const newer = createPayloadCodec(generatePayloadRing(ring));
    const [back] = await newer.decode([old]);
    expect(valueOf(back as Payload)).toBe('old');
    expect(latin((await encrypted('new', newer)).metadata?.['encryption-key-id'])).not.toBe(ring.keys[0].kid);
  });

  it('of a key that the ring lacks say which key is missing, and where it belongs', async () => {
    const stranger = createPayloadCodec(generatePayloadRing());
    await expect(stranger.decode([await encrypted('x')])).rejects.toThrow(
      new RegExp(`key “${ring.keys[0].kid}”, which is not in this ring.*ROLLCALL_PAYLOAD_KEYS`),
    );
  });

  it('that were changed in any byte are refused', async () => {
    const good = await encrypted('untouched');
    await fc.assert(
      fc.asyncProperty(fc.nat((good.data?.length ?? 1) - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const data = Uint8Array.from(good.data ?? []);
        data[at] = (data[at] ?? 0) ^ by;
        await expect(codec.decode([{ ...good, data }])).rejects.toThrow(/changed|layout/);
      }),
      { numRuns: 50 },
    );
  });

  it('that were cut off, or renamed to another key, are refused', async () => {
    const good = await encrypted('x');
    await expect(codec.decode([{ ...good, data: good.data?.slice(0, 20) }])).rejects.toThrow(/cut off/);
    const twoNames = createPayloadCodec({ keys: [ring.keys[0], { ...ring.keys[0], kid: 'alias' }] });
    const renamed = { ...good, metadata: { ...good.metadata, 'encryption-key-id': Buffer.from('alias') } };
    await expect(twoNames.decode([renamed])).rejects.toThrow(/does not open/);
  });
});

describe('a ring of payload keys', () => {
  it('is the same after it was written and read', () => {
    const again = parsePayloadRing(serializePayloadRing(generatePayloadRing(ring)));
    expect(again.keys).toHaveLength(2);
    expect(again.keys[1]?.key.equals(ring.keys[0].key)).toBe(true);
  });

  it('names every key that can’t be used, and repeats none', () => {
    const text = JSON.stringify({
      keys: [
        { kid: 'a', kty: 'oct', k: 'c2hvcnQ' },
        { kid: 'b', kty: 'EC' },
      ],
    });
    expect(() => parsePayloadRing(text)).toThrow(/key 1 \(a\) has no "k" of 32 bytes.*key 2 \(b\) is no symmetric key/);
    expect(() => parsePayloadRing(text)).not.toThrow(/c2hvcnQ/);
  });

  it('comes from the environment, or is absent there', () => {
    expect(payloadRingFrom({})).toBeUndefined();
    expect(payloadRingFrom({ ROLLCALL_PAYLOAD_KEYS: serializePayloadRing(ring) })?.keys[0].kid).toBe(ring.keys[0].kid);
  });
});
