/** Results go into the store by COPY, a text format with characters of its own: whatever stands in a value must come out as it went in. */
import fc from 'fast-check';
import type { Writer } from '../../../adapters/store/lease-store';
import { forAllTests } from '../opened';
import { addCustomer, configuration, id, openRun, openStore, read, type Store } from './store-under-test';

jest.setTimeout(120_000);

let store: Store;
forAllTests(openStore, (opened) => (store = opened), 120_000);

let customers = 0;

/** A run with one create to be made. */
async function pendingCreate(): Promise<{ writer: Writer; position: number; memberId: string }> {
  const customerId = `customer-${++customers}`;
  await addCustomer(store, customerId);
  const writer = await openRun(store, customerId);
  await read(store, writer, [{ id: id(1), name: 'jo' }]);
  await store.plans.plan({ writer, view: 'live', configuration, isReconciled: false, additionsExempt: true, isEmptied: false });
  await store.changes.resume(writer, 'upsert');
  const [change] = await store.changes.pending(writer, 'upsert', 0, 10);
  if (!change) throw new Error('nobody is to be created');
  return { writer, position: change.position, memberId: change.memberId };
}

const awkward = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\\N', '\\.', 'a\tb\nc\rd\\', "o'neill", '{"a":"\\u0000"}', ''));
/** What PostgreSQL's text can't hold is replaced. */
const held = (text: string) => text.toWellFormed().replaceAll('\0', '\ufffd');

test('what a result says comes out of the store as it went in, whatever characters it holds', async () => {
  await fc.assert(
    fc.asyncProperty(awkward, awkward, awkward, fc.dictionary(awkward, awkward), async (detail, name, accountId, fields) => {
      const { writer, position, memberId } = await pendingCreate();
      const written = JSON.stringify({ userName: name, fields });
      const before = JSON.stringify({ fields });
      const link = { accountId, userName: name, userNameKey: name, written, writtenHash: 'h' };
      const rest = { active: true, deactivatedByUs: false, managerAccount: name, adopted: false };
      const result = { position, memberId, outcome: 'done', accountId, before, after: written, code: 'X', detail, attempts: 2 } as const;
      await store.changes.storeResults(writer, 'upsert', [{ ...result, link: { ...link, ...rest } }], position);

      const [change] = await store.database.rows('select * from change where customer_id = $1', [writer.customerId]);
      // Whoever was to be made and was found to be there was adopted.
      const told = { kind: 'adopt', before, after: written, code: 'X', detail: held(detail), account_id: held(accountId), attempts: 2 };
      expect(change).toMatchObject({ ...told, outcome: 'done' });
      const [linked] = await store.database.rows('select * from link where customer_id = $1', [writer.customerId]);
      expect(linked).toMatchObject({
        written,
        account_id: held(accountId),
        user_name: held(name),
        manager_account: held(name),
        active: true,
      });
    }),
    { numRuns: 40 },
  );
});

test('what has no link changes none, and of two results for one person the later one counts', async () => {
  const { writer, position, memberId } = await pendingCreate();
  const linkAs = (userName: string) => ({
    ...{ accountId: 'a', userName, userNameKey: userName, written: JSON.stringify({ userName }), writtenHash: userName },
    ...{ active: true, deactivatedByUs: false, managerAccount: null, adopted: false },
  });
  const result = { position, memberId, attempts: 1 };
  await store.changes.storeResults(writer, 'upsert', [{ ...result, outcome: 'failed', code: 'TargetRefused' }], position);
  expect(await store.database.rows('select 1 from link where customer_id = $1', [writer.customerId])).toEqual([]);
  expect(await store.changes.pending(writer, 'upsert', 0, 10)).toEqual([]);

  const twice = ['renaming-1.jo', 'jo'].map((name) => ({ ...result, outcome: 'done' as const, link: linkAs(name) }));
  await store.changes.storeResults(writer, 'upsert', twice, position);
  const [linked] = await store.database.rows('select user_name, written from link where customer_id = $1', [writer.customerId]);
  expect(linked).toEqual({ user_name: 'jo', written: '{"userName":"jo"}' });
});

test('what a run has done and left is counted with each batch, once for each change', async () => {
  const { writer, position, memberId } = await pendingCreate();
  const { customerId, runId } = writer;
  expect(await store.changes.resume(writer, 'upsert')).toEqual({ total: 1, sentUntil: 0, finished: 0 });
  expect(await store.changes.hasLeftovers(customerId, runId)).toBe(true);

  const result = { position, memberId, attempts: 1, outcome: 'failed', code: 'TargetRefused' } as const;
  await store.changes.storeResults(writer, 'upsert', [result], position);
  await store.changes.storeResults(writer, 'upsert', [result], position);

  expect(await store.changes.resume(writer, 'upsert')).toEqual({ total: 1, sentUntil: position, finished: 1 });
  expect(await store.changes.done(customerId, runId)).toMatchObject({ created: 0, failed: 1 });
  expect(await store.changes.hasLeftovers(customerId, runId)).toBe(true);
});

test('nothing is left over of a run whose changes are all made', async () => {
  const { writer, position, memberId } = await pendingCreate();
  await store.changes.storeResults(writer, 'upsert', [{ position, memberId, attempts: 1, outcome: 'done' }], position);
  expect(await store.changes.done(writer.customerId, writer.runId)).toMatchObject({ created: 1, failed: 0 });
  expect(await store.changes.hasLeftovers(writer.customerId, writer.runId)).toBe(false);
});

test('an account that is somebody else’s already is a failure of the person who was to get it, and the rest of the batch is stored', async () => {
  const customerId = `customer-${++customers}`;
  await addCustomer(store, customerId);
  const writer = await openRun(store, customerId);
  const people = [1, 2, 3].map((n) => ({ id: id(n), name: `jo${n}` }));
  await read(store, writer, people);
  await store.plans.plan({ writer, view: 'live', configuration, isReconciled: false, additionsExempt: true, isEmptied: false });
  await store.changes.resume(writer, 'upsert');
  const pending = await store.changes.pending(writer, 'upsert', 0, 10);
  const result = (n: number, accountId: string) => {
    const { position, memberId } = pending[n] as (typeof pending)[number];
    const link = { accountId, userName: `jo${n}`, userNameKey: `jo${n}`, written: '{}', writtenHash: 'h', active: true };
    return {
      ...{ position, memberId, outcome: 'done' as const, accountId, after: '{}', attempts: 1 },
      link: { ...link, deactivatedByUs: false, managerAccount: null, adopted: false },
    };
  };
  await store.changes.storeResults(writer, 'upsert', [result(0, 'a')], 3);
  await store.changes.storeResults(writer, 'upsert', [result(1, 'a'), result(2, 'b')], 3);
  expect(await store.changes.done(customerId, writer.runId)).toMatchObject({ created: 2, failed: 1 });
  expect(await store.database.rows('select outcome, code from change where customer_id = $1 order by position', [customerId])).toEqual([
    { outcome: 'done', code: null },
    { outcome: 'failed', code: 'AccountLinkedElsewhere' },
    { outcome: 'done', code: null },
  ]);
});
