import type { Command } from 'commander';
import type { CustomerStatus } from '../../domain/customer/status';
import { readConfiguration } from '../configuration-file';
import type { CustomerOverview } from '../customer-overview';
import { exitCodes } from '../exit-codes';
import type { Session } from '../session';
import { checklistWords, statusWords } from '../status-words';
import { commandOf, timeWords } from '../words';
import { customerId, wholeNumber } from './arguments';
import { showConfiguration } from './configuration';
import { addHolds } from './holds';
import { addRunningCommands } from './running';

const byOption = ['--by <name>', 'whose decision it is (default: the user of this machine)'] as const;

export function addCustomerCommands(program: Command, session: Session): void {
  const { output } = session;
  const noun = program
    .command('customer')
    .description('one customer’s life: adding, configuring, going live, pausing, syncing')
    .addHelpText(
      'after',
      `
Examples, in the order of a customer’s life:
  rollcall customer add acme --file acme.json
  rollcall credential set acme --for directory
  rollcall credential set acme --for target
  rollcall customer test-connection acme
  rollcall customer preview acme --wait
  rollcall changes acme --run-id <the preview’s>
  rollcall customer sign-off acme --run-id <the preview’s> --by "Jo Smith"
  rollcall customer go-live acme
  rollcall customer sync acme --wait
  rollcall customer holds acme --release all --reason "the department was closed"
  rollcall customer configuration acme > acme.json`,
    );
  const verb = (name: string, says: string) => noun.command(name).description(says).argument('<customer>', 'the customer’s id', customerId);

  verb('add', 'starts a customer with its configuration')
    .requiredOption('--file <config.json>', 'the configuration; - is stdin')
    .action(async (id: string, { file }: { file: string }) => {
      const { configuration, name } = readConfiguration(file);
      const status = await (await session.client()).startCustomer({ customerId: id, configuration, name });
      output.data({ status }, () => `Added ${name} (${id}).${nextLine(status)}`);
    });

  noun
    .command('list')
    .description('every customer, with phase and health')
    .action(async () => {
      const customers = await (await session.client()).customers();
      output.data(customers, () => listWords(customers));
    });

  verb('show', 'where a customer stands, its checklist, and what to do next').action(async (id: string) => {
    const client = await session.client();
    const [status, checklist] = await Promise.all([client.query(id, 'status'), client.query(id, 'checklist')]);
    output.data({ status, checklist }, () => [statusWords(status, output), checklistWords(checklist, output)].filter(Boolean).join('\n\n'));
  });

  verb('configure', 'takes a new configuration, whole')
    .requiredOption('--file <config.json>', 'the configuration; - is stdin')
    .option(...byOption)
    .action(async (id: string, options: { file: string; by?: string }) => {
      const { configuration } = readConfiguration(options.file);
      const answer = await (await session.client()).update(id, 'configure', { configuration, by: session.by(options) });
      output.data(answer, () => {
        const reopened = answer.reopened.length > 0 ? ` To be proven again: ${answer.reopened.join(', ')}.` : '';
        return `Version ${answer.version} of ${id}’s configuration counts from now on.${reopened}${nextLine(answer.status)}`;
      });
    });

  verb('configuration', 'the configuration that counts, as configure takes it')
    .option('--version <n>', 'as it was then', wholeNumber)
    .option('--history', 'every version: when, and whose decision it was')
    .addHelpText(
      'after',
      '\nExample:\n  rollcall customer configuration acme > acme.json; $EDITOR acme.json; rollcall customer configure acme --file acme.json',
    )
    .action((id: string, options: { version?: number; history?: true }) => showConfiguration(session, id, options));

  verb('test-connection', 'signs in, reads the group, reaches the LMS; ends with 1 if something is not as it should be').action(
    async (id: string) => {
      const answer = await (await session.client()).update(id, 'testConnection', {});
      const findings = answer.status.connection?.findings ?? [];
      if (findings.some(({ ok }) => !ok)) session.exit = exitCodes.refused;
      output.data(answer, () => {
        const lines = findings.flatMap(({ ok, says, remedy }) => [
          `${ok ? output.style('green', '✓') : output.style('red', '✗')} ${says}`,
          ...(remedy ? [`    ${remedy}`] : []),
        ]);
        return `${lines.join('\n')}${nextLine(answer.status)}`;
      });
    },
  );

  verb('sign-off', 'signs off what a preview would do: its run and its numbers')
    .requiredOption('--run-id <run>', 'the preview that was looked at')
    .option(...byOption)
    .action(async (id: string, options: { runId: string; by?: string }) => {
      const answer = await (await session.client()).update(id, 'signOffPreview', { runId: options.runId, by: session.by(options) });
      output.data(answer, () => `Signed off by ${session.by(options)}.${nextLine(answer.status)}`);
    });

  verb('go-live', 'lets syncs run from now on; refused while anything on the checklist is open')
    .option(...byOption)
    .action(async (id: string, options: { by?: string }) => {
      const answer = await (await session.client()).update(id, 'goLive', { by: session.by(options) });
      output.data(answer, () => `${id} is live, in ${answer.status.phase}.${nextLine(answer.status)}`);
    });

  verb('pause', 'stops the schedule; a run in flight stops between two people')
    .requiredOption('--reason <why>', 'shown to everybody who looks')
    .option(...byOption)
    .action(async (id: string, options: { reason: string; by?: string }) => {
      const answer = await (await session.client()).update(id, 'pause', { reason: options.reason, by: session.by(options) });
      output.data(answer, () => `${id} is paused.${nextLine(answer.status)}`);
    });

  verb('resume', 'starts the schedule again')
    .option(...byOption)
    .action(async (id: string, options: { by?: string }) => {
      const answer = await (await session.client()).update(id, 'resume', { by: session.by(options) });
      output.data(answer, () => `${id} is resumed.${nextLine(answer.status)}`);
    });

  addRunningCommands(verb, session);
  addHolds(verb, session);

  function nextLine({ customerId: id, next }: CustomerStatus): string {
    return next ? `\nNext: ${commandOf(id, next)}` : '';
  }

  function listWords(customers: readonly CustomerOverview[]): string {
    if (customers.length === 0) return 'There is no customer yet: rollcall customer add <id> --file config.json';
    return output.table(customers, [
      { head: 'Customer', of: (row) => row.customerId },
      { head: 'Phase', of: (row) => row.phase },
      { head: 'Health', of: (row) => row.health },
      { head: 'Holds', of: (row) => row.holds || undefined, align: 'right' },
      { head: 'Last success', of: (row) => timeWords(row.lastSuccessAt) },
    ]);
  }
}
