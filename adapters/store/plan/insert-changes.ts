import type { PoolClient } from 'pg';
import type { Writer } from '../lease-store';
import type { Person } from './guarded';
import type { Held } from './holds';
import { runsWithUnheardCreates, unheardCreates } from '../unfinished';

export async function insertUpserts(
  client: PoolClient,
  { customerId, runId }: Writer,
  queued: { memberId: string; what: string }[],
): Promise<number> {
  if (queued.length > 0)
    await client.query(
      `create temp table queued on commit drop as select place::int, member_id, what from unnest($1::uuid[], $2::text[]) with ordinality as t(member_id, what, place)`,
      [queued.map(({ memberId }) => memberId), queued.map(({ what }) => what)],
    );
  const inOrder = `select 1 as class, q.place, case q.what when 'setAside' then 'setAside' else w.kind end as kind, w.member_id, w.account_id, w.cause, w.bare, w.keeps_name from queued q join wish w on w.member_id = q.member_id where w.kind is not null
       union all`;
  const { rowCount } = await client.query(
    `insert into change (customer_id, run_id, stage, position, kind, member_id, account_id, cause, alone, bare, keeps_name)
     select $1, $2, 'upsert', row_number() over (order by class, place, member_id), kind, member_id, account_id, cause, class = 1, coalesce(bare, false), coalesce(keeps_name, false) from (
       ${queued.length > 0 ? inOrder : ''}
       select case kind when 'unlink' then 0 when 'create' then 3 else 2 end as class, case kind when 'create' then coalesce(r.depth, 1000) else 0 end as place, kind, w.member_id, w.account_id, w.cause, w.bare, w.keeps_name
       from wish w left join rank r on r.member_id = w.member_id
       where w.kind in ('unlink', 'create', 'adopt', 'update', 'reactivate') ${queued.length > 0 ? "and (w.kind = 'unlink' or not exists (select 1 from queued q where q.member_id = w.member_id))" : ''}
     ) rows`,
    [customerId, runId],
  );
  const open = await client.query(`${runsWithUnheardCreates} limit 1`, [customerId, runId]);
  if (open.rowCount === 0) return rowCount ?? 0;
  await client.query(
    `update change c set uncertain = true, may_hold = unheard.sent
     from (select member_id, jsonb_agg(distinct sent::jsonb) filter (where sent is not null) as sent from (${unheardCreates}) u group by 1) unheard
     where c.customer_id = $1 and c.run_id = $2 and c.stage = 'upsert' and c.kind in ('create', 'adopt') and c.member_id = unheard.member_id`,
    [customerId, runId],
  );
  return rowCount ?? 0;
}

export async function insertLeavers(
  client: PoolClient,
  { customerId, runId }: Writer,
  leavers: readonly (Person & { cause?: string })[],
): Promise<number> {
  if (leavers.length === 0) return 0;
  await client.query(
    `insert into change (customer_id, run_id, stage, position, kind, member_id, account_id, cause)
     select $1, $2, 'leaver', i, 'deactivate', member_id, account_id, cause from unnest($3::uuid[], $4::text[], $5::text[]) with ordinality as t(member_id, account_id, cause, i)`,
    [
      customerId,
      runId,
      leavers.map(({ memberId }) => memberId),
      leavers.map(({ accountId }) => accountId),
      leavers.map(({ cause }) => cause ?? null),
    ],
  );
  return leavers.length;
}

/** How many changes the run's stages have, so that one which is never reached isn't forgotten. */
export async function layOutStages(
  client: PoolClient,
  { customerId, runId }: Writer,
  totals: Readonly<Record<'upsert' | 'leaver', number>>,
): Promise<void> {
  await client.query(
    'insert into stage (customer_id, run_id, stage, total) select $1, $2, * from unnest($3::text[], $4::int[]) as t(stage, total) where total > 0',
    [customerId, runId, Object.keys(totals), Object.values(totals)],
  );
}

export async function insertHeld(client: PoolClient, { customerId, runId }: Writer, held: readonly Held[]): Promise<void> {
  if (held.length === 0) return;
  await client.query(
    `insert into change (customer_id, run_id, stage, position, kind, member_id, account_id, cause, code, outcome)
     select $1, $2, 'held', i, kind, member_id, account_id, cause, code, 'held'
     from unnest($3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[]) with ordinality as t(kind, member_id, account_id, cause, code, i)`,
    [
      customerId,
      runId,
      held.map(({ kind }) => kind),
      held.map(({ memberId }) => memberId),
      held.map(({ accountId }) => accountId ?? null),
      held.map(({ cause }) => cause ?? null),
      held.map(({ code }) => code),
    ],
  );
}
