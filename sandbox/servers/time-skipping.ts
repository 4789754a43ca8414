import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestWorkflowEnvironment, type TimeSkippingTestWorkflowEnvironmentOptions } from '@temporalio/testing';
import { findOrMake } from './find-or-make';
import { cacheFolder, toolsFolder } from './places';
import { isExecutable, onPath, runProgram } from './run-program';
import { inWords, sayOnStderr, whileSaying, type Say } from './say';
import { sdkDownload } from './sdk-download';
import { registerSearchAttributes, type SearchAttributeDefinitions } from './search-attributes';
import type { ExecutableOptions } from './temporal-executable';

/** Of the Java SDK, whose part it is; the same stands in tools/temporal-test-server/pom.xml. */
export const testServerVersion = '1.31.0';

const remedy =
  'open the way to https://temporal.download, or install a JDK 11 or later and Maven 3.8 or later (`java` and `mvn` on PATH, a way to Maven Central).';

export interface TimeSkippingOptions extends Omit<TimeSkippingTestWorkflowEnvironmentOptions, 'server'> {
  /** Registered first: a workflow that sets one it doesn't know would never get anywhere on this server. */
  searchAttributes?: SearchAttributeDefinitions;
  env?: NodeJS.ProcessEnv;
  say?: Say;
}

/**
 * A server in which 60 days of timers pass in seconds: time moves in `environment.sleep` and while a workflow's result is awaited. It has no
 * schedules and no visibility. `environment.teardown()` stops it.
 */
export async function startTimeSkippingServer({
  searchAttributes,
  env,
  say,
  ...options
}: TimeSkippingOptions = {}): Promise<TestWorkflowEnvironment> {
  const path = await timeSkippingExecutable({ env, say });
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    ...options,
    server: { executable: { type: 'existing-path', path } },
  });
  try {
    if (searchAttributes) await registerSearchAttributes(environment.connection, environment.namespace ?? 'default', searchAttributes);
    return environment;
  } catch (error) {
    await environment.teardown();
    throw error;
  }
}

/** Path of the time-skipping test server, for `executable: { type: 'existing-path', path }`: our cache → the SDK's download → Maven. */
export async function timeSkippingExecutable({
  env = process.env,
  say = sayOnStderr,
  before = [],
}: ExecutableOptions = {}): Promise<string> {
  const folder = join(cacheFolder(env), 'temporal-test-server', testServerVersion);
  const cached = join(folder, 'temporal-test-server');
  const cache = { name: 'cache', find: () => fromCache(cached) };
  return findOrMake({
    what: 'time-skipping test server',
    there: [cache],
    making: [
      { name: 'download by the Temporal SDK', find: () => sdkDownload('test-server', `v${testServerVersion}`, cached, env, say) },
      { name: 'Maven', find: () => fromMaven(folder, cached, env, say) },
    ],
    cache,
    folder,
    remedy,
    say,
    before,
  });
}

async function fromCache(cached: string): Promise<string> {
  if (!isExecutable(cached)) throw new Error(`${cached} is not there`);
  return cached;
}

async function fromMaven(folder: string, cached: string, env: NodeJS.ProcessEnv, say: Say): Promise<string> {
  const [java, javac, mvn] = ['java', 'javac', 'mvn'].map((program) => {
    const found = onPath(program, env);
    if (found === undefined) throw new Error(`\`${program}\` is not on PATH`);
    return found;
  }) as [string, string, string];
  const what = 'fetching the time-skipping test server with Maven';
  say(`${what}: 40 files, 33 MB, about 20 s, once for this machine`);
  const started = Date.now();
  const lib = join(folder, 'lib');
  const draft = join(folder, 'lib.new');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  const project = join(toolsFolder(), 'temporal-test-server');
  const pom = join(project, 'pom.xml');
  const args = ['-B', '-q', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${draft}`];
  await whileSaying(say, what, () => runProgram(mvn, args, { env, timeoutMs: 15 * 60_000 }));
  // The server's own main class listens on every address of the machine; ours on loopback.
  const compile = ['-cp', join(draft, '*'), '-d', draft, join(project, 'LoopbackTestServer.java')];
  await runProgram(javac, compile, { env, timeoutMs: 5 * 60_000 });
  rmSync(lib, { recursive: true, force: true });
  renameSync(draft, lib);
  writeLauncher(cached, java);
  say(`${what}: done in ${inWords(Date.now() - started)}`);
  return cached;
}

/** Last of all: the launcher is what says that the cache is whole. */
function writeLauncher(cached: string, java: string): void {
  // The quick compiler alone: a JVM that lives for one suite of tests boots sooner with it.
  const script = [
    '#!/bin/sh',
    'here=$(dirname "$0")',
    `java=$(command -v java || echo '${java}')`,
    'exec "$java" -XX:TieredStopAtLevel=1 -cp "$here/lib:$here/lib/*" LoopbackTestServer "$@"',
  ];
  writeFileSync(`${cached}.new`, `${script.join('\n')}\n`);
  chmodSync(`${cached}.new`, 0o755);
  renameSync(`${cached}.new`, cached);
}
