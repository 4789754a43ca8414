import { Readable } from 'node:stream';
import type { RollcallClient } from '../../../client/rollcall-client';
import { run } from '../../../client/run';
import type { Surroundings } from '../../../client/surroundings';

export interface Called {
  exit: number;
  out: string;
  err: string;
}

export interface Scene {
  client?: Partial<RollcallClient>;
  env?: NodeJS.ProcessEnv;
  stdin?: string;
  /** Columns of a terminal; none: a pipe. */
  terminal?: number;
  fetch?: typeof fetch;
  connect?: Surroundings['connect'];
}

const nowhere = { ROLLCALL_FOLDER: '/nonexistent/.rollcall' };

/** Calls the command as a shell would, with everything around it made up. */
export async function rollcall(
  argv: string[],
  { client = {}, env = {}, stdin = '', terminal, fetch = noFetch, connect }: Scene = {},
): Promise<Called> {
  let out = '';
  let err = '';
  const on = terminal === undefined ? {} : { isTTY: true, columns: terminal };
  const exit = await run(argv, {
    env: { ...nowhere, ...env },
    stdout: { ...on, write: (text) => void (out += text) },
    stderr: { ...on, isTTY: false, write: (text) => void (err += text) },
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
    connect: connect ?? (async () => ({ close: async () => undefined, ...client }) as RollcallClient),
    fetch,
    user: () => 'jo',
    now: () => 0,
  });
  return { exit, out, err };
}

const noFetch: typeof fetch = () => Promise.reject(new Error('nothing is fetched here'));
