import { sql, type Kysely } from 'kysely';

/**
 * How many changes of a run went how, kept with each batch of results: to count the rows themselves takes longer the more there are, and is asked for again and again. And
 * indexes that nothing looks into, but every new account had to be put into.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table tally (
    customer_id text not null, run_id text not null, stage text not null, kind text not null, outcome text not null,
    -- of the failure; empty where there is none
    code text not null default '',
    n int not null,
    primary key (customer_id, run_id, stage, kind, outcome, code)
  )`,
  `insert into tally select customer_id, run_id, stage, kind, outcome, coalesce(code, ''), count(*) from change
   where outcome is not null and stage <> 'held' group by 1, 2, 3, 4, 5, 6`,
  `insert into stage (customer_id, run_id, stage, total) select customer_id, run_id, stage, count(*) from change where stage <> 'held' group by 1, 2, 3
   on conflict do nothing`,
  // a run before this one may have made them; and whoever only gets their account back, as it is
  'alter table change add column uncertain boolean not null default false, add column bare boolean not null default false',
  'drop index link_user_name',
  'drop index account_user_name',
  'create index link_leaving on link (customer_id) where leaving_since is not null',
];
