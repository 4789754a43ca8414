import { sleep, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey } from '@temporalio/common';

/** Sets a search attribute, sleeps, and says how long it slept, in milliseconds. */
export async function patient({ days }: { days: number }): Promise<number> {
  upsertSearchAttributes([{ key: defineSearchAttributeKey('RollcallCustomer', 'KEYWORD'), value: 'acme' }]);
  const begun = Date.now();
  await sleep(days * 86_400_000);
  return Date.now() - begun;
}
