import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { onPath } from './run-program';

/** As whom PostgreSQL runs. */
export interface Account {
  /** Owner of its files; undefined: ourselves. */
  owner?: { uid: number; gid: number };
  /** Given to `spawn`. */
  spawnAs: { uid?: number; gid?: number };
  /** Put before every PostgreSQL command. */
  prefix: string[];
}

/**
 * Ourselves; but since PostgreSQL refuses root, then the system's `postgres`, else `nobody`. Where a folder above the data or the programs is
 * closed to that account (a clone below /root, a temporary folder), it is given the one capability that lets it pass: to search and read.
 */
export function postgresAccount(paths: string[], env: NodeJS.ProcessEnv): Account {
  if (process.getuid?.() !== 0) return { spawnAs: {}, prefix: [] };
  const owner = idsOf('postgres') ?? idsOf('nobody');
  if (owner === undefined) {
    throw new Error(`PostgreSQL does not run as root, and there is no account "postgres" or "nobody" to run it as. ${otherwise}`);
  }
  const closed = paths.find((path) => !passable(path, owner));
  if (closed === undefined) return { owner, spawnAs: owner, prefix: [] };
  const setpriv = onPath('setpriv', env);
  if (setpriv === undefined) {
    throw new Error(
      `PostgreSQL does not run as root, and the account with uid ${owner.uid} may not enter a folder above ${closed}. ${otherwise}`,
    );
  }
  const ids = ['--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups'];
  return { owner, spawnAs: {}, prefix: [setpriv, ...ids, '--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search', '--'] };
}

const otherwise =
  'Run Rollcall as another user than root, from a folder that everybody may enter; or set ROLLCALL_DATABASE_URL to a PostgreSQL of your own.';

function idsOf(user: string): { uid: number; gid: number } | undefined {
  const ask = (which: string) => Number(execFileSync('id', [which, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return undefined; // `id` ends with 1 where there is no such user
  }
}

/** May this account enter every folder from the root down to this one? The folder itself is made over to it. */
function passable(path: string, { uid, gid }: { uid: number; gid: number }): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid: itsUser, gid: itsGroup } = statSync(folder);
    const search = itsUser === uid ? 0o100 : itsGroup === gid ? 0o010 : 0o001;
    if ((mode & search) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
