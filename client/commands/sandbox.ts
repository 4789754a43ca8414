import { Argument, type Command } from 'commander';
import { readSandbox, type SandboxServer } from '../sandbox-admin';
import { usageFailure, type Session } from '../session';
import { addCommand, type AddVerb } from './add-command';
import { assignment, number, wholeNumber } from './arguments';
import { addPeopleCommands } from './sandbox-people';

const servers: readonly SandboxServer[] = ['entra', 'lms'];

interface Fault {
  times?: number;
  probability?: number;
  seed?: number;
  after?: number;
  delayMs?: number;
  status?: number;
  retryAfter?: string;
  ending?: string;
  method?: string;
  path?: string;
  with?: Record<string, unknown>;
  admin?: string;
}

/** Sends one request to a sandbox server's admin port and shows what it answers. */
export type Ask = (server: SandboxServer, options: { admin?: string }, method: string, path: string, body?: unknown) => Promise<void>;

/** Turns the knobs of the sandbox's servers, by the admin ports that they open on loopback. */
export function addSandboxCommands(program: Command, session: Session): void {
  const noun = addCommand(
    program,
    'sandbox',
    'the sandbox’s Entra tenant and LMS: what happens there, and what goes wrong there',
    'rollcall sandbox hire --count 3',
    'rollcall sandbox leave alva.strand@contoso.example',
    'rollcall sandbox fault lms throttled --times 5 --retry-after 2',
    'rollcall sandbox fault entra expiredPageToken --times 1',
    'rollcall sandbox mend lms',
    'rollcall sandbox counts lms',
  ).addHelpText(
    'after',
    '\nThe servers of npm start are found by themselves; others by --admin, or ROLLCALL_SANDBOX_ENTRA_ADMIN and ROLLCALL_SANDBOX_LMS_ADMIN.',
  );
  const ask: Ask = async (server, options, method, path, body) => {
    const answer = await readSandbox(session.surroundings, server, options, method, path, body);
    session.output.data(answer, () => (typeof answer === 'string' ? answer : JSON.stringify(answer, undefined, 2)));
  };
  const withAdmin = (command: Command) => command.option('--admin <origin>', 'the server’s admin port, such as http://127.0.0.1:4711');
  const verb: AddVerb = (...says) => withAdmin(addCommand(noun, ...says));
  const server: AddVerb = (...says) => verb(...says).addArgument(new Argument('<server>', 'whose').choices(servers));

  addPeopleCommands(verb, ask);

  server('faults', 'the faults that are switched on, and how often each has fired', 'rollcall sandbox faults entra').action(
    (which: SandboxServer, options: { admin?: string }) => ask(which, options, 'GET', '/faults'),
  );
  server('fault-kinds', 'the faults that can be switched on', 'rollcall sandbox fault-kinds lms').action(
    async (which: SandboxServer, options: { admin?: string }) => {
      const { surroundings, output } = session;
      const { faultKinds } = (await readSandbox(surroundings, which, options, 'GET', '/')) as { faultKinds: Record<string, string> };
      output.data(faultKinds, () =>
        output.table(Object.entries(faultKinds), [
          { head: 'kind', of: ([kind]) => kind },
          { head: 'what happens', of: ([, says]) => says },
        ]),
      );
    },
  );

  server(
    'fault',
    'switches a fault on',
    'rollcall sandbox fault lms throttled --times 5 --retry-after 2',
    'rollcall sandbox fault lms resetAfter --method POST --probability 0.05 --seed 7',
    'rollcall sandbox fault entra expiredPageToken --times 1',
    'rollcall sandbox fault entra secretExpired',
  )
    .argument('<kind>', 'which (fault-kinds lists them)')
    .option('--times <n>', 'so often and no more (default: until mended)', wholeNumber)
    .option('--after <n>', 'so many matching requests pass first', wholeNumber)
    .option('--probability <p>', '0 to 1, drawn for each matching request', number)
    .option('--seed <n>', 'of what is drawn', wholeNumber)
    .option('--method <method>', 'only requests of this method')
    .option('--path <regex>', 'only requests whose path and query match')
    .option('--delay-ms <ms>', 'waits so long first', wholeNumber)
    .option('--status <code>', 'the HTTP status, where the kind leaves it open', wholeNumber)
    .option('--retry-after <seconds>', 'of throttled; “none” leaves the header out')
    .option('--ending <how>', 'of cutOff: length or connection')
    .option('--with <name=value>', 'what the kind wants to know, such as id=…; may be repeated', assignment)
    .action((which: SandboxServer, kind: string, { admin, method, path, retryAfter, ...rule }: Fault) => {
      const match = { ...(method && { method }), ...(path && { path }) };
      const after = retryAfter === undefined ? {} : { retryAfter: retryAfterOf(retryAfter) };
      return ask(which, { admin }, 'POST', '/faults', { kind, ...rule, ...after, ...(Object.keys(match).length > 0 && { match }) });
    });

  server('mend', 'switches faults off: all, or some', 'rollcall sandbox mend lms', 'rollcall sandbox mend entra --kind throttled')
    .option('--id <id>', 'only this one')
    .option('--kind <kind>', 'only those of this kind')
    .action((which: SandboxServer, { id, kind, admin }: { id?: string; kind?: string; admin?: string }) => {
      if (id && kind) throw usageFailure('--id and --kind are two choices: give one');
      const query = id ? `?id=${encodeURIComponent(id)}` : kind ? `?kind=${encodeURIComponent(kind)}` : '';
      return ask(which, { admin }, 'DELETE', `/faults${query}`);
    });

  server('counts', 'how many requests it has answered, by route', 'rollcall sandbox counts entra', 'rollcall sandbox counts lms --reset')
    .option('--reset', 'counts from 0 again')
    .action((which: SandboxServer, { reset, admin }: { reset?: boolean; admin?: string }) =>
      ask(which, { admin }, reset ? 'DELETE' : 'GET', '/counts'),
    );

  server(
    'latency',
    'how long each class of requests takes (ms), and sets it',
    'rollcall sandbox latency lms',
    'rollcall sandbox latency entra page=150',
  )
    .argument('[class=ms...]', 'such as page=150 write=20')
    .action((which: SandboxServer, waits: string[], { admin }: { admin?: string }) => {
      const set = assignments(waits);
      return Object.keys(set).length > 0 ? ask(which, { admin }, 'POST', '/latency', set) : ask(which, { admin }, 'GET', '/latency');
    });

  verb(
    'accounts',
    'the LMS’s accounts as it keeps them',
    `rollcall sandbox accounts --json | jq -r '.[] | select(.active == false) | .userName'`,
  )
    .option('--id <id>', 'only this one')
    .action(({ id, admin }: { id?: string; admin?: string }) =>
      ask('lms', { admin }, 'GET', `/accounts${id ? `?id=${encodeURIComponent(id)}` : ''}`),
    );
  verb(
    'awkwardness',
    'what the LMS does otherwise than the standard, and sets it',
    'rollcall sandbox awkwardness',
    'rollcall sandbox awkwardness ignoresFilters=true noPatch=true',
  )
    .argument('[name=value...]', 'such as ignoresFilters=true')
    .action((changes: string[], { admin }: { admin?: string }) => {
      const set = assignments(changes);
      return Object.keys(set).length > 0
        ? ask('lms', { admin }, 'PATCH', '/awkwardness', set)
        : ask('lms', { admin }, 'GET', '/awkwardness');
    });

  server(
    'call',
    'any other route of the admin port (GET / lists them)',
    'rollcall sandbox call entra GET /',
    'rollcall sandbox call entra POST /hire \'{"count":2}\'',
  )
    .argument('<method>', 'GET, POST, PATCH or DELETE')
    .argument('<path>', 'such as /journal')
    .argument('[body]', 'JSON')
    .action((which: SandboxServer, method: string, path: string, body: string | undefined, options: { admin?: string }) =>
      ask(which, options, method.toUpperCase(), path, body === undefined ? undefined : parsed(body)),
    );
}

function assignments(texts: readonly string[]): Record<string, unknown> {
  return texts.reduce<Record<string, unknown>>((all, text) => assignment(text, all), {});
}

function retryAfterOf(text: string): string | number | null {
  if (text === 'none') return null;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw usageFailure(`the body is not JSON: ${(error as Error).message}`);
  }
}
