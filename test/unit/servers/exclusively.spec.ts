import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exclusively } from '../../../sandbox/servers/exclusively';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-lock-'));
const silent = () => undefined;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('one process at a time', () => {
  it('lets callers in one after the other, and leaves no lock behind', async () => {
    const lock = join(folder, 'turns');
    let inside = 0;
    let most = 0;
    const turns = await Promise.all(
      [1, 2, 3].map((turn) =>
        exclusively(lock, silent, async () => {
          most = Math.max(most, (inside += 1));
          await new Promise(setImmediate);
          inside -= 1;
          return turn;
        }),
      ),
    );
    expect(turns).toEqual([1, 2, 3]);
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it('pays no heed to a lock whose holder was killed', async () => {
    const lock = join(folder, 'stale');
    writeFileSync(lock, `${process.pid}@1 abcd`);
    expect(await exclusively(lock, silent, async () => 'in')).toBe('in');
  });

  it('gives the lock back when the work fails, and lets the failure through', async () => {
    const lock = join(folder, 'failing');
    await expect(exclusively(lock, silent, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await exclusively(lock, silent, async () => 'in')).toBe('in');
  });

  it('says whom it is waiting for, once', async () => {
    const lock = join(folder, 'told');
    const said: string[] = [];
    let release = silent as () => void;
    const first = exclusively(lock, silent, () => new Promise<void>((resolve) => (release = resolve)));
    const second = exclusively(
      lock,
      (line) => (said.push(line), release()),
      async () => undefined,
    );
    await Promise.all([first, second]);
    expect(said).toEqual([`waiting for process ${process.pid}, which holds ${lock}`]);
  });
});
