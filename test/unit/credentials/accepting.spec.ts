import { createCustomerSteps } from '../../../activities/customer';
import type { Dependencies } from '../../../activities/dependencies';
import { createCredentials } from '../../../adapters/credentials/credentials';
import { seal } from '../../../adapters/credentials/sealing';
import { generateSealingRing, publicKeyOf } from '../../../adapters/credentials/sealing-ring';

const binding = { customerId: 'acme', purpose: 'target', audience: 'https://lms.example' } as const;

/** Hands over what the Temporal UI could have been given, sealed elsewhere than by the command. */
async function handOver(value: string) {
  const ring = await generateSealingRing();
  const kept: unknown[] = [];
  const customers = { keepCredential: async (credential: unknown) => void kept.push(credential) };
  const { acceptCredential } = createCustomerSteps({ customers, credentials: createCredentials(ring) } as unknown as Dependencies);
  const sealed = await seal(value, (await publicKeyOf(ring)).jwk, binding);
  const refusal = await acceptCredential({ ...binding, sealed, credentialId: 'c1', by: 'Jo' }).then(
    () => undefined,
    (error: Error) => error,
  );
  return { kept, refusal };
}

test('a sealed credential that could work is kept', async () => {
  expect(await handOver('can4ry~Q8.token')).toMatchObject({ kept: [{ credentialId: 'c1' }], refusal: undefined });
});

test.each([
  [' \n', 'it is empty'],
  ['can4ry\n', 'a line end'],
  ['can4ry key', 'a blank or'],
  ['“can4ry”', 'a typographic quotation mark'],
  ['can4ry\u200b', 'an invisible character'],
  ['can4rÿ', 'no ASCII'],
])('a sealed credential that could not (%j) is refused with why, and not kept', async (value, why) => {
  const { kept, refusal } = await handOver(value);
  expect(refusal).toMatchObject({ code: 'Refused', message: expect.stringContaining(why) });
  expect(refusal?.message).not.toContain('can4r');
  expect(kept).toEqual([]);
});
