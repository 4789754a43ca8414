import type { PoolClient } from 'pg';
import { holdFence, type Writer } from './lease-store';
import { isLeftOpen, isUnheard } from './unfinished';

/** Syncs since the last plan, that of the plan included, in which such a change may be: mostly there is none, and then nobody's row needs to be looked at. */
export async function runsWithUnheard(client: PoolClient, { customerId, runId }: Writer): Promise<string[]> {
  const { rows } = await client.query<{ run_id: string }>(
    `select r.run_id from run r where r.customer_id = $1 and r.run_id <> $2 and r.mode = 'sync'
       and r.opened_at >= coalesce((select max(opened_at) from run where customer_id = $1 and run_id <> $2 and mode = 'sync' and plan is not null), '-infinity')
       and (exists (select 1 from tally t where t.customer_id = $1 and t.run_id = r.run_id and (t.outcome = 'failed' or t.code = 'LeaverUnproven'))
         or exists (select 1 from stage s where s.customer_id = $1 and s.run_id = r.run_id and ${isLeftOpen}))`,
    [customerId, runId],
  );
  return rows.map(({ run_id }) => run_id);
}

/** Keeps what such changes were sent with. Before anybody is mapped anew: afterwards nobody knows. */
export async function keepSent(client: PoolClient, writer: Writer): Promise<void> {
  await holdFence(client, writer);
  const runs = await runsWithUnheard(client, writer);
  if (runs.length === 0) return;
  await client.query(
    `update change c set sent = m.desired from stage s, member m
     where s.customer_id = $1 and s.run_id = any($2) and c.customer_id = $1 and c.run_id = s.run_id and c.stage = s.stage and ${isUnheard} and c.sent is null
       and c.kind in ('create', 'adopt', 'update', 'reactivate') and m.customer_id = $1 and m.view = 'live' and m.member_id = c.member_id`,
    [writer.customerId, runs],
  );
}
