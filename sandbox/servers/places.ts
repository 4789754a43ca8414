import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** What was downloaded or built once, for every clone of this user: `$ROLLCALL_CACHE`, else `rollcall` in the XDG cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env.ROLLCALL_CACHE ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'rollcall');
}

/** `tools/` of the project, from the sources and from `dist/` alike. */
export function toolsFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'tools', 'temporal', 'go.mod'))) return join(folder, 'tools');
  }
  throw new Error(`tools/temporal/go.mod is in no folder above ${__dirname}. Run Rollcall's sandbox from a clone of the project.`);
}
