import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './exclusively';
import type { Say } from './say';
import { firstThatWorks, ServerUnavailable, type Attempt, type Way } from './ways';

export interface Search {
  what: string;
  /** Ways to a program that is on this machine already. */
  there: Way[];
  /** Ways that fill the cache; they take long. */
  making: Way[];
  /** The one of `there` that looks where `making` puts things. */
  cache: Way;
  /** The cache's folder. */
  folder: string;
  remedy: string;
  say: Say;
  before: Attempt[];
}

/** Finds a program or brings it into the cache. Two processes that find nothing don't both build it: the second waits for the first. */
export async function findOrMake({ what, there, making, cache, folder, remedy, say, before }: Search): Promise<string> {
  const attempts = [...before];
  const found = await firstThatWorks(what, there, say, attempts);
  if (found !== undefined) return found;
  mkdirSync(folder, { recursive: true });
  return exclusively(join(folder, 'lock'), say, async () => {
    const meanwhile = await firstThatWorks(what, [cache], say, []);
    const made = meanwhile ?? (await firstThatWorks(what, making, say, attempts));
    if (made === undefined) throw new ServerUnavailable(what, attempts, remedy);
    return made;
  });
}
