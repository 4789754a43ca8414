import { sql, type Kysely } from 'kysely';

/** A proof that somebody left counts for some minutes only; of those that are here already nobody knows how old they are, so they are asked for again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`alter table confirmation add column asked_at timestamptz not null default 'epoch'`).execute(db);
  await sql.raw('alter table confirmation alter column asked_at set default now()').execute(db);
}
