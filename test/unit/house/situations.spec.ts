import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentences, title } from '../../integration/situations/sentences';

const folder = join(__dirname, '../../integration/situations');
const specs = readdirSync(folder)
  .filter((name) => name.endsWith('.spec.ts'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));
const described = specs.flatMap((spec) => [...spec.matchAll(/^describe\(title\((\d+)\), /gm)].map(([, number]) => number));

test('every situation is the title of one describe, and none is a number without its sentence', () => {
  expect(described.sort()).toEqual(Object.keys(sentences).sort());
  expect(title(14)).toBe('14. Disabled when first seen → not created.');
});

test('every situation has a test', () => {
  const blocks = specs.flatMap((spec) => spec.split(/^describe\(/m).slice(1));
  expect(blocks.filter((block) => !/^ {2}test(\.each)?\(/m.test(block))).toEqual([]);
});
