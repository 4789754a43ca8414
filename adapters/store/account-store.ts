import type { Account } from '../../domain/account';
import type { Database } from './database';
import { holdFence, type Writer } from './lease-store';
import { storable, storableJson } from './storable';
import { isUnheard, unheardCreates } from './unfinished';
import { membersOfRun } from './members-of-run';

/** What the target holds, as of the last reading by a sync or a preview. */
export interface AccountStore {
  /** Replaced as a whole, page by page: forget, then keep, then complete. What is there in between is nothing to find anybody by. */
  forget(writer: Writer): Promise<void>;
  keep(
    writer: Writer,
    accounts: readonly Account[],
    keys: { userName(account: Account): string; email(account: Account): string | undefined },
  ): Promise<void>;
  complete(writer: Writer, forWhat: string): Promise<void>;
  reconciled(writer: Writer, forWhat: string): Promise<void>;
  /**
   * Links accounts to the person whose object id they carry where a run of ours may have made them and ended before it heard of it: the person is not here to be
   * matched any more, and nobody else would ever let go of the account.
   */
  linkLost(writer: Writer): Promise<void>;
  /**
   * Whether the target must be read again: never read, read for something else, over a week ago, or by a run that was ended before it had planned; or what is kept is no
   * whole reading; or a run since then may have made somebody without hearing of it whom nobody would look for, being disabled or out of the group.
   */
  isDue(writer: Pick<Writer, 'customerId' | 'runId'>, forWhat: string): Promise<boolean>;
}

/** Whom the run looks for one by one if need be, and those whom a rule wants left as they are. Somebody who is disabled, or can't be mapped, is as good as gone. */
const lookedFor = `select m.member_id from (${membersOfRun('$2')}) present join member m on m.customer_id = $1 and m.view = 'live' and m.member_id = present.member_id
  where m.state = 'excluded' or (m.state = 'desired' and m.active)`;

/** However little changes: somebody may have changed accounts behind our back. */
export const reconcileEveryDays = 7;

export function createAccountStore({ rows, transaction }: Database): AccountStore {
  return {
    async forget(writer) {
      await transaction(async (client) => {
        await holdFence(client, writer);
        await client.query('update customer set accounts_for = null where customer_id = $1', [writer.customerId]);
        await client.query('delete from account where customer_id = $1', [writer.customerId]);
      });
    },
    async keep(writer, accounts, keys) {
      await transaction(async (client) => {
        await holdFence(client, writer);
        await client.query(
          `insert into account (customer_id, account_id, user_name, user_name_key, external_id, email_key, active, body)
           select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::jsonb[])
           on conflict (customer_id, account_id) do update set user_name = excluded.user_name, user_name_key = excluded.user_name_key,
             external_id = excluded.external_id, email_key = excluded.email_key, active = excluded.active, body = excluded.body`,
          [
            writer.customerId,
            accounts.map(({ accountId }) => storable(accountId)),
            accounts.map(({ userName }) => storable(userName)),
            accounts.map((account) => storable(keys.userName(account))),
            accounts.map(({ externalId }) => storable(externalId?.toLowerCase() ?? null)),
            accounts.map((account) => storable(keys.email(account) ?? null)),
            accounts.map(({ active }) => active),
            accounts.map(storableJson),
          ],
        );
      });
    },
    async complete(writer, forWhat) {
      await transaction(async (client) => {
        await holdFence(client, writer);
        await client.query('update customer set accounts_for = $2 where customer_id = $1', [writer.customerId, forWhat]);
      });
    },
    async reconciled(writer, forWhat) {
      await transaction(async (client) => {
        await holdFence(client, writer);
        await client.query('update customer set reconciled_for = $2, reconciled_at = now() where customer_id = $1', [
          writer.customerId,
          forWhat,
        ]);
        await client.query('update run set reconciled = true where customer_id = $1 and run_id = $2', [writer.customerId, writer.runId]);
      });
    },
    async linkLost(writer) {
      await transaction(
        async (client) => {
          await holdFence(client, writer);
          await client.query(
            `insert into link (customer_id, member_id, account_id, user_name, user_name_key, written, written_hash, active)
             select distinct on (a.external_id) $1, c.member_id, a.account_id, a.user_name, a.user_name_key,
               (a.body || '{"onlyAtCreation": [], "keptWhenEmpty": []}')::text, '', a.active
             from change c join stage s on s.customer_id = $1 and s.run_id = c.run_id and s.stage = 'upsert' and ${isUnheard}
             join account a on a.customer_id = $1 and a.external_id = c.member_id::text
             left join link own on own.customer_id = $1 and own.member_id = c.member_id
             left join link others on others.customer_id = $1 and others.account_id = a.account_id
             left join (${lookedFor}) here on here.member_id = c.member_id
             where c.customer_id = $1 and c.run_id <> $2 and c.stage = 'upsert' and c.kind in ('create', 'adopt')
               and own.member_id is null and others.member_id is null and here.member_id is null
               -- whoever was linked since, and unlinked by a rule, is to be left as they are
               and not exists (select 1 from change known where known.customer_id = $1 and known.member_id = c.member_id and known.outcome = 'done')
             order by a.external_id, a.account_id`,
            [writer.customerId, writer.runId],
          );
        },
        { joins: 'byHash' },
      );
    },
    async isDue({ customerId, runId }, forWhat) {
      const fresh = await rows(
        `select 1 from customer c
         join lateral (select plan from run where customer_id = $1 and reconciled order by opened_at desc limit 1) last on last.plan is not null
         where c.customer_id = $1 and c.reconciled_for = $3 and c.accounts_for = $3 and c.reconciled_at > now() - make_interval(days => ${reconcileEveryDays})
           and not exists (
             select 1 from (${unheardCreates}) unheard left join (${lookedFor}) here on here.member_id = unheard.member_id where here.member_id is null)`,
        [customerId, runId, forWhat],
        { joins: 'byHash' },
      );
      return fresh.length === 0;
    },
  };
}
