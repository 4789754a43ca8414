import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Configuration } from '../../domain/configuration/configuration';
import type { Projection } from '../../domain/customer/projection';
import type { Mode, Plan, RunReport } from '../../domain/run/run';

type Moment = ColumnType<Date, Date | string | undefined, Date | string | null>;
type Json<T> = ColumnType<T, string, string>;

/** The live rows, or those of the last preview, which are mapped beside the live ones and never into them. */
export type View = 'live' | 'preview';
export type Stage = 'upsert' | 'manager' | 'leaver' | 'held';

/** The tables as migrations/ makes them. */
export interface Schema {
  customer: {
    customer_id: string;
    decisions: ColumnType<string, number, number>;
    projection: Json<Projection>;
    directory_way: string | null;
    target_memory: JSONColumnType<Record<string, unknown>> | Generated<Record<string, unknown>>;
    baseline_run: string | null;
    reconciled_for: string | null;
    reconciled_at: Moment | null;
    accounts_for: string | null;
    settled: Generated<boolean>;
    rehearsed: string | null;
    linked_to: string | null;
  };
  configuration: { customer_id: string; version: number; body: Json<Configuration>; accepted_at: Moment; accepted_by: string };
  credential: {
    customer_id: string;
    credential_id: string;
    purpose: string;
    audience: string;
    sealed: string;
    given_at: Moment;
    given_by: string;
  };
  lease: {
    customer_id: string;
    run_id: string | null;
    workflow_id: string | null;
    fence: ColumnType<string, number, number>;
    taken_at: Moment | null;
  };
  run: {
    customer_id: string;
    run_id: string;
    workflow_id: string;
    mode: Mode;
    configuration_version: number;
    mapping_version: string;
    opened_at: Moment;
    read_started_at: Moment | null;
    read_completed_at: Moment | null;
    members: number | null;
    changed: number | null;
    plan: Json<Plan> | null;
    reconciled: Generated<boolean>;
    closed_at: Moment | null;
    report: Json<RunReport> | null;
    signed_preview: string | null;
  };
  hold: {
    customer_id: string;
    hold_id: string;
    kind: string;
    member_id: string;
    account_id: string | null;
    code: string;
    cause: string | null;
    run_id: string;
    raised_at: Moment;
    state: string;
    decided_by: string | null;
    decided_reason: string | null;
    decided_at: Moment | null;
    ended_at: Moment | null;
    wanted: string | null;
    unheeded: Generated<boolean>;
  };
}
