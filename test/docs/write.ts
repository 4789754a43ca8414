import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatedPages } from './pages';

/** Writes the generated pages, or with `--check` says which of them are stale and exits 1. */
async function main(isCheck: boolean): Promise<void> {
  const root = process.cwd();
  for (const [path, text] of Object.entries(await generatedPages(root))) {
    if ((await contentOf(join(root, path))) === text) continue;
    if (isCheck) {
      console.error(`${path} is stale: run \`npm run docs\` and commit it.`);
      process.exitCode = 1;
    } else {
      await writeFile(join(root, path), text);
      console.log(`${path} written.`);
    }
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

main(process.argv.includes('--check')).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
