import type { Configuration } from '../../../domain/configuration/configuration';
import { close, configuration, forEachCustomer, id, make, openRun, read, type Somebody, type Store } from './store-under-test';

jest.setTimeout(60_000); // a real database, also on a busy machine

let store: Store;
let customerId: string;
forEachCustomer((its) => ({ store, customerId } = its));

const jo: Somebody = { id: id(1), name: 'jo' };
const al: Somebody = { id: id(2), name: 'al', manager: jo.id };
const mo: Somebody = { id: id(3), name: 'mo', manager: al.id };

/** One whole run over these people; what was done, in order, and what was planned. */
async function run(
  people: readonly Somebody[],
  options: { whereabouts?: 'left' | 'unknown' | 'member' | 'nested'; changed?: Partial<Configuration>; stopAfterRead?: boolean } = {},
) {
  const writer = await openRun(store, customerId);
  const figures = await read(store, writer, people);
  if (figures.settled) {
    await close(store, writer);
    return { settled: true, log: [], writer };
  }
  const { ids: absent } = await store.leavers.unasked(customerId, writer.runId, 1000);
  await store.leavers.keep(
    writer,
    absent.map((memberId) => ({ memberId, is: options.whereabouts ?? 'left' })),
  );
  const plan = await store.plans.plan({
    writer,
    view: 'live',
    configuration: { ...configuration, ...options.changed },
    isReconciled: false,
    additionsExempt: await store.customers.isFirstSync(customerId, writer.runId),
    isEmptied: people.length === 0,
  });
  const log = await make(store, writer, people);
  await close(store, writer);
  return { settled: false, plan, log, writer };
}

test('managers are created before their reports, and an unchanged directory needs no plan', async () => {
  expect((await run([mo, al, jo])).log).toEqual(['create jo', 'create al', 'create mo']);
  expect((await run([mo, al, jo])).settled).toBe(true);
  expect((await run([jo, mo, al])).settled).toBe(true); // Graph promises no order
});

test('whoever left and whoever came back with the same data is seen, though the number of people is the same', async () => {
  await run([jo, al]);
  await run([jo]);
  const back = await run([al]);
  expect(back.settled).toBe(false);
  expect(back.log).toEqual(['reactivate al', 'deactivate jo']);
});

test('somebody who left is deactivated when that was confirmed, and held when nothing proves it', async () => {
  await run([jo, al, mo]);
  expect((await run([jo, al], { whereabouts: 'unknown' })).plan).toMatchObject({ deactivate: 0, held: 1 });
  expect((await run([jo, al], { whereabouts: 'nested' })).plan).toMatchObject({ deactivate: 0, held: 1 });
  expect((await run([jo, al], { whereabouts: 'member' })).plan).toMatchObject({ deactivate: 0, held: 0 });
  expect((await run([jo, al], { whereabouts: 'left' })).log).toEqual(['deactivate mo']);
});

test('a manager who is removed is cleared, and one who arrives later is set in that run', async () => {
  await run([al]);
  expect((await run([jo, al])).log).toEqual(['create jo', 'manager al']);
  expect((await run([jo, { ...al, manager: undefined, name: 'al' }])).log).toContain('manager al');
});

test('members of a manager loop get no manager, and those below it do', async () => {
  const people = [{ ...jo, manager: al.id }, { ...al, manager: jo.id }, mo];
  await run(people);
  const { rows } = {
    rows: await store.database.rows<{ member_id: string; manager_account: string | null }>(
      'select member_id, manager_account from link where customer_id = $1 order by member_id',
      [customerId],
    ),
  };
  expect(rows.map(({ manager_account }) => manager_account)).toEqual([null, null, `account-${al.id}`]);
});

test('a loop that goes by way of somebody without an active account is none: the others get their managers', async () => {
  const people = [
    { ...jo, manager: al.id },
    { ...al, manager: mo.id },
    { ...mo, manager: jo.id },
  ];
  const managersOf = async () =>
    (await store.database.rows<{ n: number }>('select count(manager_account)::int as n from link where customer_id = $1', [customerId]))[0]
      ?.n;
  const disabled = people.map((person) => (person.id === mo.id ? { ...person, active: false } : person));
  expect((await run(disabled)).plan).toMatchObject({ create: 2, problems: 0 });
  expect(await managersOf()).toBe(1);
  expect((await run(people)).plan).toMatchObject({ create: 1, problems: 3 });
  expect(await managersOf()).toBe(0);
  expect((await run(disabled)).plan).toMatchObject({ deactivate: 1, problems: 0 });
  expect(await managersOf()).toBe(1);
});

test('two members swap user names by way of a temporary one', async () => {
  await run([jo, al]);
  const { log } = await run([
    { ...jo, name: 'al' },
    { ...al, name: 'jo' },
  ]);
  expect(log[0]).toMatch(/^setAside/);
  expect(log.slice(1).sort()).toEqual(['update al', 'update jo']);
});

test('a user name that is given to somebody else on the day of a rename leads to two persons', async () => {
  await run([jo]);
  expect(
    (
      await run([
        { ...jo, name: 'joanna' },
        { id: id(9), name: 'jo' },
      ])
    ).log,
  ).toEqual(['update joanna', 'create jo']);
});

test('renamed onto a user name that another account holds is a problem, with no write to either', async () => {
  await run([jo, al]);
  const { log, plan } = await run([{ ...jo, name: 'al' }, al]);
  expect(log).toEqual([]);
  expect(plan).toMatchObject({ update: 0, problems: 1 });
});

test('of two members who share one mail the second is a problem', async () => {
  const { plan } = await run([
    { ...jo, email: 'x@y' },
    { id: id(5), name: 'zed', email: 'x@y' },
  ]);
  expect(plan).toMatchObject({ create: 1, problems: 1 });
});

test('disabled when first seen is not created; disabled later is deactivated; enabled again is reactivated', async () => {
  expect((await run([{ ...jo, active: false }, al])).log).toEqual(['create al']);
  expect((await run([jo, al])).log).toContain('create jo');
  expect((await run([{ ...jo, active: false }, al])).log).toContain('deactivate jo');
  expect((await run([jo, al])).log).toContain('reactivate jo');
});

describe('over the threshold', () => {
  const many = Array.from({ length: 40 }, (_, n): Somebody => ({ id: id(100 + n), name: `p${n}` }));

  test('all leavers become holds, everything else proceeds, and a released one passes', async () => {
    await run(many);
    const first = await run([...many.slice(10), jo]);
    expect(first.plan).toMatchObject({ deactivate: 0, held: 10, create: 1 });
    const [hold] = await store.database.rows<{ hold_id: string }>(
      'select hold_id from hold where customer_id = $1 order by member_id limit 1',
      [customerId],
    );
    await store.holds.decide({
      customerId,
      decision: 'release',
      holds: [hold?.hold_id ?? ''],
      by: 'Jo',
      reason: 'left',
      at: new Date().toISOString(),
    });
    const second = await run([...many.slice(10), jo]);
    expect(second.plan).toMatchObject({ deactivate: 1, held: 9 });
    const third = await run([...many, jo]);
    expect(third.plan).toMatchObject({ deactivate: 0, held: 0, reactivate: 1 });
    expect(await store.holds.countOpen(customerId)).toBe(0);
  });

  test('rejected people stay as they are in every later run', async () => {
    await run(many);
    await run(many.slice(10));
    await store.holds.decide({ customerId, decision: 'reject', holds: 'all', by: 'Jo', reason: 'a mistake', at: new Date().toISOString() });
    expect((await run(many.slice(10))).plan).toMatchObject({ deactivate: 0, held: 0 });
  });

  test('a flood of new user names is held, and so is a flood of additions after the first run', async () => {
    await run(many);
    expect((await run(many.map((person) => ({ ...person, name: `${person.name}@onmicrosoft` })))).plan).toMatchObject({
      update: 0,
      held: 40,
    });
    const more = Array.from({ length: 60 }, (_, n): Somebody => ({ id: id(500 + n), name: `q${n}` }));
    expect((await run([...many, ...more])).plan).toMatchObject({ create: 0, held: 60 });
  });
});

test('an overtaken attempt writes nothing any more', async () => {
  const writer = await openRun(store, customerId);
  await store.leases.nextFence(customerId, writer.runId);
  await expect(read(store, writer, [jo])).rejects.toMatchObject({ code: 'FenceLost' });
});

test('a protected account is never changed, and unlinked where it was linked', async () => {
  await run([jo, al]);
  const { log } = await run([{ ...jo, name: 'joanna' }], { changed: { protectedAccounts: ['jo', 'al'] } });
  expect(log.sort()).toEqual(['unlink al', 'unlink joanna']); // who isn't in the group any more is unlinked, too
});
