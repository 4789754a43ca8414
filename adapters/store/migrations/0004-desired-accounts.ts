import { sql, type Kysely } from 'kysely';

/**
 * What the directory said of somebody is not kept any more, but the desired account that follows from it. That can't be made here: the next read maps everybody anew,
 * and runs under way lose their lease, for they would go on without one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table member drop column source, add column principal_name text, add column desired text',
  `update member set mapping_version = ''`,
  'update customer set baseline_run = null, settled = false',
  'update lease set run_id = null, workflow_id = null, fence = fence + 1',
];
