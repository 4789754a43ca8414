import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTemporal } from '../../../sandbox/servers/temporal';
import { cliVersion, temporalExecutable } from '../../../sandbox/servers/temporal-executable';
import { timeSkippingExecutable } from '../../../sandbox/servers/time-skipping';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'rollcall-servers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A machine that has nothing but what a test puts there. */
function machine(
  name: string,
  programs: Record<string, string> = {},
): { env: NodeJS.ProcessEnv; cache: string; said: string[]; say: (line: string) => void } {
  const [bin, cache] = ['bin', 'cache'].map((part) => join(folder, name, part)) as [string, string];
  mkdirSync(bin, { recursive: true });
  symlinkSync('/bin/sh', join(bin, 'sh'));
  for (const [program, script] of Object.entries(programs)) writeScript(join(bin, program), script);
  const said: string[] = [];
  const none = join(folder, name, 'no-temporal.toml');
  writeFileSync(none, '[profile.default]\n');
  return {
    env: {
      // A proxy that isn't there: on machines with internet these tests must not download.
      HTTPS_PROXY: 'http://127.0.0.1:1',
      PATH: bin,
      ROLLCALL_CACHE: cache,
      TEMPORAL_CONFIG_FILE: none,
      HOME: folder,
    },
    cache,
    said,
    say: (line) => said.push(line),
  };
}

function writeScript(file: string, body: string): void {
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

const newest = 'echo "temporal version 1.9.0 (Server 1.32.0, UI 2.51.0)"';

describe('finding a Temporal server', () => {
  it('names every way that it tried, why each one failed, and what to do, when nothing leads to one', async () => {
    const { env, cache, say } = machine('bare');
    const error = await startTemporal({ env, say }).catch((problem: unknown) => problem as Error);
    const lines = (error as Error).message.split('\n');
    expect(error).toMatchObject({ name: 'ServerUnavailable', code: 'ServerUnavailable' });
    expect(lines).toEqual([
      'Temporal server: no way led to one.',
      '  - address in the environment: neither TEMPORAL_ADDRESS nor a profile names one',
      '  - `temporal` on PATH: not there',
      `  - cache: ${cache}/temporal/${cliVersion}/temporal is not there`,
      expect.stringMatching(/^ {2}- download by the Temporal SDK: .*temporal\.download/),
      '  - build from tools/temporal: `go` is not on PATH',
      expect.stringMatching(/^What to do: install the Temporal CLI .* on PATH; or set TEMPORAL_ADDRESS .*; or install Go/),
    ]);
  });

  it('says which settings are at fault when a profile cannot be read, and starts nothing', async () => {
    const { env, said, say } = machine('bad profile');
    writeFileSync(env.TEMPORAL_CONFIG_FILE as string, '');
    await expect(startTemporal({ env, say })).rejects.toThrow(/settings can't be read.*no-temporal\.toml.*profile\.default/);
    expect(said).toEqual([]);
  });

  it('takes the one on PATH before everything else', async () => {
    const { env, said, say } = machine('on path', { temporal: newest });
    expect(await temporalExecutable({ env, say })).toBe(join(env.PATH as string, 'temporal'));
    expect(said).toEqual([expect.stringMatching(/^Temporal server: `temporal` on PATH \(.*temporal, .*\)$/)]);
  });

  it('passes over one on PATH that is too old or broken, and says so if nothing else is found', async () => {
    const old = machine('old', { temporal: 'echo "temporal version 1.0.0 (Server 1.24.2, UI 2.28.0)"' });
    await expect(temporalExecutable(old)).rejects.toThrow(/carries server 1\.24\.2, Rollcall needs 1\.31 or later/);
    const broken = machine('broken', { temporal: 'echo "cannot open shared object" >&2; exit 127' });
    await expect(temporalExecutable(broken)).rejects.toThrow(/temporal ended with 127: cannot open shared object/);
  });

  it('builds with Go into the cache, once, however many ask at the same time, and finds it there afterwards', async () => {
    // Stands in for the compiler: writes the program that `-o` names, and a mark that it ran.
    const go = `echo x >> "${folder}/builds"; while [ "$1" != "-o" ]; do shift; done; printf '#!/bin/sh\\n%s\\n' '${newest}' > "$2"; /bin/chmod 755 "$2"`;
    const { env, cache, said, say } = machine('with go', { go });
    const built = join(cache, 'temporal', cliVersion, 'temporal');
    const both = await Promise.all([temporalExecutable({ env, say }), temporalExecutable({ env, say })]);
    expect(both).toEqual([built, built]);
    expect(readFileSync(join(folder, 'builds'), 'utf8')).toBe('x\n');
    expect(said.join('\n')).toMatch(
      /building the Temporal server with Go: 7 minutes .*\n(.*\n)*building the Temporal server with Go: done in/,
    );
    said.length = 0;
    await temporalExecutable({ env, say });
    expect(said).toEqual([expect.stringContaining('Temporal server: cache')]);
  });

  it('says what the compiler said when the build fails, and leaves nothing half-built in the cache', async () => {
    const { env, cache, say } = machine('bad go', {
      go: 'while [ "$1" != "-o" ]; do shift; done; echo half > "$2"; echo "go: requires go >= 1.26.4" >&2; exit 1',
    });
    await expect(temporalExecutable({ env, say })).rejects.toThrow(
      /build from tools\/temporal: .*ended with 1: go: requires go >= 1\.26\.4/,
    );
    expect(existsSync(join(cache, 'temporal', cliVersion, 'temporal'))).toBe(false);
  });

  it('names every way to the time-skipping server too', async () => {
    const { env, cache, say } = machine('no java');
    await expect(timeSkippingExecutable({ env, say })).rejects.toThrow(
      new RegExp(`cache: ${cache}.* is not there\n.*download by the Temporal SDK: .*\n.*Maven: \`java\` is not on PATH\nWhat to do: .*JDK`),
    );
  });
});
