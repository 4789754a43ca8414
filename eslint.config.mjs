import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

const packages = (allowed, message) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    { patterns: [{ regex: `^(?!\\.|(?:${allowed.join('|')})$)`, allowTypeImports: true, message }] },
  ],
  // Neither that rule nor `reachedFrom` sees what is loaded while the code runs.
  'no-restricted-syntax': ['error', { selector: 'ImportExpression', message: 'Import it at the top of the file, where it can be seen.' }],
});

/** Pure decisions: what `domain/` computes with, and nothing that could reach the world. */
const inDomain = packages(['zod', 'node:crypto'], 'domain/ is pure: no I/O. Types may be imported.');

/**
 * What workflows reach, by imports that leave code behind, runs in Temporal's deterministic sandbox: no I/O, no Node, and no zod (it triples the bundle). So
 * the rule follows the imports, into `domain/` too.
 */
const inWorkflows = {
  ...packages(
    ['@temporalio/workflow', '@temporalio/common', 'async-mutex'],
    'Workflows reach this file: no Node, no I/O, no zod. Types may be imported.',
  ),
  'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch', 'require', 'crypto', 'performance', 'WebSocket'],
};

/** What the bundle of workflows is made from (workers/bundle-workflows.ts). */
export function bundledIn(root) {
  const names = readdirSync(join(root, 'workflows'), { recursive: true }).filter((name) => name.endsWith('.ts'));
  return [...names.map((name) => join('workflows', name)), 'adapters/payloads/failure-converter.ts'];
}

/** These files, and all that they load, by paths below `root`. */
export function reachedFrom(root, files) {
  const reached = new Set(files);
  for (const file of reached) {
    const code = readFileSync(join(root, file), 'utf8');
    for (const [, , from] of code.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^;'"]*\sfrom\s+)?(['"])(\.[^'"]+)\1/gm)) {
      const path = join(dirname(file), from);
      const found = [`${path}.ts`, join(path, 'index.ts')].find((one) => existsSync(join(root, one)));
      if (found) reached.add(found); // what isn't there is for the compiler to name
    }
  }
  return [...reached].map((file) => file.replaceAll('\\', '/'));
}

/** From each room, the rooms that it may use. `npm start` puts everything together; nothing else may. */
const mayUse = {
  domain: ['domain'],
  workflows: ['workflows', 'domain'],
  activities: ['activities', 'domain', 'adapters'],
  adapters: ['adapters', 'domain'],
  workers: ['workers', 'activities', 'adapters', 'domain', 'workflows'],
  client: ['client', 'domain'],
  sandbox: ['sandbox'],
  start: ['start', 'sandbox', 'client', 'workers', 'adapters', 'domain'],
  test: ['test', 'start', 'sandbox', 'client', 'workers', 'activities', 'adapters', 'workflows', 'domain'],
};
const room = (type) => ({ element: { type } });

/** What everybody needs who speaks to workers through Temporal. The client uses these adapters and no other: it opens neither the store nor an LMS. */
const wire = [
  'adapters/payloads/**',
  'adapters/credentials/{sealing,sealing-ring,key-set}.ts',
  'adapters/engine/{search-attributes,settings-fault}.ts',
];
const files = (category) => ({ file: { categories: category } });

/** What judges the sync shares no code with it, for it must not share its mistakes. */
const judge = 'sandbox/start/compare.ts';
const policies = [
  ...Object.entries(mayUse).map(([from, to]) => ({ from: room(from), allow: [{ to: room(to) }] })),
  // Workflows name activities, and never load one; likewise the client and workflows.
  { from: room('workflows'), allow: [{ to: room('activities'), dependency: { kind: 'type' } }] },
  { from: room('client'), allow: [{ to: room('workflows'), dependency: { kind: 'type' } }] },
  { from: room('client'), allow: [{ to: files('wire') }] },
  // The last word counts: not by way of these either does the client come to the store.
  { from: files('wire'), disallow: [{ to: room('adapters') }] },
  { from: files('wire'), allow: [{ to: files('wire') }] },
  { from: files('judge'), disallow: [{ to: room('*') }] },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'tools', '.rollcall', '**/*.js', '**/*.mjs', '**/*.cjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { boundaries },
    settings: {
      'import/resolver': { typescript: true },
      'boundaries/elements': [
        { type: 'workflows', pattern: 'workflows/**', partialMatch: false },
        { type: 'activities', pattern: 'activities/**', partialMatch: false },
        { type: 'adapters', pattern: 'adapters/**', partialMatch: false },
        { type: 'workers', pattern: 'workers/**', partialMatch: false },
        { type: 'client', pattern: 'client/**', partialMatch: false },
        { type: 'domain', pattern: 'domain/**', partialMatch: false },
        { type: 'start', pattern: 'sandbox/start/**', partialMatch: false },
        { type: 'sandbox', pattern: 'sandbox/**', partialMatch: false },
        { type: 'test', pattern: 'test/**', partialMatch: false },
      ],
      'boundaries/files': [
        { category: 'wire', pattern: wire },
        { category: 'judge', pattern: judge },
      ],
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/require-await': 'off',
      // Our interfaces are made of closures; none of them looks at `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      // The one way in which dependencies point (docs/architecture.md).
      'boundaries/dependencies': ['error', { default: 'disallow', checkInternals: true, policies }],
    },
  },
  { files: ['domain/**/*.ts'], rules: inDomain },
  { files: [judge], rules: packages([], 'The judge of the sync uses nothing.') },
  { files: reachedFrom(import.meta.dirname, bundledIn(import.meta.dirname)), rules: inWorkflows },
  {
    files: ['test/**/*.ts', '**/*.spec.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
