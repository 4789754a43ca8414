import type { PoolClient } from 'pg';
import { guard, type Guarded, type HoldKind } from '../../../domain/planning/guard';
import { decisionOn, type CurrentHolds } from './holds';

export interface Person {
  memberId: string;
  accountId?: string;
  /** Their new user name, as a key, where it is that which is guarded. */
  wanted?: string;
}

/** The wishes that the guard counts together, as conditions on `wish`. */
const floods = {
  create: `kind = 'create'`,
  rename: `kind in ('update', 'reactivate') and bare is not true and wants <> has and let_through is not true`,
} satisfies Partial<Record<HoldKind, string>>;

/**
 * Somebody with a temporary name (`activities/writing/names-aside.ts`) was let through by an earlier run, which was ended half-way, and so were those whose names they wait for:
 * nobody is kept from going the rest of the way.
 */
export async function letSwappersThrough(client: PoolClient): Promise<void> {
  await client.query(
    `with recursive on_the_way as (
       select member_id, wants from wish where is_linked and starts_with(has, 'renaming-' || left(member_id::text, 8) || '.')
       union select w.member_id, w.wants from on_the_way o join wish w on w.has = o.wants
     ) update wish set let_through = true where member_id in (select member_id from on_the_way)`,
  );
}

/**
 * The guard over one kind of wish. Only people who are held, or about whom something was decided, are named in the answer: of a first run, nobody's row is
 * read. What becomes of those who may not go on is the caller's.
 */
export async function guarded(
  client: PoolClient,
  kind: keyof typeof floods,
  holds: CurrentHolds,
  exceedsThreshold: (people: number) => boolean,
): Promise<Guarded<Person>> {
  const decisionOf = (person: Person) => decisionOn(holds, kind, person);
  const { rows: counted } = await client.query<{ n: number }>(`select count(*)::int as n from wish where ${floods[kind]}`);
  const known = await people(
    client,
    kind,
    [...holds.keys()].flatMap((key) => (key.startsWith(`${kind} `) ? [key.slice(kind.length + 1)] : [])),
  );
  const decided = known.filter((person) => ['released', 'rejected'].includes(decisionOf(person) ?? 'open')).length;
  const isFlood = exceedsThreshold((counted[0]?.n ?? 0) - decided);
  return guard(isFlood ? await people(client, kind) : known, decisionOf, () => isFlood);
}

async function people(client: PoolClient, kind: keyof typeof floods, among?: readonly string[]): Promise<Person[]> {
  if (among?.length === 0) return [];
  const { rows } = await client.query<{ member_id: string; account_id: string | null; wants: string }>(
    `select member_id, account_id, wants from wish where ${floods[kind]} ${among ? 'and member_id = any($1::uuid[])' : ''} order by member_id`,
    among && [among],
  );
  return rows.map(({ member_id, account_id, wants }) => ({
    memberId: member_id,
    accountId: account_id ?? undefined,
    ...(kind === 'rename' && { wanted: wants }),
  }));
}
