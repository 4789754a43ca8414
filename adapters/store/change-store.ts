import type { PoolClient } from 'pg';
import type { Configuration } from '../../domain/configuration/configuration';
import type { Done } from '../../domain/run/run';
import type { ManagerReference } from '../../domain/account';
import type { Database } from './database';
import { holdFence, type Writer } from './lease-store';
import { differingManagers } from './plan/managers';
import { storable } from './storable';

/** A change that is still to be made, with what is known of the person and the account. */
export interface PendingChange {
  position: number;
  kind: 'unlink' | 'setAside' | 'create' | 'adopt' | 'update' | 'reactivate' | 'deactivate' | 'manager';
  memberId: string;
  accountId: string | null;
  /** To be made by itself, in order: it depends on the one before. */
  alone: boolean;
  attempts: number;
  /** JSON of the desired account; none for leavers. */
  desired: string | null;
  desiredHash: string | null;
  /** JSON of the desired account that was written last. */
  written: string | null;
  writtenHash: string | null;
  writtenManager: string | null;
  managerId: string | null;
  /** Their own manager, at once or by way of others: the reference is left out. */
  isInLoop: boolean;
  /** The manager's account as linked now, if it is active. */
  manager: ManagerReference | null;
  isAdopted: boolean;
}

/** How a change went. `link` is what the link becomes; `null` removes it. */
export interface ChangeResult {
  position: number;
  memberId: string;
  outcome: 'done' | 'failed' | 'unchanged';
  accountId?: string;
  /** JSON. */
  before?: string;
  /** JSON, or what the link then has as written. */
  after?: string | typeof asDesired;
  code?: string;
  detail?: string;
  attempts: number;
  link?: LinkState | null;
}

/** Instead of its JSON: the store has it already, and takes it from there. */
export const asDesired = 'as desired';

export interface LinkState {
  accountId: string;
  userName: string;
  userNameKey: string;
  /** JSON of the desired account as it was written. */
  written: string | typeof asDesired;
  writtenHash: string;
  active: boolean;
  deactivatedByUs: boolean;
  managerAccount: string | null;
  adopted: boolean;
}

export type WorkStage = 'upsert' | 'manager' | 'leaver';

export interface ChangeStore {
  /** The total, and the mark up to which requests may have been sent by an attempt before this one. Call before `raiseMark`. */
  resume(writer: Writer, stage: WorkStage): Promise<{ total: number; sentUntil: number; finished: number }>;
  pending(writer: Writer, stage: WorkStage, after: number, limit: number): Promise<PendingChange[]>;
  /** Results of a batch, the links that follow, and the mark up to which requests may go out from now on, in one. */
  storeResults(writer: Writer, stage: WorkStage, results: readonly ChangeResult[], sentUntil: number): Promise<void>;
  /** Lays out the manager stage: links whose manager differs now. The number of rows. */
  planManagers(writer: Writer, configuration: Configuration): Promise<number>;
  /** References left to set after the upserts. */
  countManagers(writer: Writer, configuration: Configuration): Promise<number>;
  /** The member who is linked to this account, if any. */
  linkedMember(customerId: string, accountId: string): Promise<string | undefined>;
  /** Whether this is the object id of somebody whom the run found in the group, excluded people too. */
  isMember(customerId: string, runId: string, id: string): Promise<boolean>;
  /** For whom changes failed in the run before this one. */
  failedBefore(customerId: string, runId: string): Promise<Set<string>>;
  done(customerId: string, runId: string): Promise<Done>;
  /** Changes that were not made, or not to the end: the next run must look again. */
  hasLeftovers(customerId: string, runId: string): Promise<boolean>;
}

export function createChangeStore({ rows, transaction }: Database): ChangeStore {
  return {
    async resume(writer, stage) {
      return transaction(async (client) => {
        await holdFence(client, writer);
        const { customerId, runId } = writer;
        const [row] = (
          await client.query<{ total: number; sent_until: number; finished: number }>(
            `insert into stage (customer_id, run_id, stage, total) select $1, $2, $3, (select count(*) from change where customer_id = $1 and run_id = $2 and stage = $3)
             on conflict (customer_id, run_id, stage) do update set total = excluded.total
             returning total, sent_until, (select count(*)::int from change where customer_id = $1 and run_id = $2 and stage = $3 and outcome is not null) as finished`,
            [customerId, runId, stage],
          )
        ).rows;
        return { total: row?.total ?? 0, sentUntil: row?.sent_until ?? 0, finished: row?.finished ?? 0 };
      });
    },

    pending({ customerId, runId }, stage, after, limit) {
      return rows<PendingChange>(
        `select c.position, c.kind, c.member_id as "memberId", coalesce(l.account_id, c.account_id) as "accountId", c.alone, c.attempts, m.desired, l.written, l.written_hash as "writtenHash",
           l.manager_account as "writtenManager", m.desired_hash as "desiredHash", case when looped.member_id is null then m.manager_id end as "managerId", looped.member_id is not null as "isInLoop", coalesce(l.adopted, false) as "isAdopted",
           case when ml.account_id is not null then json_strip_nulls(json_build_object('accountId', ml.account_id, 'userName', ml.user_name, 'email', ml.written::json #>> '{fields,email}')) end as manager
         from (select * from change where customer_id = $1 and run_id = $2 and stage = $3 and position > $4 and outcome is null order by position limit $5) c
         left join lateral (select * from member where customer_id = $1 and view = 'live' and member_id = c.member_id limit 1) m on true
         left join lateral (select * from link where customer_id = $1 and member_id = c.member_id limit 1) l on true
         left join lateral (select * from problem where customer_id = $1 and view = 'live' and member_id = c.member_id and code = 'ManagerInLoop' limit 1) looped on true
         left join lateral (
           select * from link where customer_id = $1 and member_id = m.manager_id and active and looped.member_id is null
             and member_id not in (select member_id from change where customer_id = $1 and run_id = $2 and stage = 'leaver' and outcome is null) limit 1
         ) ml on true
         order by c.position`,
        [customerId, runId, stage, after, limit],
      );
    },

    async storeResults(writer, stage, results, sentUntil) {
      const work = async (client: PoolClient): Promise<void> => {
        await holdFence(client, writer);
        const { customerId, runId } = writer;
        await client.query('update stage set sent_until = greatest(sent_until, $4) where customer_id = $1 and run_id = $2 and stage = $3', [
          customerId,
          runId,
          stage,
          sentUntil,
        ]);
        if (results.length === 0) return;
        // Whoever was to be made and was found to be there, so that there is a before, was adopted: that is what the run tells.
        await client.query(
          `with t as (select t.position, t.member, t.outcome, t.account, t.before::text, t.after::text, t.after_link, t.code, t.detail, t.attempts, t.link, t.name, t.key,
               coalesce(t.written::text, m.desired) as written, t.hash, t.active, t.by_us, t.manager, t.adopted
             from json_to_recordset($4) as t(position int, member uuid, outcome text, account text, before json, after json, after_link boolean, code text, detail text, attempts int,
               link text, name text, key text, written json, as_desired boolean, hash text, active boolean, by_us boolean, manager text, adopted boolean)
             left join lateral (select desired from member where customer_id = $1 and view = 'live' and member_id = t.member and t.as_desired limit 1) m on true),
           changed as (
             update change c set kind = case when c.kind = 'create' and t.before is not null then 'adopt' else c.kind end, outcome = t.outcome, account_id = coalesce(t.account, c.account_id), before = t.before,
               after = case when t.after_link then t.written else t.after end, code = t.code, detail = t.detail, attempts = t.attempts, ended_at = now()
             from t cross join lateral (select ctid from change where customer_id = $1 and run_id = $2 and stage = $3 and position = t.position limit 1) found
             where c.ctid = found.ctid)
           insert into link as l (customer_id, member_id, account_id, user_name, user_name_key, written, written_hash, active, deactivated_by_us, manager_account, adopted)
           select $1, member, link, name, key, written, hash, active, by_us, manager, adopted from t where link is not null
           on conflict (customer_id, member_id) do update set account_id = excluded.account_id, user_name = excluded.user_name, user_name_key = excluded.user_name_key,
             written = excluded.written, written_hash = excluded.written_hash, active = excluded.active, deactivated_by_us = excluded.deactivated_by_us,
             manager_account = excluded.manager_account, adopted = l.adopted or excluded.adopted`,
          [customerId, runId, stage, storedRows(results)],
        );
        const unlinked = results.filter(({ link }) => link === null);
        // Known from now on as an account that isn't linked: whoever is let in again, perhaps under another name, finds it by their id.
        if (unlinked.length > 0)
          await client.query(
            `with gone as (delete from link where customer_id = $1 and member_id = any($2::uuid[]) returning *)
             insert into account (customer_id, account_id, user_name, user_name_key, external_id, active, body)
             select customer_id, account_id, user_name, user_name_key, member_id::text, active, coalesce(written::jsonb, '{}') from gone
             on conflict (customer_id, account_id) do update set user_name = excluded.user_name, user_name_key = excluded.user_name_key,
               external_id = excluded.external_id, active = excluded.active, body = excluded.body`,
            [customerId, unlinked.map(({ memberId }) => memberId)],
          );
      };
      await transaction(work, { joins: 'byIndex' });
    },

    async planManagers(writer, configuration) {
      return transaction(
        async (client) => {
          await holdFence(client, writer);
          const { customerId, runId } = writer;
          const { rowCount } = await client.query(
            `insert into change (customer_id, run_id, stage, position, kind, member_id, account_id)
             select $1, $2, 'manager', row_number() over (order by member_id), 'manager', member_id, account_id from (${differingManagers(configuration)}) differing
             where not exists (select 1 from change c where c.customer_id = $1 and c.run_id = $2 and c.stage = 'manager')`,
            [customerId, runId],
          );
          return rowCount ?? 0;
        },
        { joins: 'byHash' },
      );
    },

    async countManagers({ customerId, runId }, configuration) {
      if (configuration.manager.reference === 'leave') return 0;
      return transaction(
        async (client) => {
          const { rows: found } = await client.query<{ n: number }>(
            `select count(*)::int as n from (${differingManagers(configuration)}) differing`,
            [customerId, runId],
          );
          return found[0]?.n ?? 0;
        },
        { joins: 'byHash' },
      );
    },

    async linkedMember(customerId, accountId) {
      const [row] = await rows<{ member_id: string }>('select member_id from link where customer_id = $1 and account_id = $2', [
        customerId,
        accountId,
      ]);
      return row?.member_id;
    },

    async isMember(customerId, runId, id) {
      const found = await rows(
        `select 1 from page where customer_id = $1 and run_id = $2 and lower($3) = any(member_ids::text[]) limit 1`,
        [customerId, runId, id],
      );
      return found.length > 0;
    },

    async failedBefore(customerId, runId) {
      const found = await rows<{ member_id: string }>(
        `select distinct member_id from change where customer_id = $1 and outcome = 'failed'
           and run_id = (select run_id from run where customer_id = $1 and mode = 'sync' and run_id <> $2 order by opened_at desc limit 1)`,
        [customerId, runId],
      );
      return new Set(found.map(({ member_id }) => member_id));
    },

    async done(customerId, runId) {
      const found = await rows<{ kind: string; outcome: string; n: number }>(
        `select kind, outcome, count(*)::int as n from change where customer_id = $1 and run_id = $2 and outcome in ('done', 'failed') group by kind, outcome`,
        [customerId, runId],
      );
      const of = (kind: string) => found.find((row) => row.kind === kind && row.outcome === 'done')?.n ?? 0;
      const failed = found.filter(({ outcome }) => outcome === 'failed').reduce((sum, { n }) => sum + n, 0);
      return {
        created: of('create'),
        adopted: of('adopt'),
        updated: of('update'),
        reactivated: of('reactivate'),
        deactivated: of('deactivate'),
        unlinked: of('unlink'),
        managers: of('manager'),
        failed,
      };
    },

    async hasLeftovers(customerId, runId) {
      const [row] = await rows<{ left: boolean }>(
        `select exists (select 1 from change where customer_id = $1 and run_id = $2 and (outcome is null or outcome in ('failed', 'held') or code = 'LeaverUnproven'))
           or exists (select 1 from confirmation where customer_id = $1 and run_id = $2 and whereabouts = 'member')
           or exists (select 1 from link where customer_id = $1 and leaving_since is not null and not left_alone)
           or exists (select 1 from hold where customer_id = $1 and ended_at is null and state = 'open') as left`,
        [customerId, runId],
      );
      return row?.left ?? true;
    },
  };
}

/**
 * As one JSON text, which costs the worker a third of what eleven arrays do. What is JSON already goes in as it is, and nothing twice: not what change and link
 * both keep, and not what the store has already.
 */
function storedRows(results: readonly ChangeResult[]): string {
  // Somebody whose name was set aside has two results in one batch: the later one counts.
  const last = new Map(results.flatMap((result) => (result.link ? [[result.memberId, result]] : [])));
  const rows = results.map((result) => {
    const { position, memberId: member, outcome, before, after, code, attempts } = result;
    const change = { position, member, outcome, account: storable(result.accountId), code, detail: storable(result.detail), attempts };
    const link = last.get(member) === result ? result.link : undefined;
    if (!link) return withJson(after === asDesired ? { ...change, as_desired: true, after_link: true } : change, { before, after });
    const row = {
      ...change,
      as_desired: link.written === asDesired,
      after_link: after === link.written,
      link: storable(link.accountId),
      name: storable(link.userName),
      key: storable(link.userNameKey),
      hash: link.writtenHash,
      active: link.active,
      by_us: link.deactivatedByUs,
      manager: storable(link.managerAccount),
      adopted: link.adopted,
    };
    return withJson(row, { before, after: after === link.written ? undefined : after, written: link.written });
  });
  return `[${rows.join(',')}]`;
}

function withJson(row: object, texts: Record<string, string | undefined>): string {
  let text = JSON.stringify(row).slice(0, -1);
  for (const name in texts) if (texts[name] !== undefined && texts[name] !== asDesired) text += `,"${name}":${texts[name]}`;
  return `${text}}`;
}
