import type { Command } from 'commander';

/** A noun or a verb, with what its help says of it. None goes without an example: whoever asks for help wants one first. */
export function addCommand(parent: Command, name: string, says: string, ...examples: [string, ...string[]]): Command {
  const lines = examples.map((example) => `\n  ${example}`).join('');
  return parent
    .command(name)
    .description(says)
    .addHelpText('after', `\n${examples.length === 1 ? 'Example' : 'Examples'}:${lines}`);
}

/** As `addCommand`, below a noun; what all verbs there take is added to it. */
export type AddVerb = (name: string, says: string, ...examples: [string, ...string[]]) => Command;
