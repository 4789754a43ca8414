import type { DecidedHolds, HoldDecision } from '../../domain/customer/messages';
import { isCarriedOut } from './carried-out';
import type { Database } from './database';

export interface HoldStore {
  /**
   * All that are named, or none: those that can't be decided (any more) are told instead. What was decided can be decided otherwise until it has been carried out, by name; the
   * latest decision counts. `all` are those that are open; where others than were counted are by now, how many is told instead.
   */
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
        const { rows: found } = await client.query<{ hold_id: string; was: string }>(
          `select hold_id, state as was from hold h
           where customer_id = $1 and (hold_id = any($4::text[]) or $4::text[] is null and (state = 'open' or decided_at = $3))
             and (ended_at is null and not ${isCarriedOut}
               or state = $2 and decided_at = $3) -- the same decision again is no fault, whatever has come of it
           for update of h`,
          [customerId, state, at, holds === 'all' ? null : holds],
        );
        const again = found.filter(({ was }) => was !== 'open');
        const isCounted = holds === 'all' && expected !== undefined;
        // Others than were counted may have been raised since: neither at first nor on a retry is the decision about them.
        if (isCounted && again.length === 0 && found.length !== expected) return { known: [], unknown: [], openNow: found.length };
        const known = isCounted && again.length > 0 ? again : found;
        const unknown = holds === 'all' ? [] : holds.filter((id) => !known.some(({ hold_id }) => hold_id === id));
        if (unknown.length > 0) return { known, unknown, openNow: undefined };
        await client.query(
          `update hold set state = $2, decided_by = $3, decided_reason = $4, decided_at = $5, unheeded = true
           where customer_id = $1 and hold_id = any($6::text[]) and ended_at is null and (decided_at is null or decided_at <= $5)`,
          [customerId, state, by, reason, at, known.map(({ hold_id }) => hold_id)],
        );
        await client.query('update customer set settled = false where customer_id = $1', [customerId]);
        return { known, unknown, openNow: undefined };
      });
      if (openNow !== undefined) return { openNow };
      if (unknown.length > 0) return { unknown };
      const changed = known.filter(({ was }) => was !== 'open' && was !== state).length;
      return { decided: known.length, open: await countOpen(customerId), ...(changed > 0 && { changed }) };
    },
  };
}
