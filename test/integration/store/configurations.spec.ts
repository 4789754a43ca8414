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

test('one that takes the place of another that never counted is shown with its own time and name', async () => {
  await addCustomer(store, 'again');
  await store.customers.keepConfiguration('again', 2, { ...configuration, name: 'Never' }, 'Ann');
  await store.database.rows(`update configuration set accepted_at = '2020-01-01' where customer_id = 'again' and version = 2`);
  await store.customers.keepConfiguration('again', 2, configuration, 'Jo');
  await decideOn('again', 2);
  const [latest] = await store.lookUps.configurations('again', undefined, 1);
  expect(latest).toMatchObject({ version: 2, acceptedBy: 'Jo', configuration: { name: 'Acme' } });
  expect(Date.now() - Date.parse(latest?.acceptedAt ?? '')).toBeLessThan(600_000);
});

test('of a customer of whom nothing was decided yet none is shown', async () => {
  await store.customers.keepConfiguration('early', 1, configuration, 'start');
  expect(await shown('early')).toEqual([]);
});
