import { readFileSync } from 'node:fs';
import { parseConfiguration } from '../domain/configuration/configuration-schema';
import { CommandFailure } from './command-failure';
import { exitCodes } from './exit-codes';
import { usageFailure } from './session';

/**
 * A configuration as it stands in the file, and the customer's name in it. Looked at before it is sent: every fault is named at once, with its path, and nothing of a faulty one
 * leaves a trace. The worker looks again, and its word counts.
 */
export function readConfiguration(file: string): { configuration: object; name: string } {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw usageFailure(`${file} can’t be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
  let input: unknown;
  try {
    input = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw usageFailure(`${file} is not JSON: ${(error as Error).message}`);
  }
  const parsed = parseConfiguration(input);
  if ('faults' in parsed) {
    throw new CommandFailure({
      code: 'ConfigurationFaulty',
      faults: parsed.faults.map(({ path, message }) => (path ? `${path}: ${message}` : message)),
      remedy: 'Mend every fault that is named and try again; nothing was sent. docs/configuration.md says what is expected.',
      exit: exitCodes.refused,
    });
  }
  return { configuration: input as object, name: parsed.configuration.name };
}
