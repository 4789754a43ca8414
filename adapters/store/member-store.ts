import { hash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { MemberPage } from '../directory/directory';
import { Failure } from '../../domain/failure';
import { isObjectId, type DirectoryMember } from '../../domain/member';
import { reconcileEveryDays } from './account-store';
import { copyRows } from './copy-rows';
import type { Database } from './database';
import { holdFence, type Writer } from './lease-store';
import type { View } from './schema';
import { storable } from './storable';
import { keepSent } from './unheard';

/** A member as it is stored: what the mapping made of what the directory said, which itself is not kept. */
export interface MemberRow {
  memberId: string;
  /** Of what the directory said. */
  sourceHash: string;
  state: 'desired' | 'excluded' | 'problem';
  reason?: string;
  /** JSON. */
  problems?: string;
  /** By which somebody is known who has no desired account: their user principal name. */
  principalName?: string;
  /** JSON of the desired account. */
  desired?: string;
  desiredHash?: string;
  userNameKey?: string;
  emailKey?: string;
  active?: boolean;
  managerId?: string;
}

export interface Resumption {
  /** The link that an earlier attempt of this run got to; none where there was none, or where it is over an hour old and the pages were forgotten. */
  from?: string;
  /** Pages that are stored already. */
  pages: number;
  members: number;
  changed: number;
  /** The unbroken chain is already there. */
  isComplete: boolean;
  /** Fingerprints of the last complete read, by page, while they still speak for the member rows. */
  baseline: Map<number, string>;
  /** How many the run before this one found. */
  expected?: number;
  /** No member of this view is stored yet. */
  isEmpty: boolean;
}

export interface StoredPage {
  members: number;
  changed: number;
}

export interface ReadContext {
  writer: Writer;
  view: View;
  mappingVersion: string;
  map(member: DirectoryMember, memberId: string, sourceHash: string): MemberRow;
}

export interface MemberStore {
  resumeRead(writer: Writer, view: View): Promise<Resumption>;
  /** Page, cursor and whoever differs in one transaction. */
  storePage(context: ReadContext, n: number, page: MemberPage, resumption: Resumption): Promise<StoredPage>;
  forgetPages(writer: Writer): Promise<void>;
  /** From here on, and only from here on, absence means something. */
  completeRead(writer: Writer, view: View): Promise<{ members: number; changed: number; settled: boolean }>;
}

/** Next links promise no snapshot: what was read over an hour ago is read again. */
const staleAfterMinutes = 60;

export function createMemberStore({ rows, transaction }: Database): MemberStore {
  return {
    async resumeRead(writer, view) {
      const { customerId, runId, fence } = writer;
      if (view === 'live') await transaction((client) => keepSent(client, writer));
      const [run] = await rows<{ complete: boolean; changed: number | null; expected: number | null }>(
        `select read_completed_at is not null as complete, changed,
           (select members from run where customer_id = $1 and read_completed_at is not null order by opened_at desc limit 1) as expected
         from run where customer_id = $1 and run_id = $2`,
        [customerId, runId],
      );
      await rows(
        `delete from page where customer_id = $1 and run_id = $2
           and exists (select 1 from lease where customer_id = $1 and run_id = $2 and fence = $3)
           and not exists (select 1 from run where customer_id = $1 and run_id = $2 and read_completed_at is not null)
           and (select max(stored_at) from page where customer_id = $1 and run_id = $2) < now() - make_interval(mins => ${staleAfterMinutes})`,
        [customerId, runId, fence],
      );
      const [last] = await rows<{ n: number; next: string | null; members: number }>(
        `select n, next, (select sum(cardinality(member_ids))::int from page where customer_id = $1 and run_id = $2) as members
         from page where customer_id = $1 and run_id = $2 order by n desc limit 1`,
        [customerId, runId],
      );
      const baseline = await rows<{ n: number; fingerprint: string }>(
        `select p.n, p.fingerprint from page p join customer c using (customer_id)
         join run r on r.customer_id = c.customer_id and r.run_id = c.baseline_run
         join run mine on mine.customer_id = c.customer_id and mine.run_id = $2
         where c.customer_id = $1 and p.run_id = c.baseline_run and r.mapping_version = mine.mapping_version and $3 = 'live'`,
        [customerId, runId, view],
      );
      const [any] = await rows('select 1 from member where customer_id = $1 and view = $2 limit 1', [customerId, view]);
      return {
        from: last?.next ?? undefined,
        pages: last?.n ?? 0,
        members: last?.members ?? 0,
        expected: run?.expected ?? undefined,
        changed: run?.changed ?? 0,
        isComplete: run?.complete === true || (last !== undefined && last.next === null),
        baseline: new Map(baseline.map(({ n, fingerprint }) => [n, fingerprint])),
        isEmpty: any === undefined,
      };
    },

    async storePage(context, n, page, resumption) {
      const { writer, view } = context;
      const { customerId, runId } = writer;
      if (resumption.baseline.get(n) === page.fingerprint) {
        return transaction(async (client) => {
          await holdFence(client, writer);
          const copied = await client.query<{ members: number }>(
            `insert into page (customer_id, run_id, n, next, fingerprint, member_ids)
             select customer_id, $2, n, $4, fingerprint, member_ids from page
             where customer_id = $1 and n = $3 and run_id = (select baseline_run from customer where customer_id = $1) and fingerprint = $5
             on conflict (customer_id, run_id, n) do update set next = excluded.next, fingerprint = excluded.fingerprint, member_ids = excluded.member_ids
             returning cardinality(member_ids) as members`,
            [customerId, runId, n, page.next ?? null, page.fingerprint],
          );
          if (copied.rows[0]) return { members: copied.rows[0].members, changed: 0 };
          return storeRows(client, context, n, page, false);
        });
      }
      return transaction(async (client) => {
        await holdFence(client, writer);
        return storeRows(client, context, n, page, resumption.isEmpty && view === 'live' && resumption.pages === 0);
      });
    },

    async forgetPages(writer) {
      await transaction(async (client) => {
        await holdFence(client, writer);
        await client.query('delete from page where customer_id = $1 and run_id = $2', [writer.customerId, writer.runId]);
      });
    },

    async completeRead(writer, view) {
      return transaction(async (client) => {
        await holdFence(client, writer);
        const { customerId, runId } = writer;
        const { rows: found } = await client.query<{ members: number; changed: number }>(
          `update run set read_completed_at = coalesce(read_completed_at, now()), changed = coalesce(changed, 0),
             members = (select count(distinct id)::int from page, unnest(member_ids) as id where customer_id = $1 and run_id = $2)
           where customer_id = $1 and run_id = $2 returning members, changed`,
          [customerId, runId],
        );
        const { members, changed } = found[0] as { members: number; changed: number };
        if (view === 'preview') return { members, changed, settled: false };
        const settled = changed === 0 && (await isSame(client, customerId, runId));
        // What was found stays to be done until a run closes without leftovers: not settled for a second attempt at this step, nor after a run that never closed.
        await client.query('update customer set baseline_run = $2, settled = settled and $3 where customer_id = $1', [
          customerId,
          runId,
          settled,
        ]);
        return { members, changed, settled };
      });
    },
  };
}

/** Nothing was left over from the last run, and the same people are here: by the pages' fingerprints, or, where the order changed, by the sets of ids. */
async function isSame(client: PoolClient, customerId: string, runId: string): Promise<boolean> {
  const { rows } = await client.query<{ settled: boolean; pages: number; equal: number }>(
    `select c.settled and coalesce(c.reconciled_at > now() - make_interval(days => ${reconcileEveryDays}), true) and not exists (select 1 from hold where customer_id = $1 and ended_at is null and unheeded) as settled, (select count(*)::int from page where customer_id = $1 and run_id in ($2, c.baseline_run)) as pages,
       (select 2 * count(*)::int from page a join page b on b.customer_id = $1 and b.run_id = c.baseline_run and b.n = a.n and b.fingerprint = a.fingerprint
        where a.customer_id = $1 and a.run_id = $2) as equal
     from customer c where c.customer_id = $1 and c.baseline_run is not null`,
    [customerId, runId],
  );
  const [last] = rows;
  if (!last?.settled) return false;
  if (last.pages === last.equal) return true;
  const ids = (run: string) => `select unnest(member_ids) from page where customer_id = $1 and run_id = ${run}`;
  const baseline = '(select baseline_run from customer where customer_id = $1)';
  const { rows: differing } = await client.query(
    `select 1 where exists (${ids('$2')} except ${ids(baseline)}) or exists (${ids(baseline)} except ${ids('$2')})`,
    [customerId, runId],
  );
  return differing.length === 0;
}

async function storeRows(client: PoolClient, context: ReadContext, n: number, page: MemberPage, isFirstLoad: boolean): Promise<StoredPage> {
  const { writer, view, mappingVersion, map } = context;
  const { customerId, runId } = writer;
  const members = new Map(page.members().map((member) => [member.id.toLowerCase(), member])); // Graph may give somebody twice
  const ids = [...members.keys()];
  const odd = ids.filter((one) => !isObjectId(one)).length;
  if (odd > 0) throw new Failure('DirectoryUnavailable', `(${odd} of the ${ids.length} object ids on a page are no GUIDs)`);
  const people = [...members.values()];
  const hashes = people.map((member) => hash('md5', JSON.stringify(member), 'base64'));

  // Ids and hashes go over, those that differ come back; only they are mapped.
  const differing = isFirstLoad
    ? await firstTime(client, customerId, view, ids)
    : (
        await client.query<{ i: number }>(
          `select (t.i - 1)::int as i from unnest($3::uuid[], $4::text[]) with ordinality as t(member_id, source_hash, i)
           left join lateral (select * from member where customer_id = $1 and view = $2 and member_id = t.member_id limit 1) m on true
           where m.member_id is null or m.source_hash <> t.source_hash or m.mapping_version <> $5`,
          [customerId, view, ids, hashes, mappingVersion],
        )
      ).rows.map(({ i }) => i);
  const changed = differing.map((i) => map(people[i] as DirectoryMember, ids[i] as string, hashes[i] as string));

  if (changed.length > 0) {
    if (isFirstLoad) await copyRows(client, 'member', [...scope, ...columns], changed.map(cells), [customerId, view, mappingVersion]);
    else await mergeMembers(client, customerId, view, mappingVersion, changed);
    if (view === 'live')
      await client.query('update customer set baseline_run = null where customer_id = $1 and baseline_run is not null', [customerId]);
    await client.query('update run set changed = coalesce(changed, 0) + $3 where customer_id = $1 and run_id = $2', [
      customerId,
      runId,
      changed.length,
    ]);
  }
  await client.query(
    `insert into page (customer_id, run_id, n, next, fingerprint, member_ids) values ($1, $2, $3, $4, $5, $6::uuid[])
     on conflict (customer_id, run_id, n) do update set next = excluded.next, fingerprint = excluded.fingerprint, member_ids = excluded.member_ids`,
    [customerId, runId, n, page.next ?? null, page.fingerprint, ids],
  );
  return { members: ids.length, changed: changed.length };
}

/** Positions of those that no earlier page of the first load brought: rows move between pages while they are read. */
async function firstTime(client: PoolClient, customerId: string, view: View, ids: string[]): Promise<number[]> {
  const { rows } = await client.query<{ member_id: string }>(
    `select t.member_id from unnest($3::uuid[]) as t(member_id)
     cross join lateral (select 1 from member where customer_id = $1 and view = $2 and member_id = t.member_id limit 1) known`,
    [customerId, view, ids],
  );
  const known = new Set(rows.map(({ member_id }) => member_id));
  return ids.flatMap((id, i) => (known.has(id) ? [] : [i]));
}

const scope = ['customer_id', 'view', 'mapping_version'] as const;
const columns = [
  'member_id',
  'source_hash',
  'state',
  'reason',
  'problems',
  'principal_name',
  'desired',
  'desired_hash',
  'user_name_key',
  'email_key',
  'active',
  'manager_id',
] as const;
const cells = (row: MemberRow) => [
  row.memberId,
  row.sourceHash,
  row.state,
  row.reason,
  row.problems,
  storable(row.principalName),
  row.desired,
  row.desiredHash,
  row.userNameKey,
  row.emailKey,
  row.active,
  row.managerId,
];

async function mergeMembers(
  client: PoolClient,
  customerId: string,
  view: View,
  mappingVersion: string,
  members: MemberRow[],
): Promise<void> {
  const table = members.map(cells);
  const arrays = columns.map((_, column) => table.map((row) => row[column] ?? null));
  await client.query(
    `insert into member (${[...scope, ...columns].join(', ')})
     select $1, $2, $3, t.* from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::boolean[], $15::uuid[]) as t
     on conflict (customer_id, view, member_id) do update set mapping_version = excluded.mapping_version,
       ${columns
         .slice(1)
         .map((column) => `${column} = excluded.${column}`)
         .join(', ')}`,
    [customerId, view, mappingVersion, ...arrays],
  );
}
