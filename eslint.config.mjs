import { builtinModules } from 'node:module';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** What `workflows/` reaches runs in Temporal's deterministic sandbox: no I/O, no Node, no zod (it triples the bundle). */
const inWorkflows = {
  paths: [
    ...['zod', 'pino', 'pg', 'kysely', 'undici', 'jose'].map((name) => ({ name, message: 'not inside what workflows reach' })),
    ...builtinModules.map((name) => ({ name, message: 'no Node built-ins inside what workflows reach' })),
  ],
  patterns: [{ group: ['node:*'], message: 'no Node built-ins inside what workflows reach' }],
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'tools', '.rollcall', '**/*.js', '**/*.mjs', '**/*.cjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { boundaries },
    settings: {
      'import/resolver': { typescript: true },
      'boundaries/elements': [
        { type: 'workflows', pattern: 'workflows/**', mode: 'full' },
        { type: 'activities', pattern: 'activities/**', mode: 'full' },
        { type: 'adapters', pattern: 'adapters/**', mode: 'full' },
        { type: 'workers', pattern: 'workers/**', mode: 'full' },
        { type: 'client', pattern: 'client/**', mode: 'full' },
        { type: 'domain', pattern: 'domain/**', mode: 'full' },
        { type: 'sandbox', pattern: 'sandbox/**', mode: 'full' },
        { type: 'test', pattern: 'test/**', mode: 'full' },
      ],
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      // The one way in which dependencies point (docs/architecture.md).
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          rules: [
            { from: 'domain', allow: ['domain'] },
            { from: 'workflows', allow: ['workflows', 'domain', ['activities', {}]] },
            { from: 'activities', allow: ['activities', 'domain', 'adapters'] },
            { from: 'adapters', allow: ['adapters', 'domain'] },
            { from: 'workers', allow: ['workers', 'activities', 'adapters', 'domain', 'workflows'] },
            { from: 'client', allow: ['client', 'domain', 'workflows', 'adapters'] },
            { from: 'sandbox', allow: ['sandbox'] },
            { from: 'test', allow: ['test', 'sandbox', 'client', 'workers', 'activities', 'adapters', 'workflows', 'domain'] },
          ],
        },
      ],
    },
  },
  { files: ['workflows/**/*.ts'], rules: { 'no-restricted-imports': ['error', inWorkflows] } },
  {
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
