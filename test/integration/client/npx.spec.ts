/**
 * `npx rollcall` in the clone. npx links the clone into its cache at the first call and then runs its script `prepare`, if there is one: the build is called `postprepare`,
 * which npm runs after `npm ci` and npx doesn't, for a build of half a minute beside a worker that runs would change the code under its feet.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

jest.setTimeout(120_000);

const root = join(__dirname, '../../..');
const built = ['workflow-bundle.js', '.tsbuildinfo', 'client/rollcall.js'].map((name) => join(root, 'dist', name));
const cache = mkdtempSync(join(tmpdir(), 'rollcall-npx-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const npx = () => promisify(execFile)('npx', ['rollcall', '--help'], { cwd: root, env: { ...process.env, npm_config_cache: cache } });

test('the built command may be executed, for npx makes it so at its first call alone', () => {
  expect(statSync(join(root, 'dist/client/rollcall.js')).mode & 0o111).toBe(0o111);
});

test('the first call in a clone builds nothing', async () => {
  const before = built.map((file) => statSync(file).mtimeMs);
  expect((await npx()).stdout).toContain('Usage: rollcall');
  expect(built.map((file) => statSync(file).mtimeMs)).toEqual(before);
});
