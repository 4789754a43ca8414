import { sql, type Kysely } from 'kysely';

/** Fields that a customer's LMS doesn't keep, and those of them that a run found out: each is told once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table customer add column not_kept text[] not null default '{}'`,
  `alter table run add column found_not_kept text[] not null default '{}'`,
];
