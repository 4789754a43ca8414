import type { PoolClient } from 'pg';
import type { Configuration } from '../../../domain/configuration/configuration';
import { managerLoops } from '../../../domain/planning/manager-loops';
import { membersOfRun } from '../members-of-run';

/** Deeper chains than this exist only by mistake; whoever hangs below gets their manager in a step of its own. */
const deepest = 64;

/**
 * Temporary table `rank`: how many managers stand between a member and the top. Managers are written before their reports. The members of loops are given back;
 * somebody who is nobody's manager in the target (disabled, not here) ends the chain.
 */
export async function rankByManager(client: PoolClient): Promise<string[]> {
  await client.query(
    `create temp table rank on commit drop as
     with recursive tree as (
       select w.member_id, 0 as depth from wish w
       where w.active and (w.manager_id is null or not exists (select 1 from wish m where m.member_id = w.manager_id and m.active))
       union all
       select w.member_id, tree.depth + 1 from tree join wish w on w.manager_id = tree.member_id and w.active where tree.depth < ${deepest}
     ) select * from tree`,
  );
  const { rows } = await client.query<{ member_id: string; manager_id: string }>(
    `select w.member_id, w.manager_id from wish w left join rank r on r.member_id = w.member_id where r.member_id is null and w.active and w.manager_id is not null`,
  );
  return [...managerLoops(new Map(rows.map(({ member_id, manager_id }) => [member_id, manager_id])))];
}

/**
 * Links whose written manager differs from the one that the directory demands and the LMS can take: an active account of somebody in the group.
 * Whoever has none (any more) is cleared or kept, by policy. $1 customer, $2 run; to be joined by hash. Needs no plan of this run.
 */
export function differingManagers(configuration: Configuration): string {
  return `select d.* from (${differingOfAnybody(configuration)}) d
    join (${membersOfRun('$2')}) p on p.member_id = d.member_id`;
}

/** Mostly nobody differs, and then nobody needs to be looked for on the run's pages. To be joined by hash. */
export async function countDifferingManagers(
  client: PoolClient,
  customerId: string,
  runId: string,
  configuration: Configuration,
): Promise<number> {
  const any = await client.query(`${differingOfAnybody(configuration)} limit 1`, [customerId, runId]);
  if (any.rowCount === 0) return 0;
  const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from (${differingManagers(configuration)}) differing`, [
    customerId,
    runId,
  ]);
  return rows[0]?.n ?? 0;
}

/** The same, of those too who are not on the run's pages. */
function differingOfAnybody({ manager }: Configuration): string {
  const unavailable = manager.unavailable === 'clear' ? 'true' : '(ml.account_id is not null or m.manager_id is null)';
  return `select l.member_id, l.account_id, l.manager_account as before, ml.account_id as after
    from link l
    join member m on m.customer_id = l.customer_id and m.view = 'live' and m.member_id = l.member_id and m.state = 'desired' and m.active
    left join link ml on ml.customer_id = l.customer_id and ml.member_id = m.manager_id and ml.active
      and not exists (select 1 from problem x where x.customer_id = $1 and x.view = 'live' and x.member_id = l.member_id and x.code = 'ManagerInLoop')
      and not exists (select 1 from change c where c.customer_id = $1 and c.run_id = $2 and c.stage = 'leaver' and c.member_id = ml.member_id and c.outcome is null)
    where l.customer_id = $1 and l.active and ml.account_id is distinct from l.manager_account and ${unavailable}`;
}
