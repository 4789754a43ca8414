import { chmodSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isExecutable, runProgram } from './run-program';
import { whileSaying, type Say } from './say';

/** Five minutes are enough for 60 MB on a slow line; offline it fails in a tenth of a second. */
const patienceMs = 5 * 60_000;

/**
 * The SDK downloads when it starts a test server. It does so in a process of its own: starting one here would make the SDK's `Runtime`, and a
 * worker in this process could then no more install its logger.
 */
const script = `
const [testing, kind, downloadDir, version] = process.argv.slice(1);
const { TestWorkflowEnvironment } = require(testing);
const start = kind === 'cli' ? TestWorkflowEnvironment.createLocal : TestWorkflowEnvironment.createTimeSkipping;
start.call(TestWorkflowEnvironment, { server: { executable: { type: 'cached-download', downloadDir, version } } })
  .then((environment) => environment.teardown())
  .then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });
`;

/** Downloads as the Temporal SDK does and puts the program at `destination`, whole or not at all. `version` as in its releases: `v1.8.2`. */
export async function sdkDownload(
  kind: 'cli' | 'test-server',
  version: string,
  destination: string,
  env: NodeJS.ProcessEnv,
  say: Say,
): Promise<string> {
  const folder = mkdtempSync(join(dirname(destination), 'download-'));
  const what = `downloading ${basename(destination)} ${version} as the Temporal SDK does`;
  say(`${what}: under a minute where the internet is open`);
  try {
    const testing = require.resolve('@temporalio/testing');
    await whileSaying(say, what, () =>
      runProgram(process.execPath, ['-e', script, testing, kind, folder, version], { timeoutMs: patienceMs, env }),
    );
    const program = readdirSync(folder)
      .map((name) => join(folder, name))
      .find(isExecutable);
    if (program === undefined) throw new Error(`the SDK left no program in ${folder}`);
    chmodSync(program, 0o755);
    renameSync(program, destination);
    return destination;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
