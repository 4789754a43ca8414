import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOrMake } from './find-or-make';
import { cacheFolder, toolsFolder } from './places';
import { isExecutable, onPath, runProgram } from './run-program';
import { inWords, sayOnStderr, whileSaying, type Say } from './say';
import { sdkDownload } from './sdk-download';
import type { Attempt } from './ways';

/** The CLI that tools/temporal/go.mod builds and that is downloaded. */
export const cliVersion = '1.8.2';
/** What Rollcall is tested on. An older one on PATH is passed over. */
const oldestServer = [1, 31] as const;

const remedy =
  'install the Temporal CLI 1.8 or later (https://docs.temporal.io/cli/setup-cli) so that `temporal` is on PATH; or set TEMPORAL_ADDRESS to a server; ' +
  'or install Go 1.26.4 or later, with which Rollcall builds the server itself.';

export interface ExecutableOptions {
  env?: NodeJS.ProcessEnv;
  say?: Say;
  /** Ways that the caller has tried already, for the error's list. */
  before?: Attempt[];
}

/** Path of a `temporal` that has the dev server in it: PATH → our cache → the SDK's download → a build of tools/temporal. */
export async function temporalExecutable({ env = process.env, say = sayOnStderr, before = [] }: ExecutableOptions = {}): Promise<string> {
  const folder = join(cacheFolder(env), 'temporal', cliVersion);
  const cached = join(folder, 'temporal');
  const cache = { name: 'cache', find: () => fromCache(cached) };
  return findOrMake({
    what: 'Temporal server',
    there: [{ name: '`temporal` on PATH', find: () => fromPath(env) }, cache],
    making: [
      { name: 'download by the Temporal SDK', find: () => sdkDownload('cli', `v${cliVersion}`, cached, env, say) },
      { name: 'build from tools/temporal', find: () => build(cached, env, say) },
    ],
    cache,
    folder,
    remedy,
    say,
    before,
  });
}

async function fromPath(env: NodeJS.ProcessEnv): Promise<string> {
  const found = onPath('temporal', env);
  if (found === undefined) throw new Error('not there');
  const version = await serverVersion(found);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < oldestServer[0] || (major === oldestServer[0] && minor < oldestServer[1])) {
    throw new Error(`${found} carries server ${version}, Rollcall needs ${oldestServer.join('.')} or later`);
  }
  return found;
}

async function fromCache(cached: string): Promise<string> {
  if (!isExecutable(cached)) throw new Error(`${cached} is not there`);
  await serverVersion(cached);
  return cached;
}

/** `temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)` → `1.31.2`. Proves too that the program runs on this machine. */
async function serverVersion(program: string): Promise<string> {
  const printed = await runProgram(program, ['--version'], { timeoutMs: 30_000 });
  const version = /Server (\d+\.\d+\.\d+)/.exec(printed)?.[1];
  if (version === undefined) throw new Error(`${program} --version doesn't name its server: ${printed.trim().slice(0, 200)}`);
  return version;
}

async function build(cached: string, env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  const go = onPath('go', env);
  if (go === undefined) throw new Error('`go` is not on PATH');
  const what = 'building the Temporal server with Go';
  say(`${what}: 7 minutes on 2 cores when nothing is cached, once for this machine`);
  const draft = `${cached}.${process.pid}`;
  const started = Date.now();
  try {
    const args = ['build', '-trimpath', '-ldflags=-s -w', '-o', draft, 'github.com/temporalio/cli/cmd/temporal'];
    await whileSaying(say, what, () => runProgram(go, args, { cwd: join(toolsFolder(), 'temporal'), env }));
    renameSync(draft, cached);
  } finally {
    rmSync(draft, { force: true });
  }
  say(`${what}: done in ${inWords(Date.now() - started)}`);
  return cached;
}
