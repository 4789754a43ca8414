import { failures, isFailureCode, type FailureCode } from '../../domain/failures';
import type { ChangeRow, ConfigurationRow, ExcludedRow, HoldRow, ProblemRow, UnlinkedAccountRow } from '../../domain/look-up/rows';
import { isCarriedOut } from './carried-out';
import type { Database } from './database';
import { membersOfRun } from './members-of-run';
import type { View } from './schema';

/** Rows for people to read, each kind in an order that doesn't change while pages are turned. `after` is the key of the last row that was seen. */
export interface LookUpStore {
  changes(customerId: string, filter: { runId?: string; kind?: string }, after: string | undefined, limit: number): Promise<ChangeRow[]>;
  problems(customerId: string, after: string | undefined, limit: number): Promise<ProblemRow[]>;
  excluded(customerId: string, after: string | undefined, limit: number): Promise<ExcludedRow[]>;
  holds(customerId: string, kind: string | undefined, after: string | undefined, limit: number): Promise<HoldRow[]>;
  unlinkedAccounts(customerId: string, after: string | undefined, limit: number): Promise<UnlinkedAccountRow[]>;
  /** Those that count or once counted, the latest first. One that was accepted and not decided on is none of them. */
  configurations(customerId: string, after: string | undefined, limit: number): Promise<ConfigurationRow[]>;
  /** How many people have which problem, those that this run met while writing included. */
  problemsByCode(customerId: string, view: View, runId: string): Promise<Partial<Record<FailureCode, number>>>;
}

/** Where turning pages goes on after this row. */
export const cursorOf = {
  changes: ({ stage, position }: ChangeRow) => `${stage}:${position}`,
  problems: ({ memberId, code, field }: ProblemRow) => `${memberId} ${code} ${field ?? ''}`,
  excluded: ({ memberId }: ExcludedRow) => memberId,
  holds: ({ raisedAt, holdId }: HoldRow) => `${raisedAt} ${holdId}`,
  unlinkedAccounts: ({ accountId }: UnlinkedAccountRow) => accountId,
  configurations: ({ version }: ConfigurationRow) => String(version),
};

/** Everybody's problems: what the mapping found, what the plan found, and what the target refused in the last run. Warnings of people who are synced are among them. */
const allProblems = `
  select m.member_id::text as member_id, p.value->>'code' as code, p.value->>'field' as field, p.value->>'detail' as detail, '' as run_id, m.user_name_key
    from member m, jsonb_array_elements(coalesce(m.problems, '[]')) p
    where m.customer_id = $1 and m.view = $2 and m.problems is not null
      and m.member_id in (${membersOfRun('$3')})
  union all
  select p.member_id::text, p.code, p.field, p.detail, p.run_id, m.user_name_key from problem p
    left join member m on m.customer_id = $1 and m.view = $2 and m.member_id = p.member_id where p.customer_id = $1 and p.view = $2
  union all
  select c.member_id::text, c.code, null, c.detail, c.run_id, l.user_name_key from change c
    left join link l on l.customer_id = $1 and l.member_id = c.member_id where c.customer_id = $1 and c.run_id = $3 and c.code is not null and c.outcome <> 'held'
      and exists (select 1 from tally where customer_id = $1 and run_id = $3 and code <> '')`;

export function createLookUpStore({ rows }: Database): LookUpStore {
  const byHash = <Row>(text: string, parameters: unknown[]) => rows<Row>(text, parameters, { joins: 'byHash' });
  const latestRun = async (customerId: string, mode?: string): Promise<string> => {
    const [row] = await rows<{ run_id: string }>(
      'select run_id from run where customer_id = $1 and ($2::text is null or mode = $2) order by opened_at desc limit 1',
      [customerId, mode ?? null],
    );
    return row?.run_id ?? '';
  };
  return {
    async changes(customerId, { runId, kind }, after, limit) {
      const [stage, position] = after?.split(':') ?? ['', '0'];
      const found = await rows<
        Omit<ChangeRow, 'before' | 'after' | 'endedAt'> & { before: string | null; after: string | null; endedAt: Date | null }
      >(
        `select c.run_id as "runId", c.stage, c.position, c.kind, c.member_id as "memberId", c.account_id as "accountId", coalesce(l.user_name, m.user_name_key) as "userName", c.cause,
           c.before, c.after, c.outcome, c.code, c.detail, c.attempts, c.ended_at as "endedAt"
         from change c left join link l on l.customer_id = c.customer_id and l.member_id = c.member_id
         left join run r on r.customer_id = c.customer_id and r.run_id = c.run_id
         left join member m on m.customer_id = c.customer_id and m.member_id = c.member_id and m.view = case r.mode when 'preview' then 'preview' else 'live' end
         where c.customer_id = $1 and c.run_id = $2 and ($3::text is null or c.kind = $3) and (c.stage, c.position) > ($4, $5::int)
         order by c.stage, c.position limit $6`,
        [customerId, runId ?? (await latestRun(customerId)), kind ?? null, stage, Number(position) || 0, limit],
      );
      return found.map(({ before, after: wrote, endedAt, ...row }) =>
        present({
          ...row,
          before: before && (JSON.parse(before) as unknown),
          after: wrote && (JSON.parse(wrote) as unknown),
          endedAt: endedAt?.toISOString(),
        }),
      );
    },
    async problems(customerId, after, limit) {
      const found = await byHash<Omit<ProblemRow, 'says' | 'remedy'>>(
        `select member_id as "memberId", code, field, detail, run_id as "runId", user_name_key as "userName" from (${allProblems}) all_problems
         where ($4::text is null or member_id || ' ' || code || ' ' || coalesce(field, '') > $4 collate "C")
         order by member_id || ' ' || code || ' ' || coalesce(field, '') collate "C" limit $5`,
        [customerId, 'live', await latestRun(customerId, 'sync'), after ?? null, limit],
      );
      return found.map((row) => present({ ...row, ...wordsOf(row.code) }));
    },
    async excluded(customerId, after, limit) {
      const found = await byHash<ExcludedRow>(
        `select m.member_id as "memberId", m.principal_name as "userName", m.reason from member m
         where m.customer_id = $1 and m.view = 'live' and m.state = 'excluded' and ($3::uuid is null or m.member_id > $3)
           and m.member_id in (${membersOfRun('$2')})
         order by m.member_id limit $4`,
        [customerId, await latestRun(customerId, 'sync'), after ?? null, limit],
      );
      return found.map(present);
    },
    async holds(customerId, kind, after, limit) {
      const [raisedAt, holdId] = after?.split(' ') ?? [];
      const found = await rows<Omit<HoldRow, 'raisedAt' | 'decidedAt' | 'says' | 'remedy'> & { raisedAt: Date; decidedAt: Date | null }>(
        `select h.hold_id as "holdId", h.kind, h.member_id as "memberId", h.account_id as "accountId", coalesce(l.user_name, m.user_name_key) as "userName", h.wanted as "wantedName", h.code, h.cause, h.run_id as "runId",
           date_trunc('milliseconds', h.raised_at) as "raisedAt", h.state, h.decided_by as "decidedBy", h.decided_reason as "decidedReason", h.decided_at as "decidedAt"
         from hold h left join link l on l.customer_id = h.customer_id and l.member_id = h.member_id
         left join member m on m.customer_id = h.customer_id and m.view = 'live' and m.member_id = h.member_id
         where h.customer_id = $1 and h.ended_at is null and not ${isCarriedOut} and ($2::text is null or h.kind = $2)
           and ($3::timestamptz is null or (date_trunc('milliseconds', h.raised_at), h.hold_id) > ($3, $4))
         order by date_trunc('milliseconds', h.raised_at), h.hold_id limit $5`,
        [customerId, kind ?? null, raisedAt ?? null, holdId ?? null, limit],
      );
      return found.map((row) =>
        present({ ...row, raisedAt: row.raisedAt.toISOString(), decidedAt: row.decidedAt?.toISOString(), ...wordsOf(row.code) }),
      );
    },
    async unlinkedAccounts(customerId, after, limit) {
      const found = await rows<UnlinkedAccountRow>(
        `select a.account_id as "accountId", a.user_name as "userName", a.external_id as "externalId", a.body->'fields'->>'email' as email, a.active from account a
         where a.customer_id = $1 and not exists (select 1 from link l where l.customer_id = $1 and l.account_id = a.account_id) and ($2::text is null or a.account_id > $2)
         order by a.account_id limit $3`,
        [customerId, after ?? null, limit],
      );
      return found.map(present);
    },
    async configurations(customerId, after, limit) {
      const found = await rows<Omit<ConfigurationRow, 'acceptedAt'> & { acceptedAt: Date }>(
        `select version, accepted_at as "acceptedAt", accepted_by as "acceptedBy", body as configuration from configuration
         where customer_id = $1 and ($2::int is null or version < $2::int)
           and version <= (select (projection->'configuration'->>'version')::int from customer where customer_id = $1)
         order by version desc limit $3`,
        [customerId, after ?? null, limit],
      );
      return found.map((row) => ({ ...row, acceptedAt: row.acceptedAt.toISOString() }));
    },
    async problemsByCode(customerId, view, runId) {
      const found = await byHash<{ code: FailureCode; n: number }>(
        `select code, count(distinct member_id)::int as n from (${allProblems}) all_problems group by code order by code`,
        [customerId, view, runId],
      );
      return Object.fromEntries(found.map(({ code, n }) => [code, n]));
    },
  };
}

function wordsOf(code: string): { says: string; remedy: string } {
  return isFailureCode(code) ? { says: failures[code].says, remedy: failures[code].remedy } : { says: code, remedy: '' };
}

/** Without what is not there: SQL's nulls are no values. */
function present<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined)) as Row;
}
