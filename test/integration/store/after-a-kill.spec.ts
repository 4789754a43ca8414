import { close, configuration, forEachCustomer, id, make, openRun, read, type Somebody, type Store } from './store-under-test';

jest.setTimeout(60_000); // a real database, also on a busy machine

let store: Store;
let customerId: string;
forEachCustomer((its) => ({ store, customerId } = its));

const jo: Somebody = { id: id(1), name: 'jo' };
const al: Somebody = { id: id(2), name: 'al' };

const planOf = (writer: Awaited<ReturnType<typeof openRun>>, isReconciled = false) =>
  store.plans.plan({ writer, view: 'live', configuration, isReconciled, additionsExempt: true, isEmptied: false });

async function wholeRun(people: readonly Somebody[]) {
  const writer = await openRun(store, customerId);
  await read(store, writer, people);
  await planOf(writer);
  await make(store, writer, people);
  await close(store, writer);
}

test('killed when the read was stored but not yet told: whoever left is still found missing by the second attempt', async () => {
  await wholeRun([jo, al]);
  const writer = await openRun(store, customerId);
  expect((await read(store, writer, [jo])).settled).toBe(false);
  expect((await store.members.completeRead(writer, 'live')).settled).toBe(false);
});

test('an unchanged read is unchanged for the second attempt too', async () => {
  await wholeRun([jo, al]);
  const writer = await openRun(store, customerId);
  expect((await read(store, writer, [jo, al])).settled).toBe(true);
  expect((await store.members.completeRead(writer, 'live')).settled).toBe(true);
});

test('a run that was terminated after its read hands what it found to the next run', async () => {
  await wholeRun([jo, al]);
  const terminated = await openRun(store, customerId);
  await read(store, terminated, [jo, { ...al, name: 'alan' }]);
  await store.leases.release(customerId, terminated.runId); // taken over, and never closed
  const next = await openRun(store, customerId);
  expect((await read(store, next, [jo, { ...al, name: 'alan' }])).settled).toBe(false);
});

describe('accounts that were there before', () => {
  const account = { accountId: 'a1', userName: 'al', active: true, fields: {} };
  const keys = { userName: ({ userName }: { userName: string }) => userName, email: () => undefined };

  /** Reads people and accounts, as the step does before it plans. */
  async function reconciled(writer: Awaited<ReturnType<typeof openRun>>) {
    await read(store, writer, [jo, al]);
    await store.accounts.forget(writer);
    await store.accounts.keep(writer, [account], keys);
    await store.accounts.complete(writer, 'k');
    await store.accounts.reconciled(writer, 'k');
  }

  test('are read again when a later reading was ended in its midst, or was one of another target', async () => {
    const writer = await openRun(store, customerId);
    await reconciled(writer);
    await planOf(writer, true);
    await store.accounts.forget(writer);
    await store.accounts.keep(writer, [account], keys);
    expect(await store.accounts.isDue(writer, 'k')).toBe(true);
    await store.accounts.complete(writer, 'another target');
    expect(await store.accounts.isDue(writer, 'k')).toBe(true);
    expect(await store.accounts.isDue(writer, 'another target')).toBe(true); // a preview's reading links nobody
    await store.accounts.complete(writer, 'k');
    expect(await store.accounts.isDue(writer, 'k')).toBe(false);
  });

  test('are read again when the step was killed before it had planned', async () => {
    const writer = await openRun(store, customerId);
    await reconciled(writer);
    expect(await store.accounts.isDue(writer, 'k')).toBe(true);
    expect(await planOf(writer, true)).toMatchObject({ create: 1, adopt: 1 });
    expect(await store.accounts.isDue(writer, 'k')).toBe(false);
    expect(await store.accounts.isDue(writer, 'another target')).toBe(true);
  });

  test('stay matched, without being read again, until they are linked: in the runs after one that was ended before it had', async () => {
    const ended = await openRun(store, customerId);
    await reconciled(ended);
    await planOf(ended, true);
    await store.leases.release(customerId, ended.runId);
    for (let n = 0; n < 2; n += 1) {
      const next = await openRun(store, customerId);
      await read(store, next, [jo, al]);
      expect(await store.accounts.isDue(next, 'k')).toBe(false);
      expect(await planOf(next)).toMatchObject({ create: 1, adopt: 1 });
      if (n === 1) await make(store, next, [jo, al]);
      await store.leases.release(customerId, next.runId);
    }
    const last = await openRun(store, customerId);
    await read(store, last, [jo, al]);
    expect(await planOf(last)).toMatchObject({ create: 0, adopt: 0 });
  });

  test('one that was found only when it was to be made is told as adopted', async () => {
    const writer = await openRun(store, customerId);
    await read(store, writer, [jo, al]);
    await planOf(writer);
    await store.changes.resume(writer, 'upsert');
    const [first, second] = await store.changes.pending(writer, 'upsert', 0, 2);
    const result = { outcome: 'done' as const, attempts: 1 };
    await store.changes.storeResults(
      writer,
      'upsert',
      [
        { ...result, position: first?.position ?? 0, memberId: jo.id, accountId: 'a1', before: '{"fields":{}}', after: '{}' },
        { ...result, position: second?.position ?? 0, memberId: al.id, accountId: 'a2', after: '{}' },
      ],
      1_000,
    );
    expect(await store.changes.done(customerId, writer.runId)).toMatchObject({ created: 1, adopted: 1 });
  });
});
