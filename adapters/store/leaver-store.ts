import type { Whereabouts } from '../directory/directory';
import type { Database } from './database';
import { holdFence, type Writer } from './lease-store';
import type { Cause } from './plan/leavers';
import { membersOfRun } from './members-of-run';

/** Linked, active, and not among the members of a complete read. */
export interface LeaverStore {
  /** Those of whom this run has not asked yet, and how many are left beside them. Whom a cause in `leftAlone` let stay is left out: nothing would follow from the answer. */
  unasked(customerId: string, runId: string, limit: number, leftAlone?: readonly Cause[]): Promise<{ ids: string[]; left: number }>;
  /** Members of this run who may serve as positive controls. */
  controls(customerId: string, runId: string, limit: number): Promise<string[]>;
  keep(writer: Writer, whereabouts: readonly Whereabouts[]): Promise<void>;
  /** Deactivations that are still to be made, from a position of the plan on, with the age of what speaks for them. */
  proofs(writer: Writer, from: number, limit: number): Promise<LeaverProof[]>;
}

export interface LeaverProof {
  memberId: string;
  /** What was proven; null where somebody decided it without a proof. */
  cause: Cause | null;
  /** What the directory said when it was asked last, which may speak against it by now; null where nobody was asked. */
  told: Whereabouts['is'] | null;
  /** When the directory said so, milliseconds since 1970. */
  toldAt: number;
}

/** One pass over pages and links, whatever their number; to be joined by hash. */
const absent = `from link l left join (${membersOfRun('$2')}) p on p.member_id = l.member_id
  where l.customer_id = $1 and l.active and p.member_id is null`;

export function createLeaverStore({ rows, transaction }: Database): LeaverStore {
  return {
    async unasked(customerId, runId, limit, leftAlone = []) {
      const found = await rows<{ member_id: string; all: number }>(
        `select l.member_id, count(*) over ()::int as all ${absent} and not (l.left_alone and l.leaving_cause = any($4))
           and not exists (select 1 from confirmation c where c.customer_id = $1 and c.run_id = $2 and c.member_id = l.member_id)
         order by l.member_id limit $3`,
        [customerId, runId, limit, leftAlone],
        { joins: 'byHash' },
      );
      return { ids: found.map(({ member_id }) => member_id), left: (found[0]?.all ?? 0) - found.length };
    },
    async controls(customerId, runId, limit) {
      const found = await rows<{ member_id: string }>(
        `select member_ids[1 + (cardinality(member_ids) / 2)] as member_id from page where customer_id = $1 and run_id = $2 and cardinality(member_ids) > 0
         union select unnest(member_ids[1:$3]) from (select member_ids from page where customer_id = $1 and run_id = $2 and cardinality(member_ids) > 0 order by n desc limit 1) last
         limit $3`,
        [customerId, runId, limit],
      );
      return found.map(({ member_id }) => member_id);
    },
    async keep(writer, whereabouts) {
      await transaction(async (client) => {
        await holdFence(client, writer);
        await client.query(
          `insert into confirmation (customer_id, run_id, member_id, whereabouts) select $1, $2, * from unnest($3::uuid[], $4::text[])
           on conflict (customer_id, run_id, member_id) do update set whereabouts = excluded.whereabouts, asked_at = now()`,
          [writer.customerId, writer.runId, whereabouts.map(({ memberId }) => memberId), whereabouts.map(({ is }) => is)],
        );
      });
    },
    async proofs({ customerId, runId }, from, limit) {
      const found = await rows<{ memberId: string; cause: LeaverProof['cause']; told: LeaverProof['told']; toldAt: Date }>(
        `select c.member_id as "memberId", c.cause, w.whereabouts as told, coalesce(w.asked_at, read.at, 'epoch') as "toldAt" from change c
         left join confirmation w on w.customer_id = $1 and w.run_id = $2 and w.member_id = c.member_id
         cross join (select min(stored_at) as at from page where customer_id = $1 and run_id = $2) read
         where c.customer_id = $1 and c.run_id = $2 and c.stage = 'leaver' and c.position >= $3 and c.outcome is null order by c.position limit $4`,
        [customerId, runId, from, limit],
      );
      return found.map(({ toldAt, ...proof }) => ({ ...proof, toldAt: toldAt.getTime() }));
    },
  };
}
