import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * `<pid>@<start time>` of a living process, undefined for one that is gone. A pid alone is used again sooner or later (after a restart of a
 * container at once), and then a stranger would be taken for our server.
 */
export function identityOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? linuxIdentity(pid) : psIdentity(pid);
}

/** The pid in an identity. */
export function pidOf(identity: string): number {
  return Number(identity.split('@')[0]);
}

export function lives(identity: string | undefined): identity is string {
  return identity !== undefined && identityOf(pidOf(identity)) === identity;
}

function linuxIdentity(pid: number): string | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name in parentheses may hold spaces; the state follows it, the start time in ticks is the 20th field from there (proc(5), field 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Z and X: dead, waiting for a parent to notice. In a container whose first process reaps nobody they stay for ever.
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${pid}@${fields[19]}`;
}

function psIdentity(pid: number): string | undefined {
  try {
    const [state, ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : `${pid}@${started.join('-')}`;
  } catch {
    return undefined; // ps ends with 1 where there is no such process
  }
}

/** The words that a process was started with, as one string; undefined for one that is gone. */
export function commandLineOf(pid: number): string | undefined {
  if (identityOf(pid) === undefined) return undefined;
  if (process.platform === 'linux') return readOrNothing(`/proc/${pid}/cmdline`)?.split('\0').join(' ').trim();
  try {
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined; // gone between the two looks
  }
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // no such process
  }
}
