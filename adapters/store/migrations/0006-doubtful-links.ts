import { sql, type Kysely } from 'kysely';

/**
 * A link whose account may have been changed without anybody hearing of it, so that what was written last is not known to be what it holds. And the LMS whose accounts the links
 * are: an id says nothing anywhere else.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table link add column doubtful boolean not null default false',
  'alter table customer add column linked_to text',
  `update customer c set linked_to = (
    select f.body->'target'->>'baseUrl' from configuration f where f.customer_id = c.customer_id and f.version = (c.projection->'configuration'->>'version')::int)`,
];
