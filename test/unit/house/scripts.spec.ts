import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const { scripts, bin, dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  'scripts' | 'bin' | 'dependencies' | 'devDependencies',
  Record<string, string>
>;

test('every script and command starts something that is there', () => {
  const compiled = [...Object.values(scripts), ...Object.values(bin)].flatMap((line) => line.match(/dist\/[\w/-]+\.js/g) ?? []);
  expect(compiled.length).toBeGreaterThan(5);
  expect(compiled.filter((file) => !existsSync(join(root, file.replace(/^dist\/(.*)\.js$/, '$1.ts'))))).toEqual([]);
});

test('every library is pinned to one version, but for those whose patches are wanted', () => {
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  // protobufjs: as the Temporal SDK wants it, so that there is one copy (its payloads are told by class); TypeScript: the last line that typescript-eslint takes.
  expect(loose).toEqual([
    ['protobufjs', '^8.8.1'],
    ['typescript', '~6.0.3'],
  ]);
});
