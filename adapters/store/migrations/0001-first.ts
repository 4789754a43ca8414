import { sql, type Kysely } from 'kysely';

/** Everything hangs on `customer_id`; a run's rows on `(customer_id, run_id)`. Forward only: a change of this schema is a new file. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table customer (
    customer_id text primary key,
    decisions bigint not null,
    projection jsonb not null,
    directory_way text,
    target_memory jsonb not null default '{}',
    -- the run whose pages agree with the live member rows, so that an equal fingerprint means equal rows
    baseline_run text,
    -- the mapping version, target and matching that accounts were last reconciled for
    reconciled_for text,
    reconciled_at timestamptz,
    -- nothing is left over from the last run: an unchanged directory needs no plan
    settled boolean not null default false,
    -- the signed preview after which a sync has come to its end; the first one after each is exempt from the guard on additions
    rehearsed text
  )`,
  `create table configuration (
    customer_id text not null, version int not null, body jsonb not null, accepted_at timestamptz not null default now(), accepted_by text not null,
    primary key (customer_id, version)
  )`,
  `create table credential (
    customer_id text not null, credential_id text not null, purpose text not null, audience text not null, sealed text not null,
    given_at timestamptz not null default now(), given_by text not null,
    primary key (customer_id, credential_id)
  )`,
  `create table lease (
    customer_id text primary key, run_id text, workflow_id text, fence bigint not null default 0, taken_at timestamptz
  )`,
  `create table run (
    customer_id text not null, run_id text not null, workflow_id text not null, mode text not null,
    configuration_version int not null, mapping_version text not null,
    opened_at timestamptz not null default now(), read_started_at timestamptz, read_completed_at timestamptz,
    members int, changed int, plan jsonb, reconciled boolean not null default false, closed_at timestamptz, report jsonb,
    primary key (customer_id, run_id)
  )`,
  `create index run_recent on run (customer_id, opened_at desc)`,
  `create table page (
    customer_id text not null, run_id text not null, n int not null, next text, fingerprint text not null, member_ids uuid[] not null,
    stored_at timestamptz not null default now(),
    primary key (customer_id, run_id, n)
  )`,
  `create table member (
    customer_id text not null, view text not null, member_id uuid not null,
    source text not null, source_hash text not null, mapping_version text not null,
    state text not null, reason text, problems jsonb,
    desired_hash text, user_name_key text, email_key text, active boolean, manager_id uuid,
    primary key (customer_id, view, member_id)
  )`,
  `create table link (
    customer_id text not null, member_id uuid not null, account_id text not null,
    user_name_key text not null, user_name text not null, written text not null, written_hash text not null,
    active boolean not null, deactivated_by_us boolean not null default false,
    manager_account text, adopted boolean not null default false, linked_at timestamptz not null default now(),
    -- a leaver whose grace days run, or whose cause the customer's policy leaves alone
    leaving_cause text, leaving_since timestamptz, left_alone boolean not null default false,
    primary key (customer_id, member_id)
  )`,
  `create unique index link_account on link (customer_id, account_id)`,
  `create index link_user_name on link (customer_id, user_name_key)`,
  `create table account (
    customer_id text not null, account_id text not null, user_name text not null, user_name_key text not null, external_id text, email_key text,
    active boolean not null, body jsonb not null,
    primary key (customer_id, account_id)
  )`,
  `create index account_user_name on account (customer_id, user_name_key)`,
  `create table confirmation (
    customer_id text not null, run_id text not null, member_id uuid not null, whereabouts text not null,
    primary key (customer_id, run_id, member_id)
  )`,
  `create table change (
    customer_id text not null, run_id text not null, stage text not null, position int not null,
    kind text not null, member_id uuid not null, account_id text, cause text, alone boolean not null default false,
    before text, after text, outcome text, code text, detail text, attempts int not null default 0, ended_at timestamptz,
    primary key (customer_id, run_id, stage, position)
  ) with (fillfactor = 70)`,
  `create table stage (
    customer_id text not null, run_id text not null, stage text not null, total int not null, sent_until int not null default 0,
    primary key (customer_id, run_id, stage)
  )`,
  `create table problem (
    customer_id text not null, view text not null, member_id uuid not null, code text not null, field text, detail text, run_id text not null,
    primary key (customer_id, view, member_id, code)
  )`,
  `create table hold (
    customer_id text not null, hold_id text not null, kind text not null, member_id uuid not null, account_id text,
    code text not null, cause text, run_id text not null, raised_at timestamptz not null default now(),
    state text not null default 'open', decided_by text, decided_reason text, decided_at timestamptz, ended_at timestamptz,
    primary key (customer_id, hold_id)
  )`,
  `create unique index hold_current on hold (customer_id, kind, member_id) where ended_at is null`,
];
