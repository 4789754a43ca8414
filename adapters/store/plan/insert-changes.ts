import type { PoolClient } from 'pg';
import type { Writer } from '../lease-store';
import type { Person } from './guarded';
import type { Held } from './holds';

export async function insertUpserts(
  client: PoolClient,
  { customerId, runId }: Writer,
  queued: { memberId: string; what: string }[],
): Promise<void> {
  await client.query('create temp table queued (place int, member_id uuid, what text) on commit drop');
  if (queued.length > 0) {
    await client.query('insert into queued select row_number() over (), * from unnest($1::uuid[], $2::text[])', [
      queued.map(({ memberId }) => memberId),
      queued.map(({ what }) => what),
    ]);
  }
  await client.query(
    `insert into change (customer_id, run_id, stage, position, kind, member_id, account_id, alone)
     select $1, $2, 'upsert', row_number() over (order by class, place, depth, member_id), kind, member_id, account_id, class = 1 from (
       select 0 as class, 0 as place, 0 as depth, kind, member_id, account_id from wish where kind = 'unlink'
       union all
       select 1, q.place, 0, case q.what when 'setAside' then 'setAside' else w.kind end, w.member_id, w.account_id from queued q join wish w on w.member_id = q.member_id where w.kind is not null
       union all
       select case w.kind when 'create' then 3 else 2 end, 0, case w.kind when 'create' then coalesce(r.depth, 1000) else 0 end, w.kind, w.member_id, w.account_id
       from wish w left join rank r on r.member_id = w.member_id
       where w.kind in ('create', 'adopt', 'update', 'reactivate') and not exists (select 1 from queued q where q.member_id = w.member_id)
     ) rows`,
    [customerId, runId],
  );
}

export async function insertLeavers(
  client: PoolClient,
  { customerId, runId }: Writer,
  leavers: readonly (Person & { cause?: string })[],
): Promise<void> {
  if (leavers.length === 0) return;
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
