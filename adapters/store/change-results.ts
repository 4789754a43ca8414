import type { PoolClient } from 'pg';
import type { ChangeResult, LinkState, WorkStage } from './change-store';
import { copyRows, type Cell } from './copy-rows';
import { holdFence, type Writer } from './lease-store';
import { storable } from './storable';

/** Results of a batch, the links and the tallies that follow, and the mark up to which requests may go out from now on. */
export async function storeBatch(
  client: PoolClient,
  writer: Writer,
  stage: WorkStage,
  results: readonly ChangeResult[],
  sentUntil: number,
): Promise<void> {
  await holdFence(client, writer);
  const { customerId, runId } = writer;
  await client.query('update stage set sent_until = greatest(sent_until, $4) where customer_id = $1 and run_id = $2 and stage = $3', [
    customerId,
    runId,
    stage,
    sentUntil,
  ]);
  if (results.length === 0) return;
  const positions = results.map(({ position }) => position);
  await client.query(resultTable);
  await copyRows(client, 'result', resultColumns, resultRows(results));
  // Whoever was to be made and was found to be there, so that there is a before, was adopted: that is what the run tells. And the other way round.
  // Somebody who was planned to be made or adopted has no link yet, and nobody else writes: theirs need no look for one.
  await client.query(
    `with written as (
       update change c set kind = case when c.kind = 'create' and r.before is not null then 'adopt' when c.kind = 'adopt' and r.linked is not null and not r.adopted then 'create' else c.kind end, outcome = r.outcome, unheard = coalesce(r.unheard, false), account_id = coalesce(r.account_id, c.account_id), before = r.before,
         after = case when r.after_as_written then r.written else r.after end, code = r.code, detail = r.detail, attempts = r.attempts, ended_at = now()
       from result r where c.customer_id = $1 and c.run_id = $2 and c.stage = $3 and c.position between $4 and $5 and c.position = r.position and c.outcome is null
       returning c.position, c.kind, c.outcome, coalesce(c.code, '') as code
     ), tallied as (
       insert into tally select $1, $2, $3, kind, outcome, code, count(*) from written group by kind, outcome, code
       on conflict (customer_id, run_id, stage, kind, outcome, code) do update set n = tally.n + excluded.n
     ), linked as (
       select r.*, coalesce(w.kind in ('create', 'adopt'), false) as is_new, not coalesce(w.kind in ('create', 'adopt', 'update', 'reactivate') and w.outcome <> 'failed', false) as is_part
       from result r left join written w using (position) where r.linked is not null
     ), made as (
       insert into link (${linkColumns}) select ${linkValues} from linked where is_new
     )
     insert into link as l (${linkColumns}, doubtful) select ${linkValues}, is_part from linked where not is_new
     on conflict (customer_id, member_id) do update set account_id = excluded.account_id, user_name = excluded.user_name, user_name_key = excluded.user_name_key,
       written = excluded.written, written_hash = excluded.written_hash,
       -- of somebody in doubt only what looks at the whole account tells more than itself: a name set aside, or a manager, doesn't, and neither does who is let go
       doubtful = l.doubtful and excluded.doubtful, may_hold = case when excluded.doubtful then l.may_hold end,
       active = case when l.doubtful and excluded.doubtful and $3 <> 'leaver' then l.active else excluded.active end, deactivated_by_us = excluded.deactivated_by_us,
       manager_account = excluded.manager_account, adopted = l.adopted or excluded.adopted`,
    [customerId, runId, stage, Math.min(...positions), Math.max(...positions)],
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
}

const linkColumns =
  'customer_id, member_id, account_id, user_name, user_name_key, written, written_hash, active, deactivated_by_us, manager_account, adopted';
const linkValues =
  '$1, member_id, linked, user_name, user_name_key, written, written_hash, active, deactivated_by_us, manager_account, adopted';

/** A batch on its way to the changes and the links: COPY costs the server, and us, less than any parameter does. */
const resultTable = `create temporary table if not exists result (
  position int, member_id uuid, outcome text, account_id text, before text, after text, after_as_written boolean, code text, detail text, attempts int, unheard boolean,
  linked text, user_name text, user_name_key text, written text, written_hash text, active boolean, deactivated_by_us boolean, manager_account text, adopted boolean
) on commit delete rows`;
const resultColumns = [
  ...['position', 'member_id', 'outcome', 'account_id', 'before', 'after', 'after_as_written', 'code', 'detail', 'attempts', 'unheard'],
  ...['linked', 'user_name', 'user_name_key', 'written', 'written_hash', 'active', 'deactivated_by_us', 'manager_account', 'adopted'],
];

/** What an account was made with goes over only once, though change and link both keep it. */
function resultRows(results: readonly ChangeResult[]): Cell[][] {
  // Somebody whose name was set aside has two results in one batch: the later one counts.
  const last = new Map(results.flatMap((result) => (result.link ? [[result.memberId, result]] : [])));
  return results.map((result) => {
    const { position, memberId, outcome, accountId, before, after, code, detail, attempts, unheard } = result;
    const link = last.get(memberId) === result ? result.link : undefined;
    const isAsWritten = link !== undefined && after === link?.written;
    return [
      ...[
        position,
        memberId,
        outcome,
        storable(accountId),
        before,
        isAsWritten ? null : after,
        isAsWritten,
        code,
        storable(detail),
        attempts,
        unheard,
      ],
      ...(link ? linkCells(link) : noLink),
    ];
  });
}

function linkCells({
  accountId,
  userName,
  userNameKey,
  written,
  writtenHash,
  active,
  deactivatedByUs,
  managerAccount,
  adopted,
}: LinkState): Cell[] {
  return [
    ...[storable(accountId), storable(userName), storable(userNameKey), written, writtenHash],
    ...[active, deactivatedByUs, storable(managerAccount), adopted],
  ];
}
const noLink: Cell[] = Array<null>(9).fill(null);
