import type { PoolClient } from 'pg';
import type { Configuration } from '../../domain/configuration/configuration';
import { exceeds, guard } from '../../domain/planning/guard';
import type { Plan } from '../../domain/run/run';
import type { Database } from './database';
import { holdFence, type Writer } from './lease-store';
import { leaveOtherTarget } from './plan/another-target';
import { orderContestedNames } from './plan/contested-names';
import { markDoubtful } from './plan/doubtful';
import { guarded, letSwappersThrough } from './plan/guarded';
import { currentHolds, decisionOn, raiseHolds, type Held } from './plan/holds';
import { insertHeld, insertLeavers, insertUpserts, layOutStages } from './plan/insert-changes';
import { leaversOf } from './plan/leavers';
import { countDifferingManagers, rankByManager } from './plan/managers';
import { protectedOnes } from './plan/protected';
import { layOutWishes, matchAccounts } from './plan/wishes';
import { withholdAdditions, withholdRenames } from './plan/withheld';
import type { View } from './schema';
import { membersOfRun } from './members-of-run';

export interface PlanRequest {
  writer: Writer;
  view: View;
  configuration: Configuration;
  /** The accounts were read for this run, so that they may be matched. */
  isReconciled: boolean;
  /** The first sync after a signed preview. */
  additionsExempt: boolean;
  /** The read found nobody at all. */
  isEmptied: boolean;
}

export interface PlanStore {
  /** Set arithmetic between what is desired and what is linked, the guard, and the rows of the changes that follow; the same answer when asked again. */
  plan(request: PlanRequest): Promise<Plan>;
  /** Whom an earlier run may have changed without hearing of it: before leavers are asked about, for such a person counts as active. */
  markDoubtful(writer: Writer): Promise<void>;
  /** Whether there is anybody to create, so that the target must be looked at first. */
  hasNewcomers(writer: Writer, view: View): Promise<boolean>;
}

const planTimeout = 10 * 60_000; // ms, for half a million people on a slow disk

export function createPlanStore({ rows, transaction }: Database): PlanStore {
  return {
    markDoubtful: (writer) =>
      transaction(
        async (client) => {
          await holdFence(client, writer);
          await markDoubtful(client, writer);
        },
        { joins: 'byHash' },
      ),
    async hasNewcomers({ customerId, runId }, view) {
      const found = await rows(
        `select 1 from member m join (${membersOfRun('$2')}) p on p.member_id = m.member_id
         where m.customer_id = $1 and m.view = $3 and m.state = 'desired' and m.active
           and not exists (select 1 from link l where l.customer_id = $1 and l.member_id = m.member_id) limit 1`,
        [customerId, runId, view],
        { joins: 'byHash' },
      );
      return found.length > 0;
    },
    plan: (request) => transaction((client) => planWith(client, request), { timeout: planTimeout, joins: 'byHash' }),
  };
}

async function planWith(
  client: PoolClient,
  { writer, view, configuration, isReconciled, additionsExempt, isEmptied }: PlanRequest,
): Promise<Plan> {
  const { customerId, runId } = writer;
  await holdFence(client, writer);
  // Joins are by hash whatever the statistics say: they need to be right about sizes alone, which a small sample is.
  await client.query("set local work_mem = '64MB'; set local default_statistics_target = 10");
  // Of an attempt that came to nothing.
  for (const table of ['change', 'stage'])
    await client.query(`delete from ${table} where customer_id = $1 and run_id = $2`, [customerId, runId]);
  if (isReconciled) await leaveOtherTarget(client, customerId, view, configuration.target.baseUrl);
  const untouchable = await protectedOnes(client, customerId, configuration);
  await layOutWishes(client, writer, view, untouchable);
  await matchAccounts(client, writer, configuration, isReconciled);
  await unlinkExcluded(client, customerId, view);

  const { thresholds } = configuration;
  const holds = await currentHolds(client, customerId);
  const linked = await one(client, 'select count(*)::int as n from link where customer_id = $1 and active', [customerId]);
  const additions = await guarded(client, 'create', holds, (n) => !additionsExempt && exceeds(n, linked, thresholds.additions));
  await withholdAdditions(client, additions);
  await letSwappersThrough(client);
  const renames = await guarded(client, 'rename', holds, (n) => exceeds(n, linked, thresholds.renames));
  await withholdRenames(client, customerId, view, renames);
  const leavers = guard(
    await leaversOf(client, writer, configuration, untouchable, isEmptied, view === 'live'),
    (leaver) => decisionOn(holds, 'deactivate', leaver),
    (n) => exceeds(n, linked, thresholds.leavers),
    ({ hold }) => hold !== undefined,
  );
  const held: Held[] = [
    ...additions.held.map((person) => ({ ...person, kind: 'create' as const, code: 'ThresholdAdditions' as const })),
    ...renames.held.map((person) => ({ ...person, kind: 'rename' as const, code: 'ThresholdRenames' as const })),
    ...leavers.held.map((person) => ({ ...person, kind: 'deactivate' as const, code: person.hold ?? ('ThresholdLeavers' as const) })),
  ];
  await client.query(`update wish set kind = null where kind = 'deactivate'`); // decided above, among the leavers

  const loops = await rankByManager(client);
  const queued = await orderContestedNames(client, customerId);
  await layOutStages(client, writer, {
    upsert: await insertUpserts(client, writer, queued),
    leaver: await insertLeavers(client, writer, leavers.passed),
  });
  await insertHeld(client, writer, held);
  await keepProblems(client, writer, view, loops);

  if (view === 'live') {
    const wished = [
      ...[...additions.passed, ...additions.rejected].map(({ memberId }) => ({ kind: 'create' as const, memberId })),
      ...[...renames.passed, ...renames.rejected].map(({ memberId, wanted }) => ({ kind: 'rename' as const, memberId, wanted })),
      ...[...leavers.passed, ...leavers.rejected].map(({ memberId }) => ({ kind: 'deactivate' as const, memberId })),
    ];
    await raiseHolds(client, customerId, runId, held, wished, holds);
  }
  const plan = await figures(client, writer, view, configuration, { held: held.length, linked });
  await client.query('update run set plan = $3 where customer_id = $1 and run_id = $2', [customerId, runId, JSON.stringify(plan)]);
  return plan;
}

async function one(client: PoolClient, text: string, parameters: unknown[] = []): Promise<number> {
  return (await client.query<{ n: number }>(text, parameters)).rows[0]?.n ?? 0;
}

/** Situation 23: somebody whom a rule excludes now, but who is linked, is unlinked and left as they are. */
async function unlinkExcluded(client: PoolClient, customerId: string, view: View): Promise<void> {
  await client.query(
    `insert into wish (member_id, active, account_id, has, is_linked, kind, cause)
     select m.member_id, false, l.account_id, l.user_name_key, true, 'unlink', m.reason from member m join present p on p.member_id = m.member_id
     join link l on l.customer_id = $1 and l.member_id = m.member_id where m.customer_id = $1 and m.view = $2 and m.state = 'excluded'`,
    [customerId, view],
  );
}

/** Only what differs is written: a problem that stands keeps the run which found it first. */
async function keepProblems(client: PoolClient, { customerId, runId }: Writer, view: View, loops: string[]): Promise<void> {
  await client.query(
    `with found as (select member_id, code from wish where code is not null union select unnest($4::uuid[]), 'ManagerInLoop'),
       solved as (
         delete from problem p where p.customer_id = $1 and p.view = $2
           and not exists (select 1 from found where found.member_id = p.member_id and found.code = p.code))
     insert into problem (customer_id, view, run_id, member_id, code) select $1, $2, $3, member_id, code from found on conflict do nothing`,
    [customerId, view, runId, loops],
  );
}

async function figures(
  client: PoolClient,
  { customerId, runId }: Writer,
  view: View,
  configuration: Configuration,
  { held, linked }: { held: number; linked: number },
): Promise<Plan> {
  // Each kind has a person once; and by conditions, for a grouping sorts everybody.
  const kinds = ['create', 'adopt', 'update', 'reactivate', 'deactivate', 'unlink'] as const;
  const { rows } = await client.query<Record<(typeof kinds)[number], number>>(
    `select ${kinds.map((kind) => `count(*) filter (where kind = '${kind}')::int as ${kind}`).join(', ')}
     from change where customer_id = $1 and run_id = $2 and stage in ('upsert', 'leaver')`,
    [customerId, runId],
  );
  const counted = rows[0] ?? { create: 0, adopt: 0, update: 0, reactivate: 0, deactivate: 0, unlink: 0 };
  const problems = await one(
    client,
    `select (select count(*) from problem where customer_id = $1 and view = $2)::int
       + (select count(*) from member m join present p on p.member_id = m.member_id where m.customer_id = $1 and m.view = $2 and m.state = 'problem')::int as n`,
    [customerId, view],
  );
  const managers =
    configuration.manager.reference === 'leave'
      ? 0
      : (await one(
          client,
          `select count(*)::int as n from wish w join wish m on m.member_id = w.manager_id and m.active where w.kind in ('create', 'adopt')`,
        )) + (view === 'live' && linked > 0 ? await countDifferingManagers(client, customerId, runId, configuration) : 0);
  return {
    ...counted,
    managers,
    held,
    problems,
  };
}
