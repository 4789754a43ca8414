import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { commandLineOf, identityOf, lives, pidOf } from '../../../sandbox/servers/process-identity';

describe('telling processes apart', () => {
  it('knows a living process again, and not once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    const identity = identityOf(child.pid as number) as string;
    expect(pidOf(identity)).toBe(child.pid);
    expect(lives(identity)).toBe(true);
    expect(commandLineOf(child.pid as number)).toContain('process.stdin.resume()');
    child.stdin.end();
    await once(child, 'exit');
    expect(lives(identity)).toBe(false);
  });

  it('does not take a process that got the pid of an earlier one for that one', () => {
    expect(lives(identityOf(process.pid))).toBe(true);
    expect(lives(`${process.pid}@1`)).toBe(false);
  });

  it.each([0, -1, Number.NaN, 2 ** 31 - 2])('finds nobody under the pid %p', (pid) => {
    expect(identityOf(pid)).toBeUndefined();
    expect(commandLineOf(pid)).toBeUndefined();
  });
});
