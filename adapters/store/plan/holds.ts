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
}

/** Decisions that are current, by kind and person. */
export async function currentDecisions(client: PoolClient, customerId: string): Promise<Map<string, Decision>> {
  const { rows } = await client.query<{ kind: HoldKind; member_id: string; state: Decision }>(
    'select kind, member_id, state from hold where customer_id = $1 and ended_at is null',
    [customerId],
  );
  return new Map(rows.map(({ kind, member_id, state }) => [`${kind} ${member_id}`, state]));
}

/** Raises the new holds, leaves the standing ones as they are, and ends those whose reason is gone. */
export async function raiseHolds(
  client: PoolClient,
  customerId: string,
  runId: string,
  held: readonly Held[],
  wished: readonly { kind: HoldKind; memberId: string }[],
): Promise<void> {
  if (held.length > 0) {
    await client.query(
      `insert into hold (customer_id, run_id, hold_id, kind, member_id, account_id, code, cause)
       select $1, $2, * from unnest($3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[])
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
      ],
    );
  }
  // An open hold ends when the change may go on or is wished no more; a decision, when it is wished no more (whoever is released ends with the change itself).
  await client.query(
    `update hold h set ended_at = now() where h.customer_id = $1 and h.ended_at is null
       and not exists (select 1 from unnest($2::text[], $3::uuid[]) as t(kind, member_id) where t.kind = h.kind and t.member_id = h.member_id)
       and (h.state = 'open' or not exists (select 1 from unnest($4::text[], $5::uuid[]) as t(kind, member_id) where t.kind = h.kind and t.member_id = h.member_id))`,
    [
      customerId,
      held.map(({ kind }) => kind),
      held.map(({ memberId }) => memberId),
      wished.map(({ kind }) => kind),
      wished.map(({ memberId }) => memberId),
    ],
  );
}
