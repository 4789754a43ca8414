import { CommandFailure } from './command-failure';
import { exitCodes } from './exit-codes';
import { usageFailure } from './session';
import { readState } from './state-file';
import type { Surroundings } from './surroundings';
import { unreachable } from './told-failure';

export type SandboxServer = 'entra' | 'lms';

const variableOf = { entra: 'ROLLCALL_SANDBOX_ENTRA_ADMIN', lms: 'ROLLCALL_SANDBOX_LMS_ADMIN' } as const;
const patience = 60_000; // ms: 100,000 accounts, one a line

/** Asks the admin port of a sandbox server. Its answer is JSON, or a list of what stood one value a line. */
export async function readSandbox(
  { env, fetch }: Pick<Surroundings, 'env' | 'fetch'>,
  server: SandboxServer,
  { admin }: { admin?: string },
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const origin = originOf(env, server, admin);
  if (!path.startsWith('/')) throw usageFailure(`a path begins with a slash, not ${path}`);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${origin}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      signal: AbortSignal.timeout(patience),
    });
    text = await response.text();
  } catch (error) {
    throw unreachable([`the sandbox’s ${server} doesn’t answer at ${origin}`], 'Start it: npm start, or npm run sandbox.', error);
  }
  const answer = answerIn(response, text);
  if (response.ok && answer !== undefined) return answer;
  const { faults } = (answer ?? {}) as { faults?: string[] };
  throw new CommandFailure({
    code: 'SandboxRefused',
    faults: faults ?? [`${origin} answered ${response.status}, which is no answer of a sandbox server`],
    exit: exitCodes.refused,
  });
}

function answerIn({ headers }: Response, text: string): unknown {
  try {
    if (!headers.get('content-type')?.startsWith('application/x-ndjson')) return JSON.parse(text) as unknown;
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    return undefined; // told by its status
  }
}

function originOf(env: NodeJS.ProcessEnv, server: SandboxServer, admin?: string): string {
  const given = admin ?? env[variableOf[server]] ?? readState(env).sandbox?.[`${server}Admin`];
  if (!given) {
    throw unreachable(
      [
        `it isn’t known where the sandbox’s ${server} is: neither --admin nor ${variableOf[server]} is given, and npm start has left no word in .rollcall/state.json`,
      ],
      'Start it (npm start), or say --admin http://127.0.0.1:<port>.',
    );
  }
  if (!/^https?:/.test(given) || !URL.canParse(given)) throw usageFailure(`${given} is no origin such as http://127.0.0.1:4711`);
  return new URL(given).origin;
}
