import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, lives, pidOf } from '../servers/process-identity';

const name = 'npm-start.pid';

/** One `npm start` a folder: a second would share the servers, and `--fresh` take them from under the first. One that was killed counts for nothing. */
export function claim(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  const mark = identityOf(process.pid) ?? String(process.pid);
  for (let tries = 0; ; tries += 1) {
    try {
      return writeFileSync(file, mark, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || tries > 0) throw error;
    }
    const holder = readFileSync(file, 'utf8');
    if (lives(holder)) {
      throw new Error(
        `npm start runs in ${folder} already, as process ${pidOf(holder)}. Use it (npx rollcall doctor says where it is), stop it ` +
          `(kill ${pidOf(holder)}), or give this one another folder: ROLLCALL_FOLDER=/tmp/another npm start.`,
      );
    }
    rmSync(file, { force: true });
  }
}

export function release(folder: string): void {
  rmSync(join(folder, name), { force: true });
}

/** Everything but the claim. */
export function empty(folder: string): void {
  for (const entry of readdirSync(folder)) if (entry !== name) rmSync(join(folder, entry), { recursive: true, force: true });
}
