import type { PoolClient } from 'pg';
import type { Writer } from '../lease-store';
import { isUnheard } from '../unfinished';
import { runsWithUnheard } from '../unheard';

/**
 * Marks the links of whom a run may have changed the account without hearing of it, since the last plan was made: the account is looked at before it is believed to hold what was
 * written last. As long as that isn't done it counts as active, so that whoever has gone meanwhile is let go.
 */
export async function markDoubtful(client: PoolClient, writer: Writer): Promise<void> {
  const runs = await runsWithUnheard(client, writer);
  if (runs.length === 0) return;
  await client.query(
    `update link l set doubtful = true, active = true,
       may_hold = (select jsonb_agg(distinct one) from jsonb_array_elements(coalesce(l.may_hold, '[]') || coalesce(unheard.sent, '[]')) one)
     from (
       select c.member_id, jsonb_agg(c.sent::jsonb) filter (where c.sent is not null) as sent from stage s
       join change c on c.customer_id = $1 and c.run_id = s.run_id and c.stage = s.stage and ${isUnheard}
       where s.customer_id = $1 and s.run_id = any($2) and c.kind in ('setAside', 'update', 'reactivate', 'deactivate', 'manager') group by 1
     ) unheard where l.customer_id = $1 and l.member_id = unheard.member_id`,
    [writer.customerId, runs],
  );
}
