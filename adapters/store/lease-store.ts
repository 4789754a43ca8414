import type { PoolClient } from 'pg';
import { Failure } from '../../domain/failure';
import type { Database } from './database';

export interface Lease {
  runId: string;
  workflowId: string;
}

/** At most one run of a customer is at work, and of that run at most one attempt writes. */
export interface LeaseStore {
  /** Taken when nobody holds it, when this run does already, or from exactly the holder named in `from`; otherwise who holds it. */
  take(customerId: string, lease: Lease, from?: Lease): Promise<Lease | undefined>;
  holder(customerId: string): Promise<Lease | undefined>;
  /** Every attempt of a writing activity asks for a number; whoever asked last is the only one whose writes the store still takes. */
  nextFence(customerId: string, runId: string): Promise<number>;
  release(customerId: string, runId: string): Promise<void>;
}

export function createLeaseStore({ rows }: Database): LeaseStore {
  const holder = async (customerId: string): Promise<Lease | undefined> => {
    const [row] = await rows<Lease>(
      `select run_id as "runId", workflow_id as "workflowId" from lease where customer_id = $1 and run_id is not null`,
      [customerId],
    );
    return row;
  };
  return {
    holder,
    async take(customerId, { runId, workflowId }, from) {
      const taken = await rows(
        `insert into lease (customer_id, run_id, workflow_id, taken_at) values ($1, $2, $3, now())
         on conflict (customer_id) do update set run_id = $2, workflow_id = $3, taken_at = now(), fence = lease.fence + 1
         where lease.run_id is null or lease.run_id = $2 or lease.run_id = $4
         returning 1`,
        [customerId, runId, workflowId, from?.runId ?? null],
      );
      return taken.length > 0 ? undefined : holder(customerId);
    },
    async nextFence(customerId, runId) {
      const [row] = await rows<{ fence: string }>(
        'update lease set fence = fence + 1 where customer_id = $1 and run_id = $2 returning fence',
        [customerId, runId],
      );
      if (!row) throw new Failure('FenceLost');
      return Number(row.fence);
    },
    async release(customerId, runId) {
      await rows('update lease set run_id = null, workflow_id = null, fence = fence + 1 where customer_id = $1 and run_id = $2', [
        customerId,
        runId,
      ]);
    },
  };
}

/** Who writes: the customer, the run, and the number that its attempt was given. */
export interface Writer {
  customerId: string;
  runId: string;
  fence: number;
}

/** Holds the fence still until the transaction ends; a writer that was overtaken writes nothing. */
export async function holdFence(client: PoolClient, { customerId, runId, fence }: Writer): Promise<void> {
  const { rowCount } = await client.query('select 1 from lease where customer_id = $1 and run_id = $2 and fence = $3 for share', [
    customerId,
    runId,
    fence,
  ]);
  if (rowCount !== 1) throw new Failure('FenceLost');
}
