import type { PoolClient } from 'pg';
import type { DesiredAccount } from '../../../domain/account';
import { desiredHash } from '../../../domain/mapping/desired-hash';
import type { Guarded } from '../../../domain/planning/guard';
import type { View } from '../schema';
import type { Person } from './guarded';
import { withdrawn } from './wishes';

/** Nobody of them is created: not yet, or not at all. */
export async function withholdAdditions(client: PoolClient, { held, rejected }: Guarded<Person>): Promise<void> {
  if (held.length + rejected.length === 0) return;
  await client.query('update wish set kind = null where member_id = any($1::uuid[])', [idsOf([...held, ...rejected])]);
}

/** Whose new name waits for a decision stays as they are meanwhile, except that who is back is switched on. Whose new name was rejected gets everything else. */
export async function withholdRenames(
  client: PoolClient,
  customerId: string,
  view: View,
  { held, rejected }: Guarded<Person>,
): Promise<void> {
  if (held.length > 0) await client.query(`update wish set ${withdrawn} where member_id = any($1::uuid[])`, [idsOf(held)]);
  for (let from = 0; from < rejected.length; from += atOnce) {
    const ids = idsOf(rejected.slice(from, from + atOnce));
    await client.query(
      `update wish set keeps_name = true, wants = has,
         kind = case when kind = 'update' and doubtful is not true and member_id = any($2::uuid[]) then null else kind end
       where member_id = any($1::uuid[])`,
      [ids, await whoDifferInNameAlone(client, customerId, view, ids)],
    );
  }
}

/** People whose desired accounts are looked at in one go. */
const atOnce = 5_000;

async function whoDifferInNameAlone(client: PoolClient, customerId: string, view: View, ids: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ member_id: string; desired: string; user_name: string; written_hash: string }>(
    `select m.member_id, m.desired, l.user_name, l.written_hash from member m join link l on l.customer_id = $1 and l.member_id = m.member_id
     where m.customer_id = $1 and m.view = $2 and m.member_id = any($3::uuid[])`,
    [customerId, view, ids],
  );
  return rows
    .filter(({ desired, user_name, written_hash }) => desiredHash(withName(desired, user_name)) === written_hash)
    .map(({ member_id }) => member_id);
}

/** What is desired, but for the name. */
export function withName(desired: string, userName: string): DesiredAccount {
  return { ...(JSON.parse(desired) as DesiredAccount), userName };
}

function idsOf(persons: readonly Person[]): string[] {
  return persons.map(({ memberId }) => memberId);
}
