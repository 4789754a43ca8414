import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claim, empty, release } from '../../../sandbox/start/claim';
import { identityOf } from '../../../sandbox/servers/process-identity';

let folder: string;
const file = () => join(folder, 'npm-start.pid');

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'rollcall-claim-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('A folder of npm start', () => {
  test('belongs to one at a time: another is told who has it, and what can be done', () => {
    claim(folder);
    expect(() => claim(folder)).toThrow(
      new RegExp(`npm start runs in ${folder} already, as process ${process.pid}\\. .*kill ${process.pid}`),
    );
    release(folder);
    expect(() => claim(folder)).not.toThrow();
  });

  test('of one that was killed is free', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    await once(other, 'spawn');
    writeFileSync(file(), identityOf(other.pid as number) ?? '');
    expect(() => claim(folder)).toThrow(`as process ${other.pid}`);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(() => claim(folder)).not.toThrow();
  });

  test('is free where a process that has nothing to do with us has the number now', () => {
    writeFileSync(file(), `${process.pid}@1`);
    expect(() => claim(folder)).not.toThrow();
  });

  test('is emptied without giving it up', () => {
    claim(folder);
    writeFileSync(join(folder, 'kept.json'), '{}');
    empty(folder);
    expect(readdirSync(folder)).toEqual(['npm-start.pid']);
    release(folder);
    expect(existsSync(file())).toBe(false);
  });
});
