import type { DecidedHolds, HoldDecision } from '../../domain/customer/messages';
import type { Database } from './database';

export interface HoldStore {
  /** All that are named, or none: those that aren't open are told instead. */
  decide(request: HoldDecision & { customerId: string; at: string }): Promise<DecidedHolds | { unknown: string[] }>;
  countOpen(customerId: string): Promise<number>;
}

export function createHoldStore({ rows, transaction }: Database): HoldStore {
  const countOpen = async (customerId: string): Promise<number> => {
    const [row] = await rows<{ n: number }>(
      `select count(*)::int as n from hold where customer_id = $1 and ended_at is null and state = 'open'`,
      [customerId],
    );
    return row?.n ?? 0;
  };
  return {
    countOpen,
    async decide({ customerId, decision, holds, by, reason, at }) {
      const state = decision === 'release' ? 'released' : 'rejected';
      const { known, unknown } = await transaction(async (client) => {
        const { rows: found } = await client.query<{ hold_id: string }>(
          `select hold_id from hold
           where customer_id = $1 and ended_at is null and ($4::text[] is null or hold_id = any($4))
             and (state = 'open' or (state = $2 and decided_at = $3)) -- the same decision again is no fault
           for update`,
          [customerId, state, at, holds === 'all' ? null : holds],
        );
        const known = found.map(({ hold_id }) => hold_id);
        const unknown = holds === 'all' ? [] : holds.filter((id) => !known.includes(id));
        if (unknown.length > 0) return { known, unknown };
        await client.query(
          `update hold set state = $2, decided_by = $3, decided_reason = $4, decided_at = $5 where customer_id = $1 and hold_id = any($6::text[])`,
          [customerId, state, by, reason, at, known],
        );
        await client.query('update customer set settled = false where customer_id = $1', [customerId]);
        return { known, unknown };
      });
      return unknown.length > 0 ? { unknown } : { decided: known.length, open: await countOpen(customerId) };
    },
  };
}
