/** A decision about holds is made for all that were named, or for none, and can be changed until it has been carried out. */
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
    const who = [customerId, id, randomUUID()];
    await store.database.rows(
      `insert into hold (customer_id, hold_id, kind, member_id, code, run_id) values ($1, $2, 'deactivate', $3, 'ThresholdLeavers', 'r')`,
      who,
    );
    await store.database.rows(
      `insert into link (customer_id, account_id, member_id, user_name, user_name_key, written, written_hash, active) values ($1, $2, $3, $2, $2, '{}', '', true)`,
      who,
    );
  }
}
/** As a run does that deactivates somebody. */
const carryOut = (customerId: string, id: string) =>
  store.database.rows('update link set active = false where customer_id = $1 and account_id = $2', [customerId, id]);
/** As the plan after that one does. */
const end = (customerId: string, id: string) =>
  store.database.rows('update hold set ended_at = now() where customer_id = $1 and hold_id = $2', [customerId, id]);

const [eight, nine] = ['2026-11-24T08:00:00.000Z', '2026-11-24T09:00:00.000Z'] as const;
const decide = (decision: 'release' | 'reject', customerId: string, holds: string[] | 'all', at: string = eight, expected?: number) =>
  createDecideHolds(store)({ customerId, decision, holds, expected, by: 'Jo', reason: 'right so', at });
const releasing = (customerId: string, holds: string[] | 'all', at?: string, expected?: number) =>
  decide('release', customerId, holds, at, expected);
const rejecting = (customerId: string, holds: string[] | 'all', at?: string) => decide('reject', customerId, holds, at);
const states = async (customerId: string) => (await store.lookUps.holds(customerId, undefined, undefined, 10)).map(({ state }) => state);

test('one unknown id among known ones refuses all, and every unknown one is named', async () => {
  await held('mistyped', 'h1', 'h2');
  await expect(releasing('mistyped', ['h1', 'h8', 'h9'])).rejects.toMatchObject({
    type: 'HoldUnknown',
    nonRetryable: true,
    details: [{ faults: ['h8', 'h9'].map((id) => `${id} is no hold of mistyped that is still to be decided or to be carried out`) }],
  });
  expect(await states('mistyped')).toEqual(['open', 'open']);
});

test('a hold of another customer is unknown', async () => {
  await held('mine', 'm1');
  await held('theirs', 't1');
  await expect(releasing('mine', ['t1'])).rejects.toMatchObject({ type: 'HoldUnknown' });
  expect(await states('theirs')).toEqual(['open']);
});

test('known ones are decided, and the same decision again is no fault', async () => {
  await held('known', 'h1', 'h2');
  expect(await releasing('known', ['h1'])).toEqual({ decided: 1, open: 1 });
  expect(await releasing('known', ['h1'])).toEqual({ decided: 1, open: 1 });
  expect(await releasing('known', 'all', nine)).toEqual({ decided: 1, open: 0 });
  expect(await releasing('known', 'all', nine)).toEqual({ decided: 1, open: 0 });
});

test('a later decision about the same hold counts, and says that there was another one; an attempt at the earlier one that comes late changes nothing', async () => {
  await held('regretted', 'h1', 'h2');
  await rejecting('regretted', 'all');
  expect(await releasing('regretted', ['h1'], nine)).toEqual({ decided: 1, open: 0, changed: 1 });
  expect(await states('regretted')).toEqual(['released', 'rejected']);
  await rejecting('regretted', ['h1']);
  expect(await states('regretted')).toEqual(['released', 'rejected']);
});

test('“all” are those that are open: who was decided about by name stays decided', async () => {
  await held('named', 'h1', 'h2');
  await rejecting('named', ['h1']);
  expect(await releasing('named', 'all', nine)).toEqual({ decided: 1, open: 0 });
  expect(await states('named')).toEqual(['rejected', 'released']);
});

test('what was carried out is over: nobody is told of it any more, and nothing is left to decide', async () => {
  await held('over', 'h1', 'h2');
  await releasing('over', ['h1']);
  await carryOut('over', 'h1');
  expect(await states('over')).toEqual(['open']);
  await expect(rejecting('over', ['h1'], nine)).rejects.toMatchObject({ type: 'HoldUnknown' });
  // The answer to the decision itself may have been lost.
  expect(await releasing('over', ['h1'])).toEqual({ decided: 1, open: 1 });
  await end('over', 'h1');
  expect(await releasing('over', ['h1'])).toEqual({ decided: 1, open: 1 });
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
