/**
 * Random directories, mappings, LMSs, changes and faults: after a clean run the LMS equals a model that shares no code with the sync, and at no moment
 * was anybody inactive who should not be, nor anything written that is nobody's business.
 *
 *   PROPERTY_RUNS=300 npx jest test/end-to-end/property      the long form, about 4 s a run and lane
 *   PROPERTY_SEED=… PROPERTY_PATH=…                          one that failed, as its message says
 *   PROPERTY_LANES=3                                         so many stories at the same time, each lane with a seed of its own
 *
 * PROPERTY_VERBOSE=1 counts the stories as they are told.
 * PROPERTY_SHRINK=60: seconds that may be spent on making a failing story smaller; 0 shows it as it was found.
 */
import * as fc from 'fast-check';
import { forAllTests } from '../integration/opened';
import { startWorld, type World } from '../integration/sync/world';
import { knownStories } from './property/known-stories';
import { live } from './property/live-story';
import { story, type Story } from './property/stories';

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const lanes = number('PROPERTY_LANES', 2);
const runs = Math.ceil(number('PROPERTY_RUNS', 6) / lanes);
/** Everybody's run of the tests tells the same stories; the long form others each time. */
const firstSeed = number('PROPERTY_SEED', process.env.PROPERTY_RUNS === undefined ? 17 : Date.now() % 1_000_000_000);
const path = process.env.PROPERTY_PATH;
const shrink = number('PROPERTY_SHRINK', 60);

jest.setTimeout(60_000 + runs * 60_000 + shrink * 1_000);

let world: World;
forAllTests(startWorld, (started) => (world = started), 900_000);

test('after any changes and faults a clean run makes the LMS equal to the model, and nobody was ever wronged', async () => {
  process.stdout.write(`property: ${runs} runs in each of ${path ? 1 : lanes} lanes, seed ${firstSeed}\n`);
  const seen = new Map<string, number>();
  let told = 0;
  let isOver = false; // one lane has found something: the others come to their end
  const lane = async (seed: number, examples: readonly Story[]) => {
    let failedAt: number | undefined;
    const holds = fc.asyncProperty(story, async (one) => {
      // What is tried after that long is not made smaller any more.
      if (isOver || (failedAt !== undefined && Date.now() - failedAt > shrink * 1_000)) return;
      try {
        await live(world, one, seen);
        told += 1;
        if (process.env.PROPERTY_VERBOSE) process.stdout.write(`property: ${told} stories told\n`);
      } catch (error) {
        if (failedAt === undefined) process.stdout.write(`property: seed ${seed} has found something\n${(error as Error).message}\n`);
        failedAt ??= Date.now();
        throw error;
      }
    });
    try {
      await fc.assert(holds, { numRuns: runs, seed, path, examples: examples.map((one) => [one] as const), endOnFailure: shrink === 0 });
    } finally {
      isOver ||= failedAt !== undefined;
    }
  };
  const ends = await Promise.allSettled(
    Array.from({ length: path ? 1 : lanes }, (_, index) =>
      lane(firstSeed + index, path ? [] : knownStories.filter((_, number) => number % lanes === index)),
    ),
  );
  process.stdout.write(
    `property: ${[...seen]
      .sort()
      .map(([what, count]) => `${count} × ${what}`)
      .join(', ')}\n`,
  );
  const found = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
  if (found[0]) throw found[0];
});
