import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, identityOf } from './process-identity';

/** The PostgreSQL that runs on this data folder, whoever started it. */
export function runningPostmaster(data: string): { identity: string; port: number } | undefined {
  const lines = pidFileLines(data);
  const pid = Number(lines?.[0]);
  const command = lines && commandLineOf(pid);
  // The pid may meanwhile be a stranger's: after a restart of a container that is likely.
  if (!command?.includes(`-D ${data} `)) return undefined;
  const identity = identityOf(pid);
  const port = Number(/ -p (\d+)/.exec(command)?.[1]);
  return identity === undefined ? undefined : { identity, port };
}

/** No process has this number (Linux ends at 2^22, macOS at 99,999). */
const nobody = 2 ** 31 - 2;

/**
 * After a kill PostgreSQL finds its old pid file and refuses to start while any process has that pid. Where that isn't our postmaster, the pid
 * is replaced. Only the pid: the key of the shared memory that stands in the file too lets PostgreSQL see whether its old children still write.
 */
export function disownPidFile(data: string): void {
  const lines = pidFileLines(data);
  if (lines === undefined || runningPostmaster(data)) return;
  writeFileSync(join(data, 'postmaster.pid'), [nobody, ...lines.slice(1)].join('\n'));
}

/** pid, data folder, start time, port, socket folder, address, shared memory key, status (PostgreSQL's pidfile.h). */
function pidFileLines(data: string): string[] | undefined {
  const file = join(data, 'postmaster.pid');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : undefined;
}
