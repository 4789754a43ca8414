/** The walls of docs/architecture.md, each tried by a line that wants through. The files are real ones: what their rooms may import goes by where they stand. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

interface Line {
  file: string;
  code: string;
  /** Its types matter. */
  typed: boolean;
}

const root = join(__dirname, '../../..');
const taking = (name: string, from: string) => `export { ${name} } from '${from}';`;
const rooms = 'boundaries/dependencies';
const packages = '@typescript-eslint/no-restricted-imports';
const syntax = 'no-restricted-syntax';
const floating = '@typescript-eslint/no-floating-promises';
const converter = 'adapters/payloads/failure-converter.ts';

const refused: [says: string, file: string, code: string, rule: string][] = [
  ['workflows load no adapter', 'workflows/refusal.ts', taking('openDatabase', '../adapters/store/database'), rooms],
  ['workflows load no activity', 'workflows/refusal.ts', taking('createActivities', '../activities'), rooms],
  ['workflows load no zod', 'workflows/refusal.ts', taking('z', 'zod'), packages],
  ['workflows load nothing of Node', 'workflows/refusal.ts', taking('readFileSync', 'node:fs'), packages],
  ['what workflows reach in domain/ loads nothing of Node', 'domain/failures.ts', taking('readFileSync', 'node:fs'), packages],
  ['workflows load nothing at run time', 'workflows/refusal.ts', "export const fs = import('node:fs');", syntax],
  ['the failure converter, bundled with workflows, loads nothing of Node', converter, taking('readFileSync', 'node:fs'), packages],
  ['the rest of domain/ does no I/O', 'domain/configuration/configuration-schema.ts', taking('readFileSync', 'node:fs'), packages],
  ['the rest of domain/ knows no database', 'domain/configuration/configuration-schema.ts', taking('Pool', 'pg'), packages],
  ['domain/ knows no adapter', 'domain/failures.ts', taking('openDatabase', '../adapters/store/database'), rooms],
  ['activities know no client', 'activities/steps.ts', taking('run', '../client/run'), rooms],
  ['the client never opens the store', 'client/session.ts', taking('openDatabase', '../adapters/store/database'), rooms],
  ['the client never opens an LMS', 'client/session.ts', taking('createTarget', '../adapters/target/create-target'), rooms],
  ['the client loads no workflow', 'client/session.ts', taking('customer', '../workflows/customer'), rooms],
  ['sealing is no way round to the store', 'adapters/credentials/sealing.ts', taking('openDatabase', '../store/database'), rooms],
  ['adapters know no activity', 'adapters/store/database.ts', taking('createActivities', '../../activities'), rooms],
  ['adapters know no sandbox', 'adapters/store/database.ts', taking('startPostgres', '../../sandbox/servers'), rooms],
  ['the sandbox shares no code with adapters', 'sandbox/main.ts', taking('openDatabase', '../adapters/store/database'), rooms],
  ['the comparison of npm start knows no domain/', 'sandbox/start/compare.ts', taking('codeOf', '../../domain/failures'), rooms],
  ['the comparison of npm start knows no neighbour', 'sandbox/start/compare.ts', taking('onboard', './story'), rooms],
  ['the comparison of npm start uses no library', 'sandbox/start/compare.ts', taking('z', 'zod'), packages],
  ['a promise is never left alone', 'domain/failures.ts', 'Promise.resolve();', floating],
];

const lawful: [says: string, file: string, code: string][] = [
  ['workflows use domain/', 'workflows/refusal.ts', taking('codeOf', '../domain/failures')],
  ['workflows name the types of activities', 'workflows/refusal.ts', "export type { CustomerSteps } from '../activities/customer-steps';"],
  ['the rest of domain/ uses zod', 'domain/configuration/configuration-schema.ts', taking('z', 'zod')],
  ['activities use adapters', 'activities/steps.ts', taking('openDatabase', '../adapters/store/database')],
  ['the client seals credentials', 'client/session.ts', taking('seal', '../adapters/credentials/sealing')],
  ['the client encrypts payloads', 'client/session.ts', taking('createDataConverter', '../adapters/payloads/data-converter')],
  ['npm start puts everything together', 'sandbox/start/main.ts', taking('readEnvironment', '../../workers/environment')],
];

let broken: Map<string, string[]>;
beforeAll(async () => {
  const lines = [...refused, ...lawful].map(([, file, code, rule]) => ({ file, code, typed: rule === floating }));
  const answers = await lint(lines);
  broken = new Map(lines.map(({ file, code }, n) => [file + code, answers[n] ?? []]));
}, 120_000);

describe('lint refuses it, for', () => {
  it.each(refused)('%s', (_says, file, code, rule) => expect(broken.get(file + code)).toContain(rule));
});

describe('lint lets it pass, for', () => {
  it.each(lawful)('%s', (_says, file, code) => expect(broken.get(file + code)).toEqual([]));
});

it('every line that was tried leads from a file that is there to one that is there', () => {
  for (const [, file, code] of [...refused, ...lawful]) {
    expect(existsSync(join(root, file))).toBe(true);
    const [, to] = /'(\.[^']+)'/.exec(code) ?? [];
    if (to) expect(() => require.resolve(join(root, file, '..', to))).not.toThrow();
  }
});

it('finds what workflows reach in folders within folders, and by imports in quotes of either kind', async () => {
  const house = await mkdtemp(join(tmpdir(), 'rollcall-walls-'));
  const files = {
    'workflows/customer.ts': `import { a } from '../domain/a';`,
    'workflows/sub/deep/x.ts': `export { b } from "../../../domain/b";\nimport type { t } from "../../../domain/types";`,
    'workflows/sub/notes.md': 'no code',
    'domain/a.ts': `import {\n  c,\n} from "./c";\nimport './gone';`,
    'domain/b/index.ts': '',
    'domain/c.ts': '',
    'domain/types.ts': '',
    'adapters/payloads/failure-converter.ts': '',
  };
  try {
    for (const [file, code] of Object.entries(files)) {
      await mkdir(join(house, file, '..'), { recursive: true });
      await writeFile(join(house, file), code);
    }
    const { workflows, domain, adapters } = await reachedIn(house);
    expect(workflows).toEqual(['workflows/customer.ts', 'workflows/sub/deep/x.ts']);
    expect(domain).toEqual(['domain/a.ts', 'domain/b/index.ts', 'domain/c.ts']);
    expect(adapters).toEqual(['adapters/payloads/failure-converter.ts']);
  } finally {
    await rm(house, { recursive: true });
  }
});

/** By room. */
async function reachedIn(house: string): Promise<Record<string, string[]>> {
  const code = `import { bundledIn, reachedFrom } from ${JSON.stringify(pathToFileURL(join(root, 'eslint.config.mjs')).href)};
    process.stdout.write(JSON.stringify(reachedFrom(${JSON.stringify(house)}, bundledIn(${JSON.stringify(house)}))));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
  const found = (JSON.parse(stdout) as string[]).sort();
  return Object.fromEntries(['workflows', 'domain', 'adapters'].map((name) => [name, found.filter((file) => file.startsWith(`${name}/`))]));
}

async function lint(lines: readonly Line[]): Promise<string[][]> {
  const running = promisify(execFile)(process.execPath, [join(__dirname, 'lint.mjs')]);
  running.child.stdin?.end(JSON.stringify(lines));
  return JSON.parse((await running).stdout) as string[][];
}
