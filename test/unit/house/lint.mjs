/**
 * Lints texts as if they stood in files of the house: `[{ file, code, typed }]` on stdin, the rules that each breaks on stdout. A process of its own, for Jest's modules can't
 * load ESLint's configuration. Types are looked at where it is asked for alone: that takes seconds, and imports are refused without them.
 */
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = join(import.meta.dirname, '../../..');
const overrideConfigFile = join(root, 'eslint.config.mjs');
const withTypes = new ESLint({ cwd: root, overrideConfigFile });
const without = new ESLint({ cwd: root, overrideConfigFile, overrideConfig: tseslint.configs.disableTypeChecked });
const broken = [];
for (const { file, code, typed } of await json(process.stdin)) {
  const [{ messages }] = await (typed ? withTypes : without).lintText(code, { filePath: join(root, file) });
  broken.push(messages.map(({ ruleId, message }) => ruleId ?? message));
}
process.stdout.write(JSON.stringify(broken));
