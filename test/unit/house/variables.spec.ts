import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const code = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => text(join(folder, name)))
    .join('\n');
const named = (where: string, pattern: RegExp) => [...where.matchAll(pattern)].map(([, name]) => name);

test('every variable of ours that anything reads stands in docs/environment.md', () => {
  const read = [
    ...named(['adapters', 'client', 'sandbox', 'workers'].map(code).join('\n'), /\b(ROLLCALL_\w*[A-Z])\b/g),
    ...named(text('docker-compose.yml'), /\$\{(ROLLCALL_\w+)/g),
    ...named(code('test'), /\benv\.(ROLLCALL_\w+)/g), // what tests hand to others is no variable of theirs
  ];
  const documented = named(text('docs/environment.md'), /`(ROLLCALL_\w+)`/g);
  expect(read).toEqual(expect.arrayContaining(['ROLLCALL_FOLDER', 'ROLLCALL_CHROMIUM', 'ROLLCALL_TAG']));
  expect([...new Set(read)].filter((name) => !documented.includes(name))).toEqual([]);
});
