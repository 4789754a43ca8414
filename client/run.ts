import { Command, CommanderError } from 'commander';
import type { CommandFailure } from './command-failure';
import { addCredentialCommands } from './commands/credential';
import { addCustomerCommands } from './commands/customer';
import { addDoctor } from './commands/doctor';
import { addKeyCommands } from './commands/keys';
import { addRowCommands } from './commands/rows';
import { addSandboxCommands } from './commands/sandbox';
import { exitCodes, exitCodeWords } from './exit-codes';
import { Output } from './output';
import { Session, usageFailure } from './session';
import type { Surroundings } from './surroundings';
import { toldFailure } from './told-failure';

const epilogue = `
Examples:
  rollcall customer add acme --file acme.json
  rollcall credential set acme --for directory
  rollcall customer preview acme --wait
  rollcall customer sync acme --wait
  rollcall customer list --json | jq -r '.[] | select(.health != "healthy") | .customerId'

Exit codes:
${Object.entries(exitCodeWords)
  .map(([code, words]) => `  ${code.padStart(3)}  ${words}`)
  .join('\n')}

Settings: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and Temporal’s other standard names; ROLLCALL_PAYLOAD_KEYS[_FILE]. Where they are not set,
.rollcall/ of npm start is used. NO_COLOR turns colours off. All of it: docs/cli.md`;

/** One call of \`rollcall\`: does what the arguments (without node and script) ask and answers what the process is to end with. Throws nothing that was foreseen. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const output = new Output(surroundings, { json: argv.includes('--json') && !argv.slice(0, argv.indexOf('--json')).includes('--') });
  const session = new Session(surroundings, output);
  try {
    await createProgram(session).parseAsync([...argv], { from: 'user' });
    return session.exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done; // help was asked for
    const failure = error instanceof CommanderError ? askedWrongly(error) : toldFailure(error);
    // In plain text commander has said it already; a missing command shows the help.
    if (output.json || !(error instanceof CommanderError)) output.failed(failure);
    return failure.exit;
  } finally {
    await session.close();
  }
}

/** Commander's words for people, as a fault. */
function askedWrongly({ code, message }: CommanderError): CommandFailure {
  const fault = code === 'commander.help' ? 'a command is missing' : message.replace(/^error: /, '').replaceAll('\n', ' ');
  return usageFailure(fault, '--help after the command shows what is expected.');
}

export function createProgram(session: Session): Command {
  const { stdout, stderr } = session.surroundings;
  const program = new Command('rollcall')
    .description(
      'Keeps each customer’s LMS users in step with an Entra group. Speaks to Temporal alone; everything here can be done in its UI too.',
    )
    .option('--json', 'data as JSON on stdout; errors as JSON on stderr')
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void (session.output.json || stderr.write(text)), // as JSON it is said by `run`
      getOutHelpWidth: () => stdout.columns ?? 100,
      getErrHelpWidth: () => stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showHelpAfterError('(--help shows what is expected)')
    .exitOverride()
    .addHelpText('after', epilogue);
  addCustomerCommands(program, session);
  addCredentialCommands(program, session);
  addRowCommands(program, session);
  addKeyCommands(program, session);
  addSandboxCommands(program, session);
  addDoctor(program, session);
  return program;
}
