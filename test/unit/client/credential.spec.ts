import { createCredentials } from '../../../adapters/credentials/credentials';
import { generateSealingRing, publicKeyOf } from '../../../adapters/credentials/sealing-ring';
import type { RollcallClient } from '../../../client/rollcall-client';
import { status } from './acme';
import { rollcall } from './console';

const canary = 'can4ry~Q8.secret-value';

async function scene(change: object = {}) {
  const ring = await generateSealingRing();
  const key = await publicKeyOf(ring);
  const sent: { purpose: 'directory' | 'target'; sealed: string; by: string }[] = [];
  const client = {
    query: (async () => status) as RollcallClient['query'],
    lookUp: (async () => ({ rows: [{ ...key, ...change }] })) as unknown as RollcallClient['lookUp'],
    update: (async (_id: string, _name: string, argument: (typeof sent)[number]) => {
      sent.push(argument);
      return { credentialId: 'c1', status };
    }) as unknown as RollcallClient['update'],
  };
  return { ring, key, sent, client };
}
const set = ['credential', 'set', 'acme', '--for', 'directory', '--secret-stdin'];

describe('rollcall credential set', () => {
  it('seals the secret for this customer and tenant alone, so that only a worker opens it', async () => {
    const { ring, key, sent, client } = await scene();
    const { exit, out, err } = await rollcall(set, { client, stdin: `${canary}\n` });
    expect(exit).toBe(0);
    const [given] = sent;
    expect(given).toMatchObject({ purpose: 'directory', by: 'jo' });
    const audience = `entra:${status.configuration.tenantId}/${status.configuration.clientId}`;
    const binding = { customerId: 'acme', purpose: 'directory', audience } as const;
    await expect(createCredentials(ring).open(given?.sealed ?? '', binding)).resolves.toBe(canary);
    await expect(createCredentials(ring).open(given?.sealed ?? '', { ...binding, customerId: 'other' })).rejects.toMatchObject({
      code: 'CredentialMissing',
    });
    expect(err).toContain(`fingerprint ${key.fingerprint}`);
    expect(out + err + JSON.stringify(sent)).not.toContain(canary);
  });

  it('seals nothing to a key whose fingerprint is not the expected one, or not its own', async () => {
    const { sent, client } = await scene();
    const other = await rollcall([...set, '--fingerprint', 'AAAA-BBBB'], { client, stdin: canary });
    expect(other).toMatchObject({ exit: 1, err: expect.stringContaining('not AAAA-BBBB') });
    const lying = await scene({ fingerprint: 'AAAA-BBBB' });
    expect((await rollcall(set, { client: lying.client, stdin: canary })).exit).toBe(1);
    expect([...sent, ...lying.sent]).toEqual([]);
  });

  it('takes the expected fingerprint however it was written down', async () => {
    const { key, client } = await scene();
    const written = key.fingerprint.toLowerCase().replaceAll('-', ' ');
    expect((await rollcall([...set, '--fingerprint', written], { client, stdin: canary })).exit).toBe(0);
  });

  it('refuses an empty secret, and a prompt where nobody sits', async () => {
    const { sent, client } = await scene();
    expect((await rollcall(set, { client, stdin: '\n' })).exit).toBe(2);
    expect(await rollcall(set.slice(0, -1), { client })).toMatchObject({ exit: 2, err: expect.stringContaining('--secret-stdin') });
    expect(sent).toEqual([]);
  });

  it.each([
    ['a second line end', `${canary}\n\n`],
    ['a zero-width space', `${canary}\u200b`],
    ['typographic quotes', `“${canary}”`],
    ['a blank behind it', `${canary} `],
  ])('refuses a secret with %s, which could not work, and repeats nothing of it', async (_title, stdin) => {
    const { sent, client } = await scene();
    const { exit, out, err } = await rollcall(set, { client, stdin });
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringMatching(/it holds .*copy it again.*\n.*nothing sent/is) });
    expect(out + err + JSON.stringify(sent)).not.toContain(canary);
    expect(sent).toEqual([]);
  });

  it('mentions that a GUID looks like a Secret ID', async () => {
    const { client } = await scene();
    expect((await rollcall(set, { client, stdin: 'd0a2b1c3-1111-4222-8333-444455556666' })).err).toContain('Secret ID');
  });
});

describe('rollcall keys show', () => {
  it('shows the key and its fingerprint', async () => {
    const { key, client } = await scene();
    expect((await rollcall(['keys', 'show'], { client })).out).toContain(key.fingerprint);
  });
});
