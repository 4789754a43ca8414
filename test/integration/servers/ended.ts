import { setTimeout as wait } from 'node:timers/promises';
import { identityOf } from '../../../sandbox/servers/process-identity';

/** Kills a server as a crash would, and returns when it is gone. */
export async function kill(pid: number | undefined): Promise<void> {
  if (pid === undefined) throw new Error('this server has no pid: it is not ours');
  process.kill(pid, 'SIGKILL');
  while (identityOf(pid) !== undefined) await wait(5);
}
