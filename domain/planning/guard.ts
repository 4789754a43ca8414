import type { Threshold } from '../configuration/configuration';

/** Exceeded only when both figures are: few people are never a flood, and neither is a small share of many. */
export function exceeds(people: number, linked: number, { count, percent }: Threshold): boolean {
  return people > count && people * 100 > percent * linked;
}

export type HoldKind = 'deactivate' | 'create' | 'rename';
export type Decision = 'open' | 'released' | 'rejected';

export interface Guarded<Wish> {
  passed: Wish[];
  held: Wish[];
  /** Somebody decided that these shall not happen. */
  rejected: Wish[];
}

/**
 * Who of one kind of change may go on. Released people do, whatever the figures; rejected ones don't; the others stand or fall together by the threshold.
 * `decisionOf` knows the holds that are current.
 */
export function guard<Wish>(
  wishes: readonly Wish[],
  decisionOf: (wish: Wish) => Decision | undefined,
  isExceeded: (undecided: number) => boolean,
  isAlwaysHeld: (wish: Wish) => boolean = () => false,
): Guarded<Wish> {
  const rejected = wishes.filter((wish) => decisionOf(wish) === 'rejected');
  const released = wishes.filter((wish) => decisionOf(wish) === 'released');
  const undecided = wishes.filter((wish) => decisionOf(wish) !== 'rejected' && decisionOf(wish) !== 'released');
  const always = undecided.filter(isAlwaysHeld);
  const counted = undecided.filter((wish) => !isAlwaysHeld(wish));
  return isExceeded(counted.length)
    ? { passed: released, held: undecided, rejected }
    : { passed: [...released, ...counted], held: always, rejected };
}
