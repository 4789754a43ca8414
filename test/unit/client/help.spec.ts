import type { Command } from 'commander';
import { Output } from '../../../client/output';
import { createProgram } from '../../../client/run';
import { Session } from '../../../client/session';
import type { Surroundings } from '../../../client/surroundings';
import { rollcall } from './console';

const silent = { write: () => undefined };
const surroundings = { env: {}, stdout: silent, stderr: silent } as unknown as Surroundings;
const program = () => createProgram(new Session(surroundings, new Output(surroundings, { json: false })));

const paths = (command: Command, before: string[] = []): string[][] =>
  command.commands.flatMap((one) => [[...before, one.name()], ...paths(one, [...before, one.name()])]);
const commands = [[], ...paths(program())].map((path) => ['rollcall', ...path].join(' '));

async function examplesOf(command: string): Promise<string[]> {
  const { out } = await rollcall([...command.split(' ').slice(1), '--help']);
  const [, examples = ''] = /\nExamples?:\n((?: {2}\S.*\n)+)/.exec(out) ?? [];
  return examples.split('\n').map((line) => line.trim());
}

/** What a shell would hand over: each call of ours in the line, its quotes taken off. */
function callsIn(line: string): string[][] {
  return line
    .split(/ [|<>] |; /)
    .map((call) =>
      [...call.matchAll(/'([^']*)'|((?:[^\s"]|"[^"]*")+)/g)].map(([, plain, word]) => plain ?? word?.replaceAll('"', '') ?? ''),
    )
    .filter(([name]) => name === 'rollcall')
    .map(([, ...argv]) => argv);
}

/** The command that takes this call, whose options and arguments it all has; nothing is done. */
async function taker(argv: readonly string[]): Promise<string> {
  let taken = '';
  const listen = (command: Command, path: string): void => {
    if (command.commands.length === 0) command.action(() => void (taken = path));
    for (const one of command.commands) listen(one, `${path} ${one.name()}`);
  };
  const listening = program();
  listen(listening, 'rollcall');
  await listening.parseAsync([...argv], { from: 'user' });
  return taken;
}

describe('the help of every noun and verb', () => {
  it('is there to be read', () => expect(commands.length).toBeGreaterThan(40));

  it.each(commands)('%s: shows an example of that very command', async (command) => {
    expect(await examplesOf(command)).toContainEqual(expect.stringMatching(new RegExp(`^${command}( |$)`)));
  });

  it.each(commands)('%s: shows examples that are taken as they stand', async (command) => {
    for (const argv of (await examplesOf(command)).flatMap(callsIn)) {
      const taken = await taker(argv);
      expect(taken).not.toBe('');
      expect(['rollcall', ...argv].join(' ')).toMatch(new RegExp(`^${taken}( |$)`));
    }
  });
});
