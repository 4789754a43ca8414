/** A configuration is kept before the decision for it counts: what is shown is what counts. */
import { forAllTests } from '../opened';
import { addCustomer, configuration, openStore, type Store } from './store-under-test';

jest.setTimeout(120_000);

let store: Store;
forAllTests(openStore, (opened) => (store = opened), 120_000);

const shown = async (customerId: string) =>
  (await store.lookUps.configurations(customerId, undefined, 10)).map(({ version, acceptedBy }) => `${version} ${acceptedBy}`);

async function decideOn(customerId: string, version: number): Promise<void> {
  const known = await store.customers.find(customerId);
  if (!known) throw new Error(`${customerId} is not there`);
  const { projection } = known;
  await store.customers.follow({
    ...projection,
    decisions: projection.decisions + 1,
    configuration: { ...projection.configuration, version },
  });
}

test('one that was kept and never decided on is not shown', async () => {
  await addCustomer(store, 'between');
  await store.customers.keepConfiguration('between', 2, { ...configuration, name: 'Never' }, 'Ann');
  expect(await shown('between')).toEqual(['1 test']);
  await decideOn('between', 2);
  expect(await shown('between')).toEqual(['2 Ann', '1 test']);
});

test('one that comes after another that never counted gets a version of its own', async () => {
  await addCustomer(store, 'again');
  await store.customers.keepConfiguration('again', 2, { ...configuration, name: 'Never' }, 'Ann');
  const version = await store.customers.keepConfiguration('again', 2, { ...configuration, name: 'Jo’s' }, 'Jo');
  expect(version).toBe(3);
  await decideOn('again', version);
  const [latest] = await store.lookUps.configurations('again', undefined, 1);
  expect(latest).toMatchObject({ version: 3, acceptedBy: 'Jo', configuration: { name: 'Jo’s' } });
});

test('of a customer of whom nothing was decided yet none is shown', async () => {
  await store.customers.keepConfiguration('early', 1, configuration, 'start');
  expect(await shown('early')).toEqual([]);
});
