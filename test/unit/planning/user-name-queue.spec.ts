import fc from 'fast-check';
import { queueForNames, type NameWish } from '../../../domain/planning/user-name-queue';

/** Plays the steps on a target that refuses a name which somebody has; what everybody is called at the end. */
function play(
  wishes: readonly NameWish[],
  keepers: readonly string[],
  steps: readonly { memberId: string; what: 'setAside' | 'write' }[],
): Map<string, string> {
  const names = new Map<string, string>([
    ...keepers.map((name) => [`keeper of ${name}`, name] as const),
    ...wishes.flatMap(({ memberId, has }) => (has ? [[memberId, has] as const] : [])),
  ]);
  for (const { memberId, what } of steps) {
    const name = what === 'setAside' ? `aside ${memberId}` : (wishes.find((wish) => wish.memberId === memberId) as NameWish).wants;
    if ([...names.values()].includes(name)) throw new Error(`${name} is taken`);
    names.set(memberId, name);
  }
  return names;
}

describe('the queue for user names', () => {
  test('serves whoever frees a name before whoever waits for it', () => {
    const wishes = [
      { memberId: 'newcomer', wants: 'a' },
      { memberId: 'owner', wants: 'b', has: 'a' },
    ];
    expect(queueForNames(wishes, () => false)).toEqual({
      steps: [
        { memberId: 'owner', what: 'write' },
        { memberId: 'newcomer', what: 'write' },
      ],
      blocked: [],
    });
  });

  test('swaps two names by setting one aside', () => {
    const wishes = [
      { memberId: 'jo', wants: 'al', has: 'jo' },
      { memberId: 'al', wants: 'jo', has: 'al' },
    ];
    const { steps, blocked } = queueForNames(wishes, () => false);
    expect(blocked).toEqual([]);
    expect(Object.fromEntries(play(wishes, [], steps))).toEqual({ jo: 'al', al: 'jo' });
  });

  test('never asks for a name that is taken, and whoever is not blocked ends with the name they want', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const wishes = fc
      .uniqueArray(fc.record({ wants: name, has: fc.option(name, { nil: undefined }) }), { selector: ({ wants }) => wants, maxLength: 6 })
      .map((all) => {
        const seen = new Set<string>(); // two accounts never have the same name to begin with
        return all.flatMap(({ wants, has }, index): NameWish[] => {
          if (has === wants || (has !== undefined && seen.has(has))) return [];
          if (has !== undefined) seen.add(has);
          return [{ memberId: `m${index}`, wants, has }];
        });
      });
    fc.assert(
      fc.property(wishes, fc.uniqueArray(name), (all, some) => {
        const keepers = some.filter((kept) => !all.some(({ has }) => has === kept));
        const { steps, blocked } = queueForNames(all, (wanted) => keepers.some((kept) => kept === wanted));
        const names = play(all, keepers, steps);
        for (const { memberId, wants, has } of all) expect(names.get(memberId)).toBe(blocked.includes(memberId) ? has : wants);
      }),
    );
  });
});
