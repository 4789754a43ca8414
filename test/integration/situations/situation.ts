/** Where the situations take place: twelve people in a group, and an LMS, both new for each test. */
import { startEntra } from '../../../sandbox/entra/entra';
import type { CustomField } from '../../../sandbox/lms/custom-fields';
import { startLms } from '../../../sandbox/lms/lms';
import { forAllTests, forEachTest } from '../opened';
import { addCustomer, startWorld, type Entra, type Lms, type World } from '../sync/world';

/** Whoever the people are, the outcome is the same: `ROLLCALL_SEED=7 npx jest …` makes others. */
const seed = Number(process.env.ROLLCALL_SEED ?? 1);

export let world: World;
export let entra: Entra;
export let lms: Lms;
let customers = 0;

forAllTests(startWorld, (started) => (world = started), 900_000);
forEachTest(
  () => startEntra({ population: { size: 12, seed, awkward: false } }),
  (started) => (entra = started),
);
forEachTest(
  () => startLms({ kind: 'lean' }),
  (started) => (lms = started),
);
beforeEach(() => {
  customers += 1;
});
afterEach(() => lms.close()); // some tests have another one by then

/** Another LMS in the place of the usual one. */
export async function exchangeLms(customFields: readonly CustomField[]): Promise<void> {
  await lms.close();
  lms = await startLms({ kind: 'lean', customFields: [...customFields] });
}

type Customer = Awaited<ReturnType<typeof addCustomer>>;

/** Live, and everybody synced once. */
export async function live(changes: object = {}): Promise<Customer> {
  const customer = await addCustomer(world, `customer-${customers}`, entra, lms, changes);
  await customer.goLive();
  await customer.sync();
  return customer;
}
export const members = () => [...entra.tenant.group.members.all()].flatMap((id) => entra.tenant.find(id)?.person ?? []);
export const person = (n: number) => members()[n] as NonNullable<ReturnType<typeof members>[number]>;
export const reportsOf = (id: string) => members().filter(({ managerId }) => managerId === id);
/** Somebody whom nobody reports to: what happens to them happens to nobody else. */
export const withoutReports = () => members().find(({ id }) => reportsOf(id).length === 0) as ReturnType<typeof person>;
export const manager = () => members().find(({ id }) => reportsOf(id).length > 0) as ReturnType<typeof person>;
export const accountOf = (id: string) => lms.accounts().find(({ externalId }) => externalId === id);
export const isActive = (id: string) => accountOf(id)?.active;
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const managerOf = (id: string) => (accountOf(id)?.[enterprise] as { manager?: { value?: string } } | undefined)?.manager?.value;
export const writes = () => lms.journal({ by: 'client' }).length;
export const deactivations = () =>
  lms.journal({ by: 'client' }).filter(({ active, was }) => active === false && was?.active === true).length;
