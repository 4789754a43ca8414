/** A decision about holds is made for all that were named, or for none. */
import { randomUUID } from 'node:crypto';
import { createDecideHolds } from '../../../activities/customer/decide-holds';
import { forAllTests } from '../opened';
import { addCustomer, openStore, type Store } from './store-under-test';

jest.setTimeout(120_000);

let store: Store;
forAllTests(openStore, (opened) => (store = opened), 120_000);

async function held(customerId: string, ...ids: string[]): Promise<void> {
  await addCustomer(store, customerId);
  await raise(customerId, ...ids);
}

async function raise(customerId: string, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    await store.database.rows(
      `insert into hold (customer_id, hold_id, kind, member_id, code, run_id) values ($1, $2, 'deactivate', $3, 'TooManyLeavers', 'r')`,
      [customerId, id, randomUUID()],
    );
  }
}

const releasing = (customerId: string, holds: string[] | 'all', at = '2026-11-24T08:00:00.000Z', expected?: number) =>
  createDecideHolds(store)({ customerId, decision: 'release', holds, expected, by: 'Jo', reason: 'right so', at });
const states = async (customerId: string) => (await store.lookUps.holds(customerId, undefined, undefined, 10)).map(({ state }) => state);

test('one unknown id among known ones refuses all, and every unknown one is named', async () => {
  await held('mistyped', 'h1', 'h2');
  await expect(releasing('mistyped', ['h1', 'h8', 'h9'])).rejects.toMatchObject({
    type: 'HoldUnknown',
    nonRetryable: true,
    details: [{ faults: ['h8 is no open hold of mistyped', 'h9 is no open hold of mistyped'] }],
  });
  expect(await states('mistyped')).toEqual(['open', 'open']);
});

test('a hold of another customer is unknown', async () => {
  await held('mine', 'm1');
  await held('theirs', 't1');
  await expect(releasing('mine', ['t1'])).rejects.toMatchObject({ type: 'HoldUnknown' });
  expect(await states('theirs')).toEqual(['open']);
});

test('known ones are decided, the same decision again is no fault, and a later one about them is', async () => {
  await held('known', 'h1', 'h2');
  expect(await releasing('known', ['h1'])).toEqual({ decided: 1, open: 1 });
  expect(await releasing('known', ['h1'])).toEqual({ decided: 1, open: 1 });
  await expect(releasing('known', ['h1'], '2026-11-24T09:00:00.000Z')).rejects.toMatchObject({ type: 'HoldUnknown' });
  expect(await releasing('known', 'all', '2026-11-24T09:00:00.000Z')).toEqual({ decided: 1, open: 0 });
});

test('all are those that were counted: others that were raised meanwhile are not decided, neither at first nor when the decision is made again', async () => {
  await held('counted', 'h1', 'h2');
  const at = '2026-11-24T09:00:00.000Z';
  await raise('counted', 'h3');
  await expect(releasing('counted', 'all', at, 2)).rejects.toMatchObject({
    type: 'HoldUnknown',
    details: [{ faults: ['3 changes wait for a decision now, not 2: look at them again, nothing was decided'] }],
  });
  expect(await states('counted')).toEqual(['open', 'open', 'open']);
  expect(await releasing('counted', 'all', at, 3)).toEqual({ decided: 3, open: 0 });
  await raise('counted', 'h4');
  expect(await releasing('counted', 'all', at, 3)).toEqual({ decided: 3, open: 1 });
});
