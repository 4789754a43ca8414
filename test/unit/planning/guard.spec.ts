import fc from 'fast-check';
import { exceeds, guard } from '../../../domain/planning/guard';
import { managerLoops } from '../../../domain/planning/manager-loops';

describe('the guard', () => {
  test.each([
    [5, 20, false], // not more than five people
    [6, 100, true],
    [6, 120, false], // not more than five percent
    [1, 1, false], // a group of one may lose that one
  ])('%i leavers of %i linked accounts: held is %s', (people, linked, expected) => {
    expect(exceeds(people, linked, { count: 5, percent: 5 })).toBe(expected);
  });

  test.each([
    ['additions', { count: 50, percent: 20 }, 50, 100, false],
    ['additions', { count: 50, percent: 20 }, 51, 254, true],
    ['additions', { count: 50, percent: 20 }, 51, 255, false],
    ['additions to nobody', { count: 50, percent: 20 }, 51, 0, true],
    ['renames', { count: 10, percent: 5 }, 10, 20, false],
    ['renames', { count: 10, percent: 5 }, 11, 219, true],
    ['renames', { count: 10, percent: 5 }, 11, 220, false],
    ['a threshold of nothing', { count: 0, percent: 0 }, 1, 100, true],
    ['a threshold of everything', { count: 0, percent: 100 }, 100, 100, false],
  ])('%s: of %j, %i of %i linked accounts are held: %s', (_what, threshold, people, linked, expected) => {
    expect(exceeds(people, linked, threshold)).toBe(expected);
  });

  test('lets everybody through or nobody who is undecided, and never anybody who was rejected', () => {
    const decision = fc.constantFrom<undefined | 'open' | 'released' | 'rejected'>(undefined, 'open', 'released', 'rejected');
    fc.assert(
      fc.property(fc.array(decision), fc.boolean(), (decisions, exceeded) => {
        const wishes = decisions.map((_, index) => index);
        const { passed, held, rejected } = guard(
          wishes,
          (wish) => decisions[wish],
          () => exceeded,
        );
        expect([...passed, ...held, ...rejected].sort()).toEqual([...wishes].sort());
        expect(rejected.every((wish) => decisions[wish] === 'rejected')).toBe(true);
        const undecided = wishes.filter((wish) => decisions[wish] === undefined || decisions[wish] === 'open');
        expect(undecided.every((wish) => (exceeded ? held : passed).includes(wish))).toBe(true);
        expect(wishes.filter((wish) => decisions[wish] === 'released').every((wish) => passed.includes(wish))).toBe(true);
      }),
    );
  });
});

describe('manager loops', () => {
  test('are found whatever hangs below them', () => {
    const managers = new Map([
      ['self', 'self'],
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['below', 'a'],
      ['further below', 'below'],
      ['fine', 'boss'],
    ]);
    expect([...managerLoops(managers)].sort()).toEqual(['a', 'b', 'c', 'self']);
  });

  test('are exactly those who meet themselves on the way up', () => {
    const who = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
    fc.assert(
      fc.property(fc.dictionary(who, who), (pairs) => {
        const managerOf = new Map(Object.entries(pairs));
        const meetsThemselves = (start: string) => {
          let at = managerOf.get(start);
          for (let step = 0; step < 10 && at !== undefined && at !== start; step += 1) at = managerOf.get(at);
          return at === start;
        };
        expect([...managerLoops(managerOf)].sort()).toEqual([...managerOf.keys()].filter(meetsThemselves).sort());
      }),
    );
  });
});
