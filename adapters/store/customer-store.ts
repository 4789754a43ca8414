import type { ReadingWay } from '../directory/directory';
import type { TargetMemory } from '../target/target';
import type { Configuration } from '../../domain/configuration/configuration';
import type { CredentialPurpose, Projection } from '../../domain/customer/projection';
import { Failure } from '../../domain/failure';
import type { Database } from './database';
import type { Writer } from './lease-store';

export interface KnownCustomer {
  projection: Projection;
  directoryWay?: ReadingWay;
  targetMemory: TargetMemory;
}

/** What was decided about customers, and what was found out about their servers. */
export interface CustomerStore {
  find(customerId: string): Promise<KnownCustomer | undefined>;
  all(): Promise<Projection[]>;
  /** The very same decision again is fine; throws `DecisionOutdated` where another one is stored under this number or a later one. */
  follow(projection: Projection): Promise<void>;
  configuration(customerId: string, version: number): Promise<Configuration | undefined>;
  /**
   * Under which version it is kept: the one that is asked for, or a later one where other bodies have been kept since. What is kept never changes;
   * the newest body again keeps its version, for this may be a retry.
   */
  keepConfiguration(customerId: string, version: number, body: Configuration, by: string): Promise<number>;
  keepCredential(credential: SealedCredential & { customerId: string; by: string }): Promise<void>;
  credential(customerId: string, credentialId: string): Promise<SealedCredential | undefined>;
  rememberWay(customerId: string, way: ReadingWay): Promise<void>;
  rememberTarget(customerId: string, memory: TargetMemory): Promise<void>;
  /** Fields that the target doesn't keep, as of now; what wasn't known before was found by this run. */
  rememberNotKept(writer: Pick<Writer, 'customerId' | 'runId'>, fields: readonly string[]): Promise<void>;
  /** A preview was signed off before this run opened, and no sync has come to its end since. */
  isFirstSync(customerId: string, runId: string): Promise<boolean>;
}

export interface SealedCredential {
  credentialId: string;
  purpose: CredentialPurpose;
  audience: string;
  sealed: string;
}

export function createCustomerStore({ rows }: Database): CustomerStore {
  const decisionsOf = async (customerId: string): Promise<string | undefined> =>
    (await rows<{ decisions: string }>('select decisions from customer where customer_id = $1', [customerId]))[0]?.decisions;
  return {
    async find(customerId) {
      const [row] = await rows<{ projection: Projection; directory_way: ReadingWay | null; target_memory: TargetMemory }>(
        'select projection, directory_way, target_memory from customer where customer_id = $1',
        [customerId],
      );
      return row && { projection: row.projection, directoryWay: row.directory_way ?? undefined, targetMemory: row.target_memory };
    },
    async all() {
      return (await rows<{ projection: Projection }>('select projection from customer order by customer_id')).map(
        ({ projection }) => projection,
      );
    },
    async follow(projection) {
      const { customerId, decisions } = projection;
      const followed = await rows(
        `insert into customer (customer_id, decisions, projection) values ($1, $2, $3)
         on conflict (customer_id) do update set decisions = excluded.decisions, projection = excluded.projection,
           settled = customer.settled and customer.projection->'configuration' = excluded.projection->'configuration'
         where customer.decisions < excluded.decisions or (customer.decisions = excluded.decisions and customer.projection = excluded.projection)
         returning 1`,
        [customerId, decisions, JSON.stringify(projection)],
      );
      if (followed.length > 0) return;
      throw new Failure('DecisionOutdated', `This is number ${decisions}, and the store has ${await decisionsOf(customerId)}.`);
    },
    async configuration(customerId, version) {
      const [row] = await rows<{ body: Configuration }>('select body from configuration where customer_id = $1 and version = $2', [
        customerId,
        version,
      ]);
      return row?.body;
    },
    async keepConfiguration(customerId, version, body, by) {
      const [kept] = await rows<{ version: number }>(
        `with newest as (select version, body from configuration where customer_id = $1 order by version desc limit 1),
           again as (select version from newest where version >= $2 and body = $3::jsonb),
           added as (
             insert into configuration (customer_id, version, body, accepted_by)
             select $1, greatest($2, (select version + 1 from newest)), $3, $4 where not exists (select 1 from again)
             on conflict do nothing returning version
           )
         select version from again union all select version from added`,
        [customerId, version, JSON.stringify(body), by],
      );
      // Neither there nor added: another attempt has just kept something under that number.
      return kept?.version ?? this.keepConfiguration(customerId, version, body, by);
    },
    async keepCredential({ customerId, credentialId, purpose, audience, sealed, by }) {
      await rows(
        `insert into credential (customer_id, credential_id, purpose, audience, sealed, given_by) values ($1, $2, $3, $4, $5, $6)
         on conflict (customer_id, credential_id) do nothing`,
        [customerId, credentialId, purpose, audience, sealed, by],
      );
    },
    async credential(customerId, credentialId) {
      const [row] = await rows<SealedCredential>(
        `select credential_id as "credentialId", purpose, audience, sealed from credential where customer_id = $1 and credential_id = $2`,
        [customerId, credentialId],
      );
      return row;
    },
    async rememberWay(customerId, way) {
      await rows('update customer set directory_way = $2 where customer_id = $1', [customerId, way]);
    },
    async rememberTarget(customerId, memory) {
      await rows('update customer set target_memory = $2 where customer_id = $1', [customerId, JSON.stringify(memory)]);
    },
    async rememberNotKept({ customerId, runId }, fields) {
      await rows(
        `with before as (select not_kept from customer where customer_id = $1),
           now as (update customer set not_kept = $3 where customer_id = $1 and not_kept <> $3::text[])
         update run set found_not_kept = array(
           select unnest(found_not_kept) union select field from unnest($3::text[]) field where field <> all (select unnest(not_kept) from before) order by 1)
         where customer_id = $1 and run_id = $2 and exists (select 1 from before where not $3::text[] <@ not_kept)`,
        [customerId, runId, [...fields].sort()],
      );
    },
    async isFirstSync(customerId, runId) {
      const found = await rows(
        `select 1 from run r join customer c using (customer_id) where r.customer_id = $1 and r.run_id = $2 and c.rehearsed is distinct from r.signed_preview and r.signed_preview is not null`,
        [customerId, runId],
      );
      return found.length > 0;
    },
  };
}
