import { inWords, type Say } from './say';

/** One way to come by a program. `find` gives its path, or throws an error that says why this way leads nowhere. */
export interface Way {
  name: string;
  find: () => Promise<string>;
}

export interface Attempt {
  way: string;
  because: string;
}

/** No way led to the program. The message names each one, why it failed, and what to do. */
export class ServerUnavailable extends Error {
  readonly code = 'ServerUnavailable';

  constructor(
    what: string,
    readonly attempts: Attempt[],
    readonly remedy: string,
  ) {
    super(
      [`${what}: no way led to one.`, ...attempts.map(({ way, because }) => `  - ${way}: ${because}`), `What to do: ${remedy}`].join('\n'),
    );
    this.name = 'ServerUnavailable';
  }
}

/** The first way that leads somewhere, in the order given; those that don't are added to `attempts`. */
export async function firstThatWorks(what: string, ways: Way[], say: Say, attempts: Attempt[]): Promise<string | undefined> {
  for (const way of ways) {
    const started = Date.now();
    try {
      const path = await way.find();
      say(`${what}: ${way.name} (${path}, ${inWords(Date.now() - started)})`);
      return path;
    } catch (error) {
      attempts.push({ way: way.name, because: error instanceof Error ? error.message : String(error) });
    }
  }
  return undefined;
}
