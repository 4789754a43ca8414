import type { Chance } from '../../sandbox/controls/chance';
import { everybody, type Entra } from '../../sandbox/entra/entra';

/** A day's changes to so many of the members; leavers and renames stay below the thresholds. */
const churned = 15; // percent

/** What happens at the customer's between two runs; about how many accounts must be written for it. */
export function aDayAt(entra: Entra, chance: Chance): number {
  return chance.happens(0.25) ? onlyLeavers(entra, chance) : usual(entra, chance);
}

/** Nothing on the pages is new, somebody is just not there. */
function onlyLeavers(entra: Entra, chance: Chance): number {
  const members = here(entra).filter(({ id }) => entra.tenant.reportsOf(id).size === 0);
  const leaving = pickSome(members, Math.ceil(members.length / 50), chance);
  for (const { id } of leaving) entra.leave({ id });
  return leaving.length;
}

/** Hires, leavers, renames, moves; some come back, and two swap their user names. */
function usual(entra: Entra, chance: Chance): number {
  const outside = people(entra).filter(({ isMember, isDeleted, accountEnabled }) => !isMember && !isDeleted && accountEnabled);
  const back = pickSome(outside, Math.ceil(outside.length / 10), chance);
  const { length: before } = here(entra);
  entra.churn({ percent: churned, seed: chance.below(1_000_000) });
  for (const { id } of back) entra.join({ id });
  const [one, other] = pickSome(here(entra), 2, chance);
  if (one && other) entra.swapNames({ one: one.id, other: other.id });
  return Math.ceil((before * churned) / 100) + back.length;
}

function people(entra: Entra) {
  return [...everybody(entra.tenant)] as unknown as {
    id: string;
    isMember: boolean;
    isDeleted: boolean;
    accountEnabled: boolean;
    userType: string;
  }[];
}

function here(entra: Entra) {
  return people(entra).filter(({ isMember, accountEnabled, userType }) => isMember && accountEnabled && userType === 'Member');
}

function pickSome<One>(from: readonly One[], count: number, chance: Chance): One[] {
  const left = [...from];
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(chance.below(left.length), 1)[0] as One);
}
