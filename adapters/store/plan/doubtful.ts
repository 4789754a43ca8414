import type { PoolClient } from 'pg';
import type { Writer } from '../lease-store';

/**
 * Marks the links of whom a run may have changed the account without hearing of it, since the last plan was made: the account is looked at before it is believed to hold what was
 * written last. As long as that isn't done it counts as active, so that whoever has gone meanwhile is let go.
 */
export async function markDoubtful(client: PoolClient, { customerId, runId }: Writer): Promise<void> {
  await client.query(
    `update link l set doubtful = true, active = true from (
       select distinct c.member_id from run r
       join stage s on s.customer_id = $1 and s.run_id = r.run_id
       join change c on c.customer_id = $1 and c.run_id = r.run_id and c.stage = s.stage and c.position <= s.sent_until
       where r.customer_id = $1 and r.run_id <> $2 and r.mode = 'sync'
         and r.opened_at >= coalesce((select max(opened_at) from run where customer_id = $1 and run_id <> $2 and mode = 'sync' and plan is not null), '-infinity')
         -- mostly a run has none, and then its rows needn't be looked at
         and (exists (select 1 from tally t where t.customer_id = $1 and t.run_id = r.run_id and t.code in ('TargetUnavailable', 'LeaverUnproven'))
           or s.total > (select coalesce(sum(n), 0) from tally t where t.customer_id = $1 and t.run_id = r.run_id and t.stage = s.stage))
         and c.kind in ('setAside', 'update', 'reactivate', 'deactivate', 'manager') and (c.outcome is null or c.code in ('TargetUnavailable', 'LeaverUnproven'))
     ) unheard where l.customer_id = $1 and l.member_id = unheard.member_id`,
    [customerId, runId],
  );
}
