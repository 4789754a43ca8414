/**
 * Lints texts as if they stood in files of the house: `[{ file, code }]` on stdin, the rules that each breaks on stdout. A process of its own, for Jest's modules can't load
 * ESLint's configuration.
 */
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const root = join(import.meta.dirname, '../../..');
const eslint = new ESLint({ cwd: root, overrideConfigFile: join(root, 'eslint.config.mjs') });
const broken = [];
for (const { file, code } of await json(process.stdin)) {
  const [{ messages }] = await eslint.lintText(code, { filePath: join(root, file) });
  broken.push(messages.map(({ ruleId, message }) => ruleId ?? message));
}
process.stdout.write(JSON.stringify(broken));
