import type { PoolClient } from 'pg';
import { userNameKeyOf } from '../../../domain/mapping/user-name-key';
import type { Configuration } from '../../../domain/configuration/configuration';
import type { Writer } from '../lease-store';
import type { View } from '../schema';
import { openAdoptions } from '../unfinished';
import { membersOfRun } from '../members-of-run';
import type { Protected } from './protected';

/**
 * Lays out what the directory wishes for: a temporary table `wish`, a row for each present member who is to have an account or has one, with the kind of change that
 * follows from the comparison alone, and `present`, everybody on this run's pages. All that follows narrows it.
 */
export async function layOutWishes(client: PoolClient, { customerId, runId }: Writer, view: View, untouchable: Protected): Promise<void> {
  await client.query(`create temp table present on commit drop as ${membersOfRun('$2')}`, [customerId, runId]);
  await client.query('analyze present');
  await client.query(
    `create temp table wish on commit drop as
     select m.member_id, m.active, m.user_name_key as wants, m.email_key, m.manager_id, l.account_id, l.user_name_key as has, l.account_id is not null as is_linked, l.manager_account,
       case when l.account_id is null then 'create'
            when l.active and not m.active then 'deactivate'
            when not l.active and m.active then 'reactivate'
            when m.active and (l.doubtful or m.desired_hash <> l.written_hash) then 'update' end as kind,
       null::text as code, null::text as adopted_by, null::text as cause, false as bare, coalesce(l.doubtful, false) as doubtful
     from member m join present p on p.member_id = m.member_id
     left join link l on l.customer_id = m.customer_id and l.member_id = m.member_id
     where m.customer_id = $1 and m.view = $2 and m.state = 'desired' and (m.active or l.account_id is not null)`,
    [customerId, view],
  );
  // Of somebody who can't be mapped no more is wished than that: disabled, or back again, with what their account holds.
  await client.query(
    `insert into wish (member_id, active, account_id, has, is_linked, kind, bare, doubtful)
     select m.member_id, m.active, l.account_id, l.user_name_key, true, case when not m.active then 'deactivate' when l.active then 'update' else 'reactivate' end, m.active, l.doubtful
     from member m join present p on p.member_id = m.member_id
     join link l on l.customer_id = m.customer_id and l.member_id = m.member_id and (l.active is distinct from m.active or (l.doubtful and l.active))
     where m.customer_id = $1 and m.view = $2 and m.state = 'problem' and m.active is not null`,
    [customerId, view],
  );
  await client.query('alter table wish add column let_through boolean, add column keeps_name boolean');
  await client.query('analyze wish');
  await leaveProtectedAlone(client, customerId, view, untouchable);
  await refuseDoubles(client, customerId, 'wants', 'UserNameDuplicate');
  await refuseDoubles(client, customerId, 'email_key', 'EmailDuplicate');
}

/**
 * Situation 23: never created, never changed; already linked → unlinked and left as it is, whether its person is still in the group or not. Whoever merely wants such a name
 * stays with their own account, and may lose it as anybody may.
 */
async function leaveProtectedAlone(client: PoolClient, customerId: string, view: View, { names, accountIds }: Protected): Promise<void> {
  if (accountIds.length === 0) return;
  await client.query(`update wish set kind = 'unlink', cause = 'protected' where is_linked and (has = any($1) or account_id = any($2))`, [
    names,
    accountIds,
  ]);
  await client.query(
    `update wish set ${withdrawn}, code = 'AccountProtected' where wants = any($1) and kind is distinct from 'unlink' and kind is distinct from 'deactivate'`,
    [names],
  );
  // Of whom nothing is wished; whoever is excluded by a rule is unlinked for that.
  await client.query(
    `insert into wish (member_id, active, account_id, has, is_linked, kind, cause)
     select l.member_id, false, l.account_id, l.user_name_key, true, 'unlink', 'protected' from link l
     where l.customer_id = $1 and (l.user_name_key = any($3) or l.account_id = any($4))
       and not exists (select 1 from wish w where w.member_id = l.member_id)
       and not exists (select 1 from member m join present p on p.member_id = m.member_id
         where m.customer_id = $1 and m.view = $2 and m.member_id = l.member_id and m.state = 'excluded')`,
    [customerId, view, names, accountIds],
  );
}

/** Whether an account is inactive, or may be. */
const mayBeOff = `(kind = 'reactivate' or (kind = 'update' and doubtful is true))`;

/** What can't be written is left as it is. But nobody stays switched off for it: whoever is back gets their account back, with what it holds. */
export const withdrawn = `kind = case when ${mayBeOff} then kind end, bare = coalesce(${mayBeOff}, false)`;

/** Whether an account holds already what several yield. */
const holds = {
  wants: 'coalesce(w.has = w.wants, false)',
  // As text: what an LMS holds beside it need not be JSON that PostgreSQL takes.
  email_key: `exists (select 1 from link where customer_id = $2 and member_id = w.member_id
    and strpos(replace(lower(written), '"email": ', '"email":'), '"email":' || to_json(w.email_key)) > 0)`,
};

/** Situations 5 and 9: of several who yield the same, whoever has it keeps it; where nobody has, whoever has an account, then the first by object id. */
async function refuseDoubles(
  client: PoolClient,
  customerId: string,
  column: keyof typeof holds,
  code: 'UserNameDuplicate' | 'EmailDuplicate',
): Promise<void> {
  await client.query(
    `update wish set ${withdrawn}, code = $1 from (
       select w.member_id, row_number() over (partition by w.${column} order by ${holds[column]} desc, w.is_linked desc, w.active desc, w.member_id) as place
       from wish w where w.${column} in (select ${column} from wish where ${column} is not null and kind is distinct from 'unlink' group by 1 having count(*) > 1)
     ) doubles where doubles.member_id = wish.member_id and doubles.place > 1 and wish.code is null and wish.kind is distinct from 'unlink' and wish.kind is distinct from 'deactivate'`,
    column === 'wants' ? [code] : [code, customerId],
  );
}

/**
 * Links to accounts that are there: by `externalId`, then by the matching property, against what the target was last seen to hold. An account whose link is alive is never
 * adopted by name; several that match are a problem, never a guess.
 * Without a fresh reading of the target (`isFresh`) an `externalId` counts, which nobody but Rollcall writes, and what was matched by a fresh one and isn't linked yet, whatever
 * its person is called by now: just before it is linked it has to show that it is theirs.
 */
export async function matchAccounts(
  client: PoolClient,
  { customerId, runId }: Writer,
  { matching, protectedAccounts }: Configuration,
  isFresh: boolean,
): Promise<void> {
  const byProperty = matching.by === 'email' ? 'a.email_key = w.email_key' : 'a.user_name_key = w.wants';
  await client.query(
    `create temp table match on commit drop as
     with by_id as (
       select w.member_id, count(*)::int as n, min(a.account_id) as account_id
       from wish w join account a on a.customer_id = $1 and a.external_id = w.member_id::text where w.kind = 'create' group by 1
     ), by_property as (
       select w.member_id, count(*)::int as n, min(a.account_id) as account_id
       from wish w ${isFresh ? '' : `join (select distinct member_id, account_id from (${openAdoptions}) o) unlinked on unlinked.member_id = w.member_id`}
       join account a on a.customer_id = $1 and ${isFresh ? byProperty : 'a.account_id = unlinked.account_id'}
       where w.kind = 'create' and not exists (select 1 from by_id where by_id.member_id = w.member_id) group by 1
     )
     select *, 'externalId' as how from by_id union all select *, 'property' from by_property`,
    isFresh ? [customerId] : [customerId, runId],
  );
  await client.query(
    `update wish set
       kind = case when v.code is null then 'adopt' end, code = v.code, account_id = case when v.code is null then v.account_id end, adopted_by = v.how
     from (
       select m.member_id, m.account_id, m.how, case
         when m.n > 1 then 'MatchAmbiguous'
         when a.account_id = any($2) or a.user_name_key = any($3) then 'AccountProtected'
         when l.member_id is not null then 'AccountLinkedElsewhere'
         when m.how = 'property' and a.external_id is not null and exists (select 1 from present p where p.member_id::text = a.external_id) then 'AccountLinkedElsewhere'
         when row_number() over (partition by m.account_id order by m.how, m.member_id) > 1 then 'AccountLinkedElsewhere'
       end as code
       from match m join account a on a.customer_id = $1 and a.account_id = m.account_id
       left join link l on l.customer_id = $1 and l.account_id = m.account_id
       -- a name that its owner is about to give up is no match: the two are put in order, not linked
       where not (m.how = 'property' and l.member_id is not null and exists (
         select 1 from wish o where o.member_id = l.member_id and o.kind in ('update', 'reactivate') and o.bare is not true and o.wants is distinct from o.has))
     ) v where v.member_id = wish.member_id`,
    [customerId, protectedAccounts, protectedAccounts.map(userNameKeyOf)],
  );
}
