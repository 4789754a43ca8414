import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from './command-failure';
import { exitCodes } from './exit-codes';

/** What `npm start` writes to `.rollcall/state.json` while it runs, so that other commands find its servers. All of it may be missing. */
export interface RollcallState {
  temporal?: { address?: string; namespace?: string; ui?: string };
  /** The codec server's origin. */
  codec?: string;
  /** The worker's health server's origin. */
  worker?: string;
  sandbox?: { entraAdmin?: string; lmsAdmin?: string };
}

/** `$ROLLCALL_FOLDER`, else `.rollcall` in the folder where the command was called. */
export function rollcallFolder(env: NodeJS.ProcessEnv): string {
  return env.ROLLCALL_FOLDER || join(process.cwd(), '.rollcall');
}

/** Nothing where there is no such file; a file that can't be read is named, for whoever wrote it meant something. */
export function readState(env: NodeJS.ProcessEnv): RollcallState {
  const file = join(rollcallFolder(env), 'state.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw unreadable(file, (error as Error).message);
  }
  try {
    const state: unknown = JSON.parse(text);
    if (typeof state === 'object' && state !== null) return state;
  } catch {
    // told below
  }
  throw unreadable(file, 'it is not a JSON object');
}

function unreadable(file: string, why: string): CommandFailure {
  return new CommandFailure({
    code: 'Usage',
    faults: [`${file} can’t be read: ${why}`],
    remedy: 'Remove it, or start again: npm start.',
    exit: exitCodes.usage,
  });
}
