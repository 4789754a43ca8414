import type { PoolClient } from 'pg';
import { withdrawn } from './wishes';
import { queueForNames, type NameQueue } from '../../../domain/planning/user-name-queue';

/** Whoever wants a name that another linked account has at the moment is written in order and alone; who waits for one that isn't given up is a problem. */
export async function orderContestedNames(client: PoolClient, customerId: string): Promise<NameQueue['steps']> {
  const { rows } = await client.query<{ member_id: string; wants: string; has: string | null }>(
    `with contested as (
       select l.user_name_key as name from wish w join link l on l.customer_id = $1 and l.user_name_key = w.wants and l.member_id <> w.member_id
       where w.kind in ('create', 'adopt', 'update', 'reactivate') and w.bare is not true and w.wants is distinct from w.has
     )
     select w.member_id, w.wants, w.has from wish w
     where w.kind in ('create', 'adopt', 'update', 'reactivate') and w.bare is not true and w.wants is distinct from w.has
       and (w.wants in (select name from contested) or w.has in (select name from contested)) order by w.member_id`,
    [customerId],
  );
  if (rows.length === 0) return [];
  const given = new Set(rows.flatMap(({ has }) => has ?? []));
  const held = new Set(
    (
      await client.query<{ user_name_key: string }>('select user_name_key from link where customer_id = $1 and user_name_key = any($2)', [
        customerId,
        rows.map(({ wants }) => wants),
      ])
    ).rows
      .map(({ user_name_key }) => user_name_key)
      .filter((name) => !given.has(name)),
  );
  const { steps, blocked } = queueForNames(
    rows.map(({ member_id, wants, has }) => ({ memberId: member_id, wants, has: has ?? undefined })),
    (name) => held.has(name),
  );
  if (blocked.length > 0)
    await client.query(`update wish set ${withdrawn}, code = 'AccountLinkedElsewhere' where member_id = any($1::uuid[])`, [blocked]);
  return steps;
}
