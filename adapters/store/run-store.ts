import type { Mode, Plan, RunReport } from '../../domain/run/run';
import type { Database } from './database';

export interface RunRow {
  customerId: string;
  runId: string;
  workflowId: string;
  mode: Mode;
  configurationVersion: number;
  mappingVersion: string;
  openedAt: Date;
  members: number | null;
  changed: number | null;
  readCompletedAt: Date | null;
  plan: Plan | null;
  report: RunReport | null;
  /** Fields that the run found the LMS not to keep. */
  foundNotKept: string[];
  /** All that it is known not to keep by now. */
  notKept: string[];
}

export interface RunStore {
  /** Opened again, before anything was read, it is for the configuration that is named now, and for the preview that is signed off by now. */
  open(run: Pick<RunRow, 'customerId' | 'runId' | 'workflowId' | 'mode' | 'configurationVersion' | 'mappingVersion'>): Promise<void>;
  find(customerId: string, runId: string): Promise<RunRow | undefined>;
  latest(customerId: string, mode: Mode): Promise<RunRow | undefined>;
  /**
   * Keeps the report, gives the lease back and forgets what only a run at work needs, all in one; false, and nothing of it, where another attempt has done so. `settled`: it left
   * nothing over. That counts only for what was decided when the run opened; and a run without the lease says nothing about its customer any more.
   */
  close(report: RunReport, settled: boolean): Promise<boolean>;
}

const columns = `customer_id as "customerId", run_id as "runId", workflow_id as "workflowId", mode, configuration_version as "configurationVersion",
  mapping_version as "mappingVersion", opened_at as "openedAt", members, changed, read_completed_at as "readCompletedAt", plan, report,
  found_not_kept as "foundNotKept", (select not_kept from customer where customer_id = run.customer_id) as "notKept"`;

/** Pages and confirmations of older runs than these are forgotten; their changes stay. */
const runsWithPages = 2;

export function createRunStore({ rows, transaction }: Database): RunStore {
  return {
    async open({ customerId, runId, workflowId, mode, configurationVersion, mappingVersion }) {
      await rows(
        `insert into run (customer_id, run_id, workflow_id, mode, configuration_version, mapping_version, signed_preview)
         values ($1, $2, $3, $4, $5, $6, (select projection->>'signedPreview' from customer where customer_id = $1))
         on conflict (customer_id, run_id) do update set configuration_version = excluded.configuration_version,
           mapping_version = excluded.mapping_version, signed_preview = excluded.signed_preview`,
        [customerId, runId, workflowId, mode, configurationVersion, mappingVersion],
      );
    },
    async find(customerId, runId) {
      return (await rows<RunRow>(`select ${columns} from run where customer_id = $1 and run_id = $2`, [customerId, runId]))[0];
    },
    async latest(customerId, mode) {
      return (
        await rows<RunRow>(`select ${columns} from run where customer_id = $1 and mode = $2 order by opened_at desc limit 1`, [
          customerId,
          mode,
        ])
      )[0];
    },
    async close(report, settled) {
      const { customerId, runId } = report;
      return transaction(async (client) => {
        const lease = await client.query<{ run_id: string | null }>('select run_id from lease where customer_id = $1 for update', [
          customerId,
        ]);
        const closed = await client.query(
          'update run set report = $3, closed_at = now() where customer_id = $1 and run_id = $2 and report is null',
          [customerId, runId, JSON.stringify(report)],
        );
        if (closed.rowCount === 0) return false;
        if (report.mode === 'sync' && lease.rows[0]?.run_id === runId) {
          // What is unsettled by a decision while a run plans nothing stays so; otherwise it was the run's own reading that unsettled it.
          await client.query(
            `update customer c set settled = $3 and (c.settled or r.plan is not null) and (c.projection->'configuration'->>'version')::int = r.configuration_version,
               rehearsed = case when $4 then coalesce(r.signed_preview, c.rehearsed) else c.rehearsed end
             from run r where c.customer_id = $1 and r.customer_id = $1 and r.run_id = $2`,
            [customerId, runId, settled, report.outcome === 'succeeded' || report.outcome === 'held'],
          );
        }
        for (const table of ['page', 'confirmation']) {
          await client.query(
            `delete from ${table} using (
               select run_id from run where customer_id = $1 and run_id <> coalesce((select baseline_run from customer where customer_id = $1), '')
               order by opened_at desc offset ${runsWithPages}
             ) old where ${table}.customer_id = $1 and ${table}.run_id = old.run_id`,
            [customerId],
          );
        }
        await client.query('update lease set run_id = null, workflow_id = null, fence = fence + 1 where customer_id = $1 and run_id = $2', [
          customerId,
          runId,
        ]);
        return true;
      });
    },
  };
}
