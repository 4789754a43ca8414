import { sql, type Kysely } from 'kysely';

/** Of which LMS, user name and matching the accounts are a whole reading; and with which signed preview a run opened, whatever is signed off until its end. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Of those that are here nobody knows whether a preview came to its end with them: each customer's are read once more.
  'alter table customer add column accounts_for text',
  'alter table run add column signed_preview text',
  `update run r set signed_preview = c.projection->>'signedPreview' from customer c where c.customer_id = r.customer_id and r.report is null`,
];
