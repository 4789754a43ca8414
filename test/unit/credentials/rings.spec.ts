import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureRings } from '../../../adapters/credentials/ensure-rings';
import { secretFrom } from '../../../adapters/credentials/key-set';
import {
  fingerprintOf,
  generateSealingRing,
  kidsOf,
  parseSealingRing,
  publicKeyOf,
  serializeSealingRing,
} from '../../../adapters/credentials/sealing-ring';
import { parsePayloadRing } from '../../../adapters/payloads/payload-ring';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-rings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a ring of sealing keys', () => {
  it('is the same after it was written and read', async () => {
    const ring = await generateSealingRing(await generateSealingRing());
    const again = parseSealingRing(serializeSealingRing(ring));
    expect(kidsOf(again)).toEqual(kidsOf(ring));
    expect(await publicKeyOf(again)).toEqual(await publicKeyOf(ring));
  });

  it('gives away the public half only', async () => {
    const { jwk } = await publicKeyOf(await generateSealingRing());
    expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('has a fingerprint that can be read aloud, and is the RFC 7638 thumbprint', async () => {
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
      y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    } as const;
    expect(await fingerprintOf(jwk)).toMatch(/^([A-Z2-7]{4}-){12}[A-Z2-7]{4}$/);
    // cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s: of RFC 7517's example key (A.1), worked out by another program.
    const thumbprint = Buffer.from('cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s', 'base64url');
    expect(decoded(await fingerprintOf(jwk))).toEqual(thumbprint);
  });

  it('names every fault of every key, and repeats none of them', async () => {
    const [good] = (JSON.parse(serializeSealingRing(await generateSealingRing())) as { keys: Record<string, string>[] }).keys;
    const [other] = (JSON.parse(serializeSealingRing(await generateSealingRing())) as { keys: Record<string, string>[] }).keys;
    const bad = {
      keys: [
        good,
        good,
        { ...good, kid: '' },
        { ...other, kid: 'short', d: 'AAAA' },
        { ...other, kid: 'mixed', x: good?.x },
        { ...good, kid: 'rsa', kty: 'RSA' },
      ],
    };
    let message = '';
    try {
      parseSealingRing(JSON.stringify(bad));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(
      /key 2 has the same "kid".*key 3 has no "kid".*key 4 \(short\) lacks.*key 5 \(mixed\).*key 6 \(rsa\) is no P-256 key/,
    );
    expect(message).not.toContain(good?.d);
    expect(message).not.toContain(other?.d);
  });

  it.each([
    ['{"keys":[]}', /holds no key/],
    ['{}', /a JWK set is expected/],
    ['{"d":"secret', /it is not JSON\.$/],
  ])('says what is wrong with %s', (text, says) => {
    expect(() => parseSealingRing(text)).toThrow(says);
    expect(() => parsePayloadRing(text)).toThrow(says);
  });
});

describe('rings in files', () => {
  it('are made at the first start, for their owner’s eyes only, and are the same ever after', async () => {
    const place = join(folder, 'first', 'keys');
    const first = await ensureRings(place);
    const second = await ensureRings(place);
    expect(kidsOf(second.sealing)).toEqual(kidsOf(first.sealing));
    expect(second.payload.keys[0].kid).toBe(first.payload.keys[0].kid);
    expect(second.payload.keys[0].key.equals(first.payload.keys[0].key)).toBe(true);
    for (const file of Object.values(first.files)) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(place)).toHaveLength(2);
  });

  it('are the same for all who start at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => ensureRings(join(folder, 'race'))));
    expect(new Set(all.flatMap(({ sealing }) => kidsOf(sealing))).size).toBe(1);
    expect(new Set(all.map(({ payload }) => payload.keys[0].kid)).size).toBe(1);
  });

  it('that were damaged are named, not replaced', async () => {
    const place = join(folder, 'damaged');
    const { files } = await ensureRings(place);
    writeFileSync(files.sealing, '{');
    await expect(ensureRings(place)).rejects.toThrow(/ring of sealing keys.*not JSON/);
  });
});

describe('a secret from the environment', () => {
  it('is the value, or what stands in the file', () => {
    const file = join(folder, 'secret');
    writeFileSync(file, ' value\n');
    expect(secretFrom({ KEYS: 'value' }, 'KEYS')).toBe('value');
    expect(secretFrom({ KEYS_FILE: file }, 'KEYS')).toBe('value');
    expect(secretFrom({ KEYS: '', KEYS_FILE: '' }, 'KEYS')).toBeUndefined();
  });

  it('given twice, or in a file that is not there or empty, is an error that says so', () => {
    const empty = join(folder, 'empty');
    writeFileSync(empty, '\n');
    expect(() => secretFrom({ KEYS: 'value', KEYS_FILE: '/x' }, 'KEYS')).toThrow(/both set/);
    expect(() => secretFrom({ KEYS_FILE: '/nowhere' }, 'KEYS')).toThrow(/KEYS_FILE names \/nowhere.*ENOENT/);
    expect(() => secretFrom({ KEYS_FILE: empty }, 'KEYS')).toThrow(/is empty/);
  });
});

function decoded(fingerprint: string): Buffer {
  const bits = [...fingerprint.replaceAll('-', '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
