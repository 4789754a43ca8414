/** What the property test found, each as the shortest story that shows it. */
import { startEntra } from '../../sandbox/entra/entra';
import { startLms } from '../../sandbox/lms/lms';
import { forAllTests, forEachTest } from '../integration/opened';
import { addCustomer, startWorld, type Entra, type Lms, type World } from '../integration/sync/world';

jest.setTimeout(120_000);

let world: World;
let entra: Entra;
let lms: Lms;
let customers = 0;

forAllTests(startWorld, (started) => (world = started), 900_000);
forEachTest(
  () => startEntra({ population: { size: 6, seed: 500 + (customers += 1), awkward: false } }),
  (started) => (entra = started),
);
forEachTest(
  () => startLms({ kind: 'lean' }),
  (started) => (lms = started),
);

async function live(changes: object = {}) {
  const customer = await addCustomer(world, `finding-${customers}`, entra, lms, changes);
  await customer.goLive();
  await customer.sync();
  return customer;
}
const someone = (n: number) =>
  entra.tenant.find(entra.tenant.group.members.all()[n] ?? '')?.person as { id: string; userPrincipalName: string };
const accountsOf = (id: string) => lms.accounts().filter(({ externalId }) => externalId === id);

test('whoever is disabled loses their account, also when their mailbox, and with it the user name, went at the same time', async () => {
  const acme = await live({ userName: 'mail' });
  const { id } = someone(2);
  entra.disable({ id });
  entra.set({ id, attributes: { mail: null } });
  expect(await acme.sync()).toMatchObject({ outcome: 'succeeded', done: { deactivated: 1 } });
  expect(accountsOf(id)).toMatchObject([{ active: false }]);
  expect((await acme.sync()).done).toMatchObject({ deactivated: 0, updated: 0 });
});

test('whoever was kept out by a rule, renamed meanwhile and let in again has one account, the one of before', async () => {
  const acme = await live({ scope: { exclude: [[{ attribute: 'department', operator: 'EQUALS', value: 'Robots' }]] } });
  const { id } = someone(2);
  const [own] = accountsOf(id);
  entra.set({ id, attributes: { department: 'Robots' } });
  expect((await acme.sync()).plan).toMatchObject({ unlink: 1 });
  entra.rename({ id, userPrincipalName: 'another.name@northwind.example' });
  entra.set({ id, attributes: { department: 'Sales' } });
  await acme.sync();
  expect(accountsOf(id)).toMatchObject([{ id: own?.id, userName: 'another.name@northwind.example', active: true }]);
});
