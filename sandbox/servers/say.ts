/** Takes one line for people: what is going on, and how long it takes. */
export type Say = (line: string) => void;

/** Standard error, because standard output is for data. */
export const sayOnStderr: Say = (line) => {
  process.stderr.write(`${line}\n`);
};

/** `61000` → `1 min 1 s`. */
export function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (milliseconds < 950) return `${Math.round(milliseconds)} ms`;
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Does something long while a line every half minute shows that it goes on. */
export async function whileSaying<T>(say: Say, what: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const ticking = setInterval(() => say(`${what}: still at it after ${inWords(Date.now() - started)}`), 30_000);
  try {
    return await work();
  } finally {
    clearInterval(ticking);
  }
}
