import type { DecidedHolds, HoldDecision } from '../../domain/customer/messages';
import type { Database } from './database';

export interface HoldStore {
  /** All that are named, or none: those that aren't open are told instead. */
  decide(request: HoldDecision & { customerId: string; at: string }): Promise<DecidedHolds | { unknown: string[] } | { openNow: number }>;
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
    async decide({ customerId, decision, holds, expected, by, reason, at }) {
      const state = decision === 'release' ? 'released' : 'rejected';
      const { known, unknown, openNow } = await transaction(async (client) => {
        const { rows: found } = await client.query<{ hold_id: string; state: string }>(
          `select hold_id, state from hold
           where customer_id = $1 and ended_at is null and ($4::text[] is null or hold_id = any($4))
             and (state = 'open' or (state = $2 and decided_at = $3)) -- the same decision again is no fault
           for update`,
          [customerId, state, at, holds === 'all' ? null : holds],
        );
        const again = found.filter((hold) => hold.state !== 'open');
        const isCounted = expected !== undefined;
        // Others than were counted may have been raised since: neither at first nor on a retry is the decision about them.
        if (isCounted && again.length === 0 && found.length !== expected) return { known: [], unknown: [], openNow: found.length };
        const known = (isCounted && again.length > 0 ? again : found).map(({ hold_id }) => hold_id);
        const unknown = holds === 'all' ? [] : holds.filter((id) => !known.includes(id));
        if (unknown.length > 0) return { known, unknown, openNow: undefined };
        await client.query(
          `update hold set state = $2, decided_by = $3, decided_reason = $4, decided_at = $5 where customer_id = $1 and hold_id = any($6::text[])`,
          [customerId, state, by, reason, at, known],
        );
        await client.query('update customer set settled = false where customer_id = $1', [customerId]);
        return { known, unknown, openNow: undefined };
      });
      if (openNow !== undefined) return { openNow };
      return unknown.length > 0 ? { unknown } : { decided: known.length, open: await countOpen(customerId) };
    },
  };
}
