import { sql, type Kysely } from 'kysely';

/** A proof that somebody left counts for some minutes only; those from before this file are older than any run that is under way. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw('alter table confirmation add column asked_at timestamptz not null default now()').execute(db);
}
