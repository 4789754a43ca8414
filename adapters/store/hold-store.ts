import type { DecidedHolds, HoldDecision } from '../../domain/customer/messages';
import type { Database } from './database';

export interface HoldStore {
  decide(request: HoldDecision & { customerId: string; at: string }): Promise<DecidedHolds>;
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
      const decided = await transaction(async (client) => {
        const { rows: found } = await client.query<{ hold_id: string }>(
          `update hold set state = $2, decided_by = $3, decided_reason = $4, decided_at = $5
           where customer_id = $1 and ended_at is null and ($6::text[] is null or hold_id = any($6))
             and (state = 'open' or (state = $2 and decided_at = $5)) -- the same decision again is no fault
           returning hold_id`,
          [customerId, decision === 'release' ? 'released' : 'rejected', by, reason, at, holds === 'all' ? null : holds],
        );
        await client.query('update customer set settled = false where customer_id = $1', [customerId]);
        return found.map(({ hold_id }) => hold_id);
      });
      return {
        decided: decided.length,
        open: await countOpen(customerId),
        unknown: holds === 'all' ? [] : holds.filter((id) => !decided.includes(id)),
      };
    },
  };
}
