import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { identityOf, lives, pidOf } from './process-identity';
import type { Say } from './say';

/**
 * Does something that only one process of this machine may do at a time. The lock is a file that names its holder, so that one left behind
 * by a process that was killed counts for nothing.
 */
export async function exclusively<T>(lockFile: string, say: Say, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(lockFile), { recursive: true });
  // The random part tells two calls inside this process apart.
  const mark = `${identityOf(process.pid)} ${randomBytes(4).toString('hex')}`;
  for (let told = false; !takeLock(lockFile, mark); told = true) {
    const holder = readOrNothing(lockFile);
    if (holder !== undefined && !lives(holder.split(' ')[0])) dropLock(lockFile, holder);
    else if (holder !== undefined && !told) say(`waiting for process ${pidOf(holder)}, which holds ${lockFile}`);
    await wait(50);
  }
  try {
    return await work();
  } finally {
    dropLock(lockFile, mark);
  }
}

/** A link either appears whole, with its holder's name inside, or not at all. */
function takeLock(lockFile: string, mark: string): boolean {
  const draft = `${lockFile}.${mark.replace(/\W/g, '-')}`;
  writeFileSync(draft, mark);
  try {
    linkSync(draft, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes the lock if it is still the one that was looked at. Renaming first: of two that find a dead holder's lock, one gets it. */
function dropLock(lockFile: string, mark: string): void {
  const aside = `${lockFile}.${process.pid}-${randomBytes(4).toString('hex')}`;
  if (readOrNothing(lockFile) !== mark) return;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // another one was quicker
    throw error;
  }
  if (readOrNothing(aside) === mark) return rmSync(aside, { force: true });
  // Between the look and the renaming somebody else dropped it and a third took it: give it back.
  linkSync(aside, lockFile);
  rmSync(aside, { force: true });
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
