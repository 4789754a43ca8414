import type { PoolClient } from 'pg';
import type { Configuration, LeaverPolicy } from '../../../domain/configuration/configuration';
import type { FailureCode } from '../../../domain/failures';
import type { Whereabouts } from '../../directory/directory';
import type { Writer } from '../lease-store';
import type { Protected } from './protected';

export type Cause = 'leftGroup' | 'disabled' | 'deleted';

/** Somebody with an active account who is to lose it, or might be. */
export interface Leaver {
  memberId: string;
  accountId: string;
  cause?: Cause;
  /** Why a person must decide, whatever the figures. */
  hold?: FailureCode;
}

const day = 24 * 3_600_000; // ms

/** Who leaves in this run, by proof and by the customer's policy. Grace days are counted in the links, from the run that first saw the cause. */
export async function leaversOf(
  client: PoolClient,
  { customerId, runId }: Writer,
  configuration: Configuration,
  untouchable: Protected,
  isEmptied: boolean,
  keeps: boolean,
): Promise<Leaver[]> {
  const { rows } = await client.query<{
    member_id: string;
    account_id: string;
    whereabouts: Whereabouts['is'];
    leaving_cause: string | null;
    leaving_since: Date | null;
    left_alone: boolean;
  }>(
    `select l.member_id, l.account_id, l.leaving_cause, l.leaving_since, l.left_alone, case when w.member_id is not null then 'disabled' else coalesce(c.whereabouts, 'unknown') end as whereabouts
     from link l left join wish w on w.member_id = l.member_id and w.kind = 'deactivate'
     left join present p on p.member_id = l.member_id
     left join confirmation c on c.customer_id = $1 and c.run_id = $2 and c.member_id = l.member_id
     where l.customer_id = $1 and l.active and (w.member_id is not null or (p.member_id is null and (not l.left_alone or c.member_id is not null)))
       and not (l.account_id = any($3) or l.user_name_key = any($4)) order by l.member_id`,
    [customerId, runId, untouchable.accountIds, untouchable.names],
  );
  const leavers: Leaver[] = [];
  const waiting: { memberId: string; cause: Cause; isLeftAlone: boolean }[] = [];
  for (const { member_id: memberId, account_id: accountId, whereabouts, leaving_cause, leaving_since, left_alone } of rows) {
    if (whereabouts === 'member') continue; // the read missed them
    const cause = causes[whereabouts];
    if (left_alone && !cause) continue; // only another cause, or another policy, ends that
    const who = { memberId, accountId, cause };
    if (!cause)
      leavers.push({ ...who, hold: isEmptied ? 'GroupEmptied' : whereabouts === 'nested' ? 'StillNestedMember' : 'LeaverUnconfirmed' });
    else {
      const policy: LeaverPolicy = configuration.leavers[cause];
      const since = leaving_cause === cause && leaving_since ? leaving_since.getTime() : Date.now();
      if (policy === 'leave') waiting.push({ memberId, cause, isLeftAlone: true });
      else if (policy === 'hold') leavers.push({ ...who, hold: 'LeaverByPolicy' });
      else if (policy === 'deactivate' || Date.now() - since >= policy.graceDays * day) leavers.push(who);
      else waiting.push({ memberId, cause, isLeftAlone: false });
    }
  }
  if (keeps) await keepWaiting(client, customerId, waiting);
  return leavers;
}

const causes: Partial<Record<Whereabouts['is'], Cause>> = { left: 'leftGroup', disabled: 'disabled', deleted: 'deleted' };

async function keepWaiting(
  client: PoolClient,
  customerId: string,
  waiting: { memberId: string; cause: Cause; isLeftAlone: boolean }[],
): Promise<void> {
  const known = await client.query('select 1 from link where customer_id = $1 and leaving_since is not null limit 1', [customerId]);
  // Whoever is back starts afresh.
  if (known.rowCount !== 0)
    await client.query(
      `update link l set leaving_cause = null, leaving_since = null, left_alone = false from present p join member m on m.member_id = p.member_id
     where l.customer_id = $1 and m.customer_id = $1 and m.view = 'live' and l.member_id = p.member_id and l.leaving_cause is not null and m.active`,
      [customerId],
    );
  if (waiting.length === 0) return;
  await client.query(
    `update link l set leaving_since = case when l.leaving_cause = t.cause then l.leaving_since else now() end, leaving_cause = t.cause, left_alone = t.left_alone
     from unnest($2::uuid[], $3::text[], $4::boolean[]) as t(member_id, cause, left_alone)
     where l.customer_id = $1 and l.member_id = t.member_id and (l.leaving_cause, l.left_alone) is distinct from (t.cause, t.left_alone)`,
    [customerId, waiting.map(({ memberId }) => memberId), waiting.map(({ cause }) => cause), waiting.map(({ isLeftAlone }) => isLeftAlone)],
  );
}
