/** What a plan finds as the one before it did is not written once more: a customer who always has something to plan would have these rows rewritten every half hour. */
import type { Configuration } from '../../../domain/configuration/configuration';
import { forAllTests } from '../opened';
import {
  addCustomer,
  close,
  configuration as usual,
  id,
  make,
  openRun,
  openStore,
  read,
  type Somebody,
  type Store,
} from './store-under-test';

jest.setTimeout(60_000); // a real database, also on a busy machine

let store: Store;
forAllTests(openStore, (opened) => (store = opened), 120_000);

const leavers: Configuration['leavers'] = { leftGroup: { graceDays: 30 }, disabled: 'leave', deleted: 'deactivate' };
const [jo, al, mo, kim] = [1, 2, 3, 4].map((n): Somebody => ({ id: id(n), name: `person-${n}`, email: `${n}@x` })) as [
  Somebody,
  Somebody,
  Somebody,
  Somebody,
];

async function run(customerId: string, people: readonly Somebody[], changes: Partial<Configuration> = {}): Promise<void> {
  const configuration = { ...usual, leavers, ...changes };
  const writer = await openRun(store, customerId);
  await read(store, writer, people);
  const { ids } = await store.leavers.unasked(customerId, writer.runId, 1000);
  await store.leavers.keep(
    writer,
    ids.map((memberId) => ({ memberId, is: 'left' })),
  );
  await store.plans.plan({ writer, view: 'live', configuration, isReconciled: false, additionsExempt: true, isEmptied: false });
  await make(store, writer, people);
  await close(store, writer);
}

/** Each row with the transaction that wrote it last. */
const written = (table: 'link' | 'problem', customerId: string) =>
  store.database.rows<{ member_id: string; xmin: string }>(
    `select *, xmin::text from ${table} where customer_id = $1 order by member_id, ${table === 'link' ? 'account_id' : 'code'}`,
    [customerId],
  );

test('neither whose grace days run nor who is left alone', async () => {
  await addCustomer(store, 'waiting');
  await run('waiting', [jo, al, mo]);
  const now = [{ ...jo, active: false }, mo]; // disabled, left
  await run('waiting', now);
  const before = await written('link', 'waiting');
  await run('waiting', now);
  expect(await written('link', 'waiting')).toEqual(before);
  expect(before.map(({ member_id }) => member_id)).toEqual([jo.id, al.id, mo.id]);

  // Another policy for their cause is known at once.
  await run('waiting', now, { leavers: { ...leavers, leftGroup: 'leave' } });
  expect(await written('link', 'waiting')).toMatchObject([{ left_alone: true }, { left_alone: true, leaving_cause: 'leftGroup' }, {}]);
});

test('nor whoever has the problem that they had; who has none any more is forgotten, and who is new is added', async () => {
  await addCustomer(store, 'problems');
  const [alAsJo, moAsJo] = [al, mo].map((person) => ({ ...person, email: jo.email })) as [Somebody, Somebody];
  await run('problems', [jo, alAsJo, moAsJo]);
  const before = await written('problem', 'problems');
  expect(before).toMatchObject([
    { member_id: al.id, code: 'EmailDuplicate' },
    { member_id: mo.id, code: 'EmailDuplicate' },
  ]);
  await run('problems', [jo, alAsJo, moAsJo]);
  expect(await written('problem', 'problems')).toEqual(before);

  await run('problems', [jo, alAsJo, mo, { ...kim, name: jo.name }]);
  const after = await written('problem', 'problems');
  expect(after[0]).toEqual(before[0]);
  expect(after.slice(1)).toMatchObject([{ member_id: kim.id, code: 'UserNameDuplicate' }]);
});
