import type { Command } from 'commander';
import type { CustomerStatus } from '../../domain/customer/status';
import { readConfiguration } from '../configuration-file';
import type { CustomerOverview } from '../customer-overview';
import { exitCodes } from '../exit-codes';
import type { Session } from '../session';
import { checklistWords, statusWords } from '../status-words';
import { commandOf, timeWords } from '../words';
import { addCommand, type AddVerb } from './add-command';
import { customerId, wholeNumber } from './arguments';
import { showConfiguration } from './configuration';
import { addHolds } from './holds';
import { addRunningCommands } from './running';

const byOption = ['--by <name>', 'whose decision it is (default: the user of this machine)'] as const;

export function addCustomerCommands(program: Command, session: Session): void {
  const { output } = session;
  // In the order of a customer's life.
  const noun = addCommand(
    program,
    'customer',
    'one customer’s life: adding, configuring, going live, pausing, syncing',
    'rollcall customer add acme --file acme.json',
    'rollcall credential set acme --for directory',
    'rollcall credential set acme --for target',
    'rollcall customer test-connection acme',
    'rollcall customer preview acme --wait',
    'rollcall changes acme --run-id 0b6e2f5c-7a31-4c1e-9d1f-2f6c1a0e8b57',
    'rollcall customer sign-off acme --run-id 0b6e2f5c-7a31-4c1e-9d1f-2f6c1a0e8b57 --by "Jo Smith"',
    'rollcall customer go-live acme',
    'rollcall customer sync acme --wait',
    'rollcall customer holds acme --release all --expected 6 --reason "the department was closed"',
    'rollcall customer configuration acme > acme.json',
  );
  const verb: AddVerb = (name, says, ...examples) =>
    addCommand(noun, name, says, ...examples).argument('<customer>', 'the customer’s id', customerId);

  verb(
    'add',
    'starts a customer with its configuration',
    'rollcall customer add acme --file acme.json',
    `jq '.cadence.everyMinutes = 60' acme.json | rollcall customer add acme --file -`,
  )
    .requiredOption('--file <config.json>', 'the configuration; - is stdin')
    .action(async (id: string, { file }: { file: string }) => {
      const { configuration, name } = readConfiguration(file);
      const status = await (await session.client()).startCustomer({ customerId: id, configuration, name });
      output.data({ status }, () => `Added ${name} (${id}).${nextLine(status)}`);
    });

  addCommand(
    noun,
    'list',
    'every customer, with phase and health',
    'rollcall customer list',
    `rollcall customer list --json | jq -r '.[] | select(.health != "healthy") | .customerId'`,
  ).action(async () => {
    const customers = await (await session.client()).customers();
    output.data(customers, () => listWords(customers));
  });

  verb(
    'show',
    'where a customer stands, its checklist, and what to do next',
    'rollcall customer show acme',
    `rollcall customer show acme --json | jq -r '.checklist[] | select(.done == false) | .asks'`,
  ).action(async (id: string) => {
    const client = await session.client();
    const [status, checklist] = await Promise.all([client.query(id, 'status'), client.query(id, 'checklist')]);
    output.data({ status, checklist }, () => [statusWords(status, output), checklistWords(checklist, output)].filter(Boolean).join('\n\n'));
  });

  verb('configure', 'takes a new configuration, whole', 'rollcall customer configure acme --file acme.json --by "Jo Smith"')
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

  verb(
    'configuration',
    'the configuration that counts, as configure takes it',
    'rollcall customer configuration acme > acme.json; $EDITOR acme.json; rollcall customer configure acme --file acme.json',
    'rollcall customer configuration acme --history',
    'rollcall customer configuration acme --version 3 | diff - acme.json',
  )
    .option('--version <n>', 'as it was then', wholeNumber)
    .option('--history', 'every version: when, and whose decision it was')
    .action((id: string, options: { version?: number; history?: true }) => showConfiguration(session, id, options));

  verb(
    'test-connection',
    'signs in, reads the group, reaches the LMS; ends with 1 if something is not as it should be',
    'rollcall customer test-connection acme',
  ).action(async (id: string) => {
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
  });

  verb(
    'sign-off',
    'signs off what a preview would do: its run and its numbers',
    'rollcall customer sign-off acme --run-id 0b6e2f5c-7a31-4c1e-9d1f-2f6c1a0e8b57 --by "Jo Smith"',
  )
    .requiredOption('--run-id <run>', 'the preview that was looked at')
    .option(...byOption)
    .action(async (id: string, options: { runId: string; by?: string }) => {
      const answer = await (await session.client()).update(id, 'signOffPreview', { runId: options.runId, by: session.by(options) });
      output.data(answer, () => `Signed off by ${session.by(options)}.${nextLine(answer.status)}`);
    });

  verb('go-live', 'lets syncs run from now on; refused while anything on the checklist is open', 'rollcall customer go-live acme')
    .option(...byOption)
    .action(async (id: string, options: { by?: string }) => {
      const answer = await (await session.client()).update(id, 'goLive', { by: session.by(options) });
      output.data(answer, () => `${id} is live, in ${answer.status.phase}.${nextLine(answer.status)}`);
    });

  verb(
    'pause',
    'stops the schedule; a run in flight stops between two people',
    'rollcall customer pause acme --reason "the LMS moves house until Monday"',
  )
    .requiredOption('--reason <why>', 'shown to everybody who looks')
    .option(...byOption)
    .action(async (id: string, options: { reason: string; by?: string }) => {
      const answer = await (await session.client()).update(id, 'pause', { reason: options.reason, by: session.by(options) });
      output.data(answer, () => `${id} is paused.${nextLine(answer.status)}`);
    });

  verb('resume', 'starts the schedule again', 'rollcall customer resume acme')
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
