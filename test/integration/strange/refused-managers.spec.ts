import { forAllTests } from '../opened';
import { addCustomer, startWorld, type Entra, type Lms, type World } from '../sync/world';
import type { Habits } from './strange-habits';
import { startStrangeLms, type StrangeLms } from './strange-lms';
import { startStrangeTenant, type Someone, type StrangeTenant } from './strange-tenant';

jest.setTimeout(120_000);

let world: World;
let lms: StrangeLms;
let tenant: StrangeTenant;
let customers = 0;
forAllTests(startWorld, (started) => (world = started), 900_000);
afterEach(() => Promise.all([lms.close(), tenant.close()]));

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const accountOf = ({ id }: Someone) => lms.accounts.users.find(({ externalId }) => externalId === id);
const managerOf = (someone: Someone) => (accountOf(someone)?.[enterprise] as { manager?: { value?: string } })?.manager?.value;

/** Two who may be managers, and a report of the first. */
async function live(habits: Partial<Habits>) {
  customers += 1;
  [lms, tenant] = await Promise.all([startStrangeLms(habits), startStrangeTenant()]);
  const [boss, other] = [tenant.hire('boss'), tenant.hire('other')];
  const report = tenant.hire('report', { managerId: boss.id });
  const customer = await addCustomer(world, `managers-${customers}`, tenant as unknown as Entra, lms as unknown as Lms);
  await customer.goLive();
  /** Who is told of, and how much was written. */
  const sync = async () => {
    const before = lms.writes();
    expect(await customer.sync()).toMatchObject({ outcome: 'succeeded', done: { failed: 0 } });
    const { rows } = await customer.lookUp('problems');
    // The step that sets managers tries again what the person's own change could not set, and tells it too.
    const told = new Map(rows.map(({ memberId, code, detail }) => [`${memberId} ${detail}`, { memberId, code, detail }]));
    return { problems: [...told.values()], writes: lms.writes() - before };
  };
  return { boss, other, report, sync };
}

describe('A manager whom the LMS refuses', () => {
  const problemOf = ({ id }: Someone) => ({ memberId: id, code: 'TargetValueRefused', detail: expect.stringMatching(/^manager: /) });

  test('with a new account is told and tried again in each run until it is taken', async () => {
    let isWilling = false;
    const { boss, report, sync } = await live({
      refuses: (attribute) => (attribute === 'manager' && !isWilling ? 'manager: not allowed to lead' : undefined),
    });
    for (const _run of ['first', 'second']) {
      expect((await sync()).problems).toEqual([problemOf(report)]);
      expect(managerOf(report)).toBeUndefined();
      expect(accountOf(report)).toMatchObject({ title: 'Fitter' });
    }
    isWilling = true;
    expect((await sync()).problems).toEqual([]);
    expect(managerOf(report)).toBe(accountOf(boss)?.id);
    expect(await sync()).toEqual({ problems: [], writes: 0 });
  });

  test.each([
    ['alone', {}],
    ['beside another change', { jobTitle: 'Head' }],
  ])('%s leaves the one before, is told, and is tried again in each run until it is taken', async (_title, changes) => {
    let refused: string | undefined;
    const { boss, other, report, sync } = await live({
      refuses: (attribute, value) =>
        attribute === 'manager' && refused !== undefined && JSON.stringify(value).includes(refused)
          ? 'manager: not allowed to lead'
          : undefined,
    });
    expect((await sync()).problems).toEqual([]);
    refused = String(accountOf(other)?.id);
    Object.assign(report, { managerId: other.id, ...changes });
    for (const _run of ['first', 'second']) {
      expect((await sync()).problems).toEqual([problemOf(report)]);
      expect(managerOf(report)).toBe(accountOf(boss)?.id);
      expect(accountOf(report)).toMatchObject({ title: report.jobTitle });
    }
    refused = undefined;
    expect((await sync()).problems).toEqual([]);
    expect(managerOf(report)).toBe(accountOf(other)?.id);
    expect(await sync()).toEqual({ problems: [], writes: 0 });
  });

  test.each<[string, Partial<Habits>]>([
    ['drops every manager', { drops: ['manager'] }],
    ['does not know the attribute', { refuses: (attribute) => (attribute === 'manager' ? 'unknown attribute manager' : undefined) }],
  ])('because it %s is nobody’s problem, and not planned again', async (_title, habits) => {
    const { other, report, sync } = await live(habits);
    expect((await sync()).problems).toEqual([]);
    expect(await sync()).toEqual({ problems: [], writes: 0 });
    report.managerId = other.id;
    await sync();
    expect(await sync()).toEqual({ problems: [], writes: 0 });
  });
});
