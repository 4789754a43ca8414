import { createAcceptConfiguration } from '../../../activities/customer/accept-configuration';
import type { KnownCustomer } from '../../../adapters/store/customer-store';
import type { Projection } from '../../../domain/customer/projection';
import { exampleConfiguration } from '../../../domain/configuration/example-configuration';
import { configuration, forEachCustomer, type Store } from './store-under-test';

jest.setTimeout(60_000); // a real database, also on a busy machine

let store: Store;
let customerId: string;
forEachCustomer((its) => ({ store, customerId } = its));

const stored = async (): Promise<Projection> => ((await store.customers.find(customerId)) as KnownCustomer).projection;
const follow = async (changes: Partial<Projection>) => store.customers.follow({ ...(await stored()), ...changes });

describe('what was decided', () => {
  const paused = { paused: { reason: 'LMS migration', by: 'Jo', since: '2026-11-25T00:00:00Z' } };

  test('is followed in the order of its numbers, and the same again is fine', async () => {
    await follow({ decisions: 57, ...paused });
    await follow({ decisions: 57 });
    expect(await stored()).toMatchObject({ decisions: 57, ...paused });
  });

  test.each([
    ['an older number', 12],
    ['the same number', 57],
  ])('is not followed under %s, and whoever tells it hears so', async (_title, decisions) => {
    await follow({ decisions: 57 });
    await expect(follow({ decisions, ...paused })).rejects.toMatchObject({
      code: 'DecisionOutdated',
      message: expect.stringContaining(`This is number ${decisions}, and the store has 57.`),
    });
    expect(await stored()).not.toHaveProperty('paused');
  });
});

describe('a configuration', () => {
  const renamed = { ...configuration, name: 'Acme Ltd' };
  const keep = (version: number, body: typeof configuration) => store.customers.keepConfiguration(customerId, version, body, 'Jo');

  test('that is kept is never changed: another one gets a version of its own, above all that are there', async () => {
    expect(await keep(2, renamed)).toBe(2);
    expect(await keep(1, { ...configuration, name: 'Globex' })).toBe(3);
    expect(await store.customers.configuration(customerId, 1)).toMatchObject({ name: 'Acme' });
    expect(await store.customers.configuration(customerId, 2)).toMatchObject({ name: 'Acme Ltd' });
    expect(await store.customers.configuration(customerId, 3)).toMatchObject({ name: 'Globex' });
  });

  test('keeps its version when a retry brings it again, and gets one when it is sent anew', async () => {
    expect([await keep(2, renamed), await keep(2, renamed), await keep(3, renamed)]).toEqual([2, 2, 3]);
  });

  test('is kept once when two attempts bring it at the same time, and two different ones get two versions', async () => {
    expect(await Promise.all([keep(2, renamed), keep(2, renamed)])).toEqual([2, 2]);
    const versions = await Promise.all([keep(3, configuration), keep(3, { ...configuration, name: 'Globex' })]);
    expect(versions.sort()).toEqual([3, 4]);
  });

  test('that a customer is started anew with comes with the number to go on from', async () => {
    await follow({ decisions: 57 });
    const accept = createAcceptConfiguration({ ...store, targetFault: () => undefined });
    const request = { customerId, configuration: exampleConfiguration, version: 1, by: 'start' };
    expect(await accept(request)).toMatchObject({ version: 2, decisions: 57 });
    expect(await accept(request)).toMatchObject({ version: 2, decisions: 57 });
    expect(await accept({ ...request, customerId: 'never-seen' })).toMatchObject({ version: 1, decisions: 0 });
  });
});
