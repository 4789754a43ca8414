import { sql, type Kysely } from 'kysely';

/**
 * A decision about a new user name is about that name and no other one. It counts from the next plan on, which has to be made even if nothing else changes. And whoever is not to
 * be renamed gets everything else.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table hold add column wanted text, add column unheeded boolean not null default false',
  `update hold h set wanted = m.user_name_key from member m
   where h.kind = 'rename' and h.ended_at is null and m.customer_id = h.customer_id and m.view = 'live' and m.member_id = h.member_id`,
  'alter table change add column keeps_name boolean not null default false',
];
