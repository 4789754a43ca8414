import type { PoolClient } from 'pg';
import type { Writer } from '../lease-store';
import { isLeftOpen } from '../unfinished';

/**
 * Marks the links of whom a run may have changed the account without hearing of it, since the last plan was made: the account is looked at before it is believed to hold what was
 * written last. As long as that isn't done it counts as active, so that whoever has gone meanwhile is let go.
 */
export async function markDoubtful(client: PoolClient, { customerId, runId }: Writer): Promise<void> {
  // Mostly there is no such run, and then nobody's row is looked at.
  const { rows } = await client.query<{ run_id: string }>(
    `select r.run_id from run r where r.customer_id = $1 and r.run_id <> $2 and r.mode = 'sync'
       and r.opened_at >= coalesce((select max(opened_at) from run where customer_id = $1 and run_id <> $2 and mode = 'sync' and plan is not null), '-infinity')
       and (exists (select 1 from tally t where t.customer_id = $1 and t.run_id = r.run_id and t.code in ('TargetUnavailable', 'LeaverUnproven'))
         or exists (select 1 from stage s where s.customer_id = $1 and s.run_id = r.run_id and ${isLeftOpen}))`,
    [customerId, runId],
  );
  if (rows.length === 0) return;
  await client.query(
    `update link l set doubtful = true, active = true from (
       select distinct c.member_id from stage s
       join change c on c.customer_id = $1 and c.run_id = s.run_id and c.stage = s.stage and c.position <= s.sent_until
       where s.customer_id = $1 and s.run_id = any($2)
         and c.kind in ('setAside', 'update', 'reactivate', 'deactivate', 'manager') and (c.outcome is null or c.code in ('TargetUnavailable', 'LeaverUnproven'))
     ) unheard where l.customer_id = $1 and l.member_id = unheard.member_id`,
    [customerId, rows.map(({ run_id }) => run_id)],
  );
}
