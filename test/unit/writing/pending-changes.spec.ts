import fc from 'fast-check';
import { PendingChanges } from '../../../activities/writing/pending-changes';
import type { PendingChange } from '../../../adapters/store/change-store';

const sizes = { first: 2, usual: 4 };
const at = (position: number) => ({ position }) as PendingChange;

/** A store that holds these positions, and how often it was asked. */
function store(positions: readonly number[]) {
  const asked: number[] = [];
  const fetch = (after: number, size: number) => {
    asked.push(after);
    return Promise.resolve(
      positions
        .filter((position) => position > after)
        .slice(0, size)
        .map(at),
    );
  };
  return { asked, pending: new PendingChanges(fetch, sizes) };
}

describe('Changes that are still to be made', () => {
  test('are all taken once and in their order, however many there are and whenever they are looked at anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), fc.array(fc.boolean()), async (set, anew) => {
        const positions = set.sort((one, other) => one - other);
        const { pending } = store(positions);
        const taken: number[] = [];
        for (let change = await pending.take(); change; change = await pending.take()) {
          taken.push(change.position);
          if (anew[taken.length]) pending.forget(change.position);
        }
        expect(taken).toEqual(positions);
      }),
    );
  });

  test('are fetched before they are needed, so that nobody waits for the store, the first of them a few at a time', async () => {
    const { pending, asked } = store([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await pending.take()).toEqual(at(1));
    expect(asked).toEqual([0]);
    expect(await pending.take()).toEqual(at(2));
    expect(asked).toEqual([0, 2]);
    for (const position of [3, 4, 5]) expect(await pending.take()).toEqual(at(position));
    expect(asked).toEqual([0, 2]);
    expect(await pending.take()).toEqual(at(6));
    expect(asked).toEqual([0, 2, 6]);
  });

  test('that can’t be fetched fail for whoever takes the next one, and not before', async () => {
    let isDown = false;
    const fetch = (after: number) => (isDown ? Promise.reject(new Error('down')) : Promise.resolve([1, 2, 3, 4].map((n) => at(after + n))));
    const pending = new PendingChanges(fetch, { first: 4, usual: 4 });
    await pending.take();
    isDown = true;
    for (const position of [2, 3, 4]) expect(await pending.take()).toEqual(at(position));
    await expect(pending.take()).rejects.toThrow('down');
  });
});
