import type { Configuration } from '../../domain/configuration/configuration';
import type { Done } from '../../domain/run/run';
import type { DesiredAccount, ManagerReference } from '../../domain/account';
import type { Database } from './database';
import { holdFence, type Writer } from './lease-store';
import { countDifferingManagers, differingManagers } from './plan/managers';
import { withName } from './plan/withheld';
import { storeBatch } from './change-results';
import { isAccountTaken, withoutTaken } from './taken-accounts';
import { isLeftOpen } from './unfinished';

/** A change that is still to be made, with what is known of the person and the account. */
export interface PendingChange {
  position: number;
  kind: 'unlink' | 'setAside' | 'create' | 'adopt' | 'update' | 'reactivate' | 'deactivate' | 'manager';
  memberId: string;
  accountId: string | null;
  /** To be made by itself, in order: it depends on the one before. */
  alone: boolean;
  /** A run before this one may have made the account without hearing of it. */
  uncertain: boolean;
  /** Only to be active again; all else stays as it was written last. */
  bare: boolean;
  /** A run before this one may have changed the account without hearing of it. */
  doubtful: boolean;
  /** What such runs sent: the account may be any of these. */
  mayHold: readonly DesiredAccount[] | null;
  attempts: number;
  /** JSON of the desired account, with the name that it has where another one was rejected; none for leavers. */
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
  /** JSON. */
  after?: string;
  code?: string;
  detail?: string;
  attempts: number;
  /** Whether the LMS may hold what no link says: a request had no answer, or one of several was refused. */
  unheard?: boolean;
  link?: LinkState | null;
}

export interface LinkState {
  accountId: string;
  userName: string;
  userNameKey: string;
  /** JSON of the desired account as it was written. */
  written: string;
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
  const ownersOf = async (customerId: string, accounts: readonly string[]) => {
    const owned = await rows<{ account_id: string; member_id: string }>(
      'select account_id, member_id from link where customer_id = $1 and account_id = any($2)',
      [customerId, accounts],
    );
    return new Map(owned.map(({ account_id, member_id }) => [account_id, member_id]));
  };
  return {
    async resume(writer, stage) {
      return transaction(async (client) => {
        await holdFence(client, writer);
        const { customerId, runId } = writer;
        await client.query(
          `insert into stage (customer_id, run_id, stage, total) select $1, $2, $3, (select count(*) from change where customer_id = $1 and run_id = $2 and stage = $3)
           where not exists (select 1 from stage where customer_id = $1 and run_id = $2 and stage = $3)`,
          [customerId, runId, stage],
        );
        const [row] = (
          await client.query<{ total: number; sent_until: number; finished: number }>(
            `select total, sent_until, (select coalesce(sum(n), 0)::int from tally where customer_id = $1 and run_id = $2 and stage = $3) as finished
             from stage where customer_id = $1 and run_id = $2 and stage = $3`,
            [customerId, runId, stage],
          )
        ).rows;
        return { total: row?.total ?? 0, sentUntil: row?.sent_until ?? 0, finished: row?.finished ?? 0 };
      });
    },

    async pending({ customerId, runId }, stage, after, limit) {
      const found = await rows<PendingChange & { managerAccount: string | null; managerName: string; keptName: string | null }>(
        `select c.position, c.kind, c.member_id as "memberId", coalesce(l.account_id, c.account_id) as "accountId", c.alone, c.uncertain, c.bare, c.attempts, m.desired, case when c.keeps_name then l.user_name end as "keptName", l.written, l.written_hash as "writtenHash",
           l.manager_account as "writtenManager", m.desired_hash as "desiredHash", case when not looped.is then m.manager_id end as "managerId", looped.is as "isInLoop", coalesce(l.adopted, false) as "isAdopted", coalesce(l.doubtful, false) as doubtful, coalesce(l.may_hold, c.may_hold) as "mayHold",
           ml.account_id as "managerAccount", ml.user_name as "managerName"
         from (select * from change where customer_id = $1 and run_id = $2 and stage = $3 and position > $4 and outcome is null order by position limit $5) c
         left join lateral (select * from member where customer_id = $1 and view = 'live' and member_id = c.member_id limit 1) m on true
         left join lateral (select * from link where customer_id = $1 and member_id = c.member_id and c.kind <> 'create' limit 1) l on true
         cross join lateral (select c.member_id in (select member_id from problem where customer_id = $1 and view = 'live' and code = 'ManagerInLoop') as is) looped
         left join lateral (
           select * from link where customer_id = $1 and member_id = m.manager_id and active and not looped.is
             and member_id not in (select member_id from change where customer_id = $1 and run_id = $2 and stage = 'leaver' and outcome is null) limit 1
         ) ml on true
         order by c.position`,
        [customerId, runId, stage, after, limit],
      );
      for (const row of found) {
        row.manager = row.managerAccount === null ? null : { accountId: row.managerAccount, userName: row.managerName };
        if (row.desired !== null && row.keptName !== null) row.desired = JSON.stringify(withName(row.desired, row.keptName));
      }
      return found;
    },

    async storeResults(writer, stage, results, sentUntil) {
      const store = (some: readonly ChangeResult[]) =>
        transaction((client) => storeBatch(client, writer, stage, some, sentUntil), { joins: 'byHash' });
      await store(results).catch(async (error: unknown) => {
        if (!isAccountTaken(error)) throw error;
        await store(await withoutTaken(results, (accounts) => ownersOf(writer.customerId, accounts)));
      });
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
      return transaction((client) => countDifferingManagers(client, customerId, runId, configuration), { joins: 'byHash' });
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
        `with before as (select run_id from run where customer_id = $1 and mode = 'sync' and run_id <> $2 order by opened_at desc limit 1)
         select distinct member_id from change where customer_id = $1 and run_id = (select run_id from before) and outcome = 'failed'
           and exists (select 1 from tally where customer_id = $1 and run_id = (select run_id from before) and outcome = 'failed')`,
        [customerId, runId],
      );
      return new Set(found.map(({ member_id }) => member_id));
    },

    async done(customerId, runId) {
      const found = await rows<{ kind: string; outcome: string; n: number }>(
        `select kind, outcome, sum(n)::int as n from tally where customer_id = $1 and run_id = $2 and outcome in ('done', 'failed') group by kind, outcome`,
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
        `select exists (
             select 1 from stage s where s.customer_id = $1 and s.run_id = $2 and ${isLeftOpen})
           or exists (select 1 from tally where customer_id = $1 and run_id = $2 and (outcome = 'failed' or code = 'LeaverUnproven' or (kind = 'manager' and code = 'TargetValueRefused')))
           or exists (select 1 from change where customer_id = $1 and run_id = $2 and stage = 'held')
           or exists (select 1 from confirmation where customer_id = $1 and run_id = $2 and whereabouts = 'member')
           or exists (select 1 from link l where l.customer_id = $1 and l.leaving_since is not null and not l.left_alone and l.active
             and not exists (select 1 from hold h where h.customer_id = $1 and h.kind = 'deactivate' and h.member_id = l.member_id and h.ended_at is null and h.state = 'rejected'))
           or exists (select 1 from hold where customer_id = $1 and ended_at is null and state = 'open') as left`,
        [customerId, runId],
      );
      return row?.left ?? true;
    },
  };
}
