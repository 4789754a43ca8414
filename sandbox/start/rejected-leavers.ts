import type { RollcallClient } from '../../client/rollcall-client';

/** How many people's leaving somebody has rejected. The comparison knows directory and mapping alone, and no decisions. */
export async function rejectedLeavers({ lookUp }: Pick<RollcallClient, 'lookUp'>, customerId: string): Promise<number> {
  let rejected = 0;
  let cursor: string | undefined;
  do {
    const page = await lookUp({ what: 'holds', customerId, kind: 'deactivate', cursor });
    rejected += page.rows.filter(({ state }) => state === 'rejected').length;
    cursor = page.next;
  } while (cursor !== undefined);
  return rejected;
}
