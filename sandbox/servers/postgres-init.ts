import { chownSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './postgres-account';
import type { PostgresBinaries } from './postgres-binaries';
import { runProgram } from './run-program';
import { inWords, type Say } from './say';

export interface NewCluster {
  folder: string;
  data: string;
  password: string;
  binaries: PostgresBinaries;
  account: Account;
  env: NodeJS.ProcessEnv;
  say: Say;
}

/** Makes the data folder under another name and renames it when it is whole: killed meanwhile, the next start begins anew. */
export async function makeCluster({ folder, data, password, binaries, account, env, say }: NewCluster): Promise<void> {
  const begun = Date.now();
  // The caller holds the folder's lock, so what lies there was left by one that was killed.
  for (const name of readdirSync(folder)) if (name.startsWith('data.')) rmSync(join(folder, name), { recursive: true, force: true });
  const draft = join(folder, 'data.new');
  const passwordFile = join(folder, 'data.password');
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account.owner) for (const path of [draft, passwordFile]) chownSync(path, account.owner.uid, account.owner.gid);
  // scram-sha-256 on every connection; UTF-8 with the C locale: byte order, the same on every machine.
  const options = [
    '--pgdata',
    draft,
    '--username',
    'rollcall',
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
    '--encoding',
    'UTF8',
    '--locale',
    'C',
  ];
  const [command, ...args] = [...account.prefix, binaries.initdb, ...options];
  try {
    await runProgram(command as string, args, { ...account.spawnAs, cwd: '/', env: postgresEnvironment(env), timeoutMs: 120_000 });
    renameSync(draft, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  say(`PostgreSQL: made a new database cluster in ${folder} (${inWords(Date.now() - begun)})`);
}

/** None of the user's PG… settings may reach our server; its messages are in English, and so are our errors. */
export function postgresEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PG'))), LC_ALL: 'C' };
}
