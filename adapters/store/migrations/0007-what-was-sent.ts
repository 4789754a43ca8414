import { sql, type Kysely } from 'kysely';

/**
 * Of a change of which nobody knows whether it got through: that it is one, and the account as it was sent, kept before the next mapping replaces it. Who is looked at for it
 * carries all that their account may hold.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table change add column unheard boolean not null default false, add column sent text, add column may_hold jsonb',
  `update change set unheard = true where code in ('TargetUnavailable', 'LeaverUnproven')`,
  'alter table link add column may_hold jsonb',
];
