import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Decision, HoldKind } from '../../../domain/planning/guard';
import type { FailureCode } from '../../../domain/failures';

export interface Held {
  kind: HoldKind;
  memberId: string;
  accountId?: string;
  code: FailureCode;
  cause?: string;
  /** The new user name, as a key: a decision is about this one. */
  wanted?: string;
}

interface CurrentHold {
  holdId: string;
  state: Decision;
  wanted: string | null;
}

/** By kind and person. */
export type CurrentHolds = ReadonlyMap<string, CurrentHold>;

export async function currentHolds(client: PoolClient, customerId: string): Promise<CurrentHolds> {
  const { rows } = await client.query<CurrentHold & { kind: HoldKind; memberId: string }>(
    'select hold_id as "holdId", kind, member_id as "memberId", state, wanted from hold where customer_id = $1 and ended_at is null',
    [customerId],
  );
  return new Map(rows.map((hold) => [`${hold.kind} ${hold.memberId}`, hold]));
}

/** What was decided about this very change. */
export function decisionOn(
  holds: CurrentHolds,
  kind: HoldKind,
  { memberId, wanted }: { memberId: string; wanted?: string },
): Decision | undefined {
  const hold = holds.get(`${kind} ${memberId}`);
  return hold && hold.wanted === (wanted ?? null) ? hold.state : undefined;
}

/** Raises the new holds, leaves the standing ones as they are, and ends those whose reason is gone. `before`: those that the plan was made by. */
export async function raiseHolds(
  client: PoolClient,
  customerId: string,
  runId: string,
  held: readonly Held[],
  wished: readonly Pick<Held, 'kind' | 'memberId' | 'wanted'>[],
  before: CurrentHolds,
): Promise<void> {
  const standing = [...held.map((one) => ({ ...one, isHeld: true })), ...wished.map((one) => ({ ...one, isHeld: false }))];
  // An open hold ends when the change may go on or is wished no more; a decision, when it is wished no more (whoever is released ends with the change itself).
  await client.query(
    `update hold h set ended_at = now() where h.customer_id = $1 and h.ended_at is null and not exists (
       select 1 from unnest($2::text[], $3::uuid[], $4::text[], $5::boolean[]) as t(kind, member_id, wanted, is_held)
       where t.kind = h.kind and t.member_id = h.member_id and t.wanted is not distinct from h.wanted and (t.is_held or h.state <> 'open'))`,
    [
      customerId,
      standing.map(({ kind }) => kind),
      standing.map(({ memberId }) => memberId),
      standing.map(({ wanted }) => wanted ?? null),
      standing.map(({ isHeld }) => isHeld),
    ],
  );
  if (before.size > 0)
    await client.query(
      `update hold h set unheeded = false from unnest($2::text[], $3::text[]) as t(hold_id, state)
       where h.customer_id = $1 and h.unheeded and h.hold_id = t.hold_id and h.state = t.state`,
      [customerId, [...before.values()].map(({ holdId }) => holdId), [...before.values()].map(({ state }) => state)],
    );
  if (held.length === 0) return;
  await client.query(
    `insert into hold (customer_id, run_id, hold_id, kind, member_id, account_id, code, cause, wanted)
     select $1, $2, * from unnest($3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[])
     on conflict (customer_id, kind, member_id) where ended_at is null do update set code = excluded.code, cause = excluded.cause where hold.state = 'open'`,
    [
      customerId,
      runId,
      held.map(() => randomUUID()),
      held.map(({ kind }) => kind),
      held.map(({ memberId }) => memberId),
      held.map(({ accountId }) => accountId ?? null),
      held.map(({ code }) => code),
      held.map(({ cause }) => cause ?? null),
      held.map(({ wanted }) => wanted ?? null),
    ],
  );
}
