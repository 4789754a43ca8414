import { Chance } from '../controls/chance';
import { departments, jobTitles, surnames } from '../people/names';
import type { Entry, Tenant } from './tenant';

/** What a churn did, by ids; everybody is in one list only. */
export interface Churned {
  hired: string[];
  left: string[];
  disabled: string[];
  deleted: string[];
  renamed: string[];
  changed: string[];
  moved: string[];
}

/** Of a hundred changes so many are of each kind. */
const mix: [keyof Churned, number][] = [
  ['hired', 20],
  ['left', 15],
  ['disabled', 5],
  ['deleted', 5],
  ['renamed', 15],
  ['changed', 30],
  ['moved', 10],
];

/**
 * A day's changes to a share of the members. Those who leave or are renamed manage nobody where there are enough such, so that a change to one person is a change to one account.
 * The same for the same tenant, percentage and seed.
 */
export function churn(tenant: Tenant, { percent, seed }: { percent: number; seed: number }, at: string): Churned {
  const chance = new Chance(seed ^ 0xc4);
  const members = tenant.group.members.all().flatMap((id) => tenant.people.get(id) ?? []);
  const total = Math.round((members.length * percent) / 100);
  const enabled = members.filter(({ person }) => person.accountEnabled);
  const leaves = shuffled(
    enabled.filter(({ person }) => tenant.reportsOf(person.id).size === 0),
    chance,
  );
  const managers = enabled.filter(({ person }) => tenant.reportsOf(person.id).size > 0);
  const deck = [...shuffled(managers, chance), ...leaves];
  const done: Churned = { hired: [], left: [], disabled: [], deleted: [], renamed: [], changed: [], moved: [] };
  const boss = () => (managers.length > 0 ? chance.pick(managers) : undefined)?.person.id ?? null;

  let shared = 0;
  let given = 0;
  for (const [kind, weight] of mix) {
    shared += weight;
    const upTo = Math.round((total * shared) / 100);
    for (; given < upTo; given++) {
      if (kind === 'hired') done.hired.push(hire(tenant, boss()));
      else {
        const entry = deck.pop();
        if (!entry) continue;
        apply(kind, tenant, entry, chance, boss, at);
        done[kind].push(entry.person.id);
      }
    }
  }
  return done;
}

function apply(
  kind: Exclude<keyof Churned, 'hired'>,
  tenant: Tenant,
  entry: Entry,
  chance: Chance,
  boss: () => string | null,
  at: string,
): void {
  const { person } = entry;
  if (kind === 'left') tenant.leave(person.id);
  else if (kind === 'disabled') tenant.change(entry, { accountEnabled: false });
  else if (kind === 'deleted') tenant.softDelete(entry, at);
  else if (kind === 'renamed') {
    const surname = chance.pick(surnames.filter((name) => name !== person.surname));
    const upn = freeUpn(tenant, `${person.givenName ?? 'jo'}.${surname}`.toLowerCase());
    tenant.change(entry, {
      surname,
      displayName: `${person.givenName ?? 'Jo'} ${surname}`,
      userPrincipalName: upn,
      mail: person.mail === null ? null : upn,
    });
  } else if (kind === 'changed') {
    const other = (from: readonly string[], not: string | null) => chance.pick(from.filter((one) => one !== not));
    tenant.change(entry, { department: other(departments, person.department), jobTitle: other(jobTitles, person.jobTitle) });
  } else {
    const managerId = [boss(), boss(), boss(), boss()].find((id) => id !== person.managerId && id !== person.id);
    if (managerId === undefined) tenant.change(entry, { jobTitle: `Acting ${person.jobTitle ?? 'lead'}` });
    else tenant.change(entry, { managerId });
  }
}

/** Somebody new in the group, with a user name that nobody has. */
export function hire(tenant: Tenant, managerId: string | null, inGroup = true): string {
  const person = tenant.maker.next();
  const upn = freeUpn(tenant, person.userPrincipalName.split('@')[0] ?? person.id);
  tenant.add({ ...person, userPrincipalName: upn, mail: upn, managerId });
  if (inGroup) tenant.join(person.id);
  return person.id;
}

function freeUpn(tenant: Tenant, localPart: string): string {
  for (let number = 1; ; number++) {
    const upn = `${localPart}${number === 1 ? '' : number}@${tenant.domain}`;
    if (!tenant.isTaken(upn)) return upn;
  }
}

function shuffled<T>(all: readonly T[], chance: Chance): T[] {
  const deck = [...all];
  for (let index = deck.length - 1; index > 0; index--) {
    const other = chance.below(index + 1);
    [deck[index], deck[other]] = [deck[other] as T, deck[index] as T];
  }
  return deck;
}
