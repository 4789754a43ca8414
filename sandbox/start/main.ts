import { join } from 'node:path';
import Table from 'cli-table3';
import { connectRollcall, type RollcallClient } from '../../client/rollcall-client';
import { commandOf } from '../../client/words';
import { failures } from '../../domain/failures';
import type { RunReport } from '../../domain/run/run';
import { everybody } from '../entra/entra';
import { claim, empty, release } from './claim';
import { Closing } from './closing';
import { compare, type TruePerson } from './compare';
import { rejectedLeavers } from './rejected-leavers';
import { startServers, type Demo } from './servers';
import { aDay, customerId, onboard, sync } from './story';

/** As a shell counts an end by SIGINT. */
const interruption = 130;
const isTerminal = process.stdout.isTTY;
const usage = `npm start [-- --fresh] [-- --once]
  --fresh  starts over: the folder .rollcall is emptied first
  --once   unattended: goes through everything once, compares every account, exits 0 only if all agree
The folder is .rollcall, or ROLLCALL_FOLDER.`;

const say = (line: string): void => void process.stdout.write(`${isTerminal ? '\r\x1b[K' : ''}${line}\n`);
const show = (line: string): void =>
  void (isTerminal && process.stdout.write(`\r\x1b[K${line.slice(0, (process.stdout.columns ?? 100) - 1)}`));

async function main(options: readonly string[]): Promise<number> {
  const unknown = options.filter((option) => !['--fresh', '--once', '--help', '-h'].includes(option));
  if (unknown.length > 0 || options.includes('--help') || options.includes('-h')) {
    (unknown.length > 0 ? process.stderr : process.stdout).write(
      `${unknown.length > 0 ? `unknown: ${unknown.join(' ')}\n` : ''}${usage}\n`,
    );
    return unknown.length > 0 ? 2 : 0;
  }
  const folder = process.env.ROLLCALL_FOLDER || join(process.cwd(), '.rollcall');
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  claim(folder);
  const closing = new Closing(say);
  let exit = interruption; // until the story was told
  try {
    if (options.includes('--fresh')) empty(folder);
    const work = attend(folder, closing, options.includes('--once'), (result) => (exit = result));
    work.catch(() => undefined); // after Ctrl-C it fails, for everything stops under its feet
    await Promise.race([work, interrupted]);
    return exit;
  } finally {
    say('Stopping … (Ctrl-C again ends it at once)');
    await closing.close();
    release(folder);
  }
}

async function attend(folder: string, closing: Closing, isOnce: boolean, result: (exit: number) => void): Promise<void> {
  const startedAt = Date.now();
  const demo = await startServers(folder, say, closing);
  // Closed by the end of this process: a call that was given up may be waiting for its next try, and would find a closed channel.
  const client = await connectRollcall(demo.env);
  result(await Promise.race([tell(demo, client, startedAt), demo.worker.death]));
  if (isOnce) return;
  say('\nIt keeps running, and syncs every 30 minutes by its Schedule. Ctrl-C stops everything; the next start goes on from here.');
  await demo.worker.death;
}

async function tell(demo: Demo, client: RollcallClient, startedAt: number): Promise<number> {
  const story = { client, demo, say, show };
  say(
    `\nOne customer, ${demo.entra.tenant.group.members.size} members in its Entra group, ${demo.lms.accounts().length} accounts in the LMS.`,
  );
  const before = await client.query(customerId, 'status').catch(() => undefined);
  const { runs, next } = await onboard(story);
  if (!runs.allowed) {
    say(`No sync may run (${failures[runs.because].says}): it was left so. ${next ? `Next: ${commandOf(customerId, next)}` : ''}`);
    return 1;
  }
  const reports: [string, RunReport][] = [[before ? 'Sync' : 'First sync', await sync(story)]];
  const day = aDay(demo, reports[0]?.[1].configurationVersion ?? 1);
  say(
    `A day happens: ${Object.entries(day)
      .map(([what, people]) => `${people} ${what}`)
      .join(', ')}, and a manager arrives late.`,
  );
  reports.push(['Second sync', await sync(story)]);
  say(`\n${outcomes(reports)}`);

  const { tenant } = demo.entra;
  const comparison = compare([...everybody(tenant)] as unknown as TruePerson[], demo.lms.accounts() as never);
  say(
    `Compared with what directory and mapping demand: ${comparison.agree} accounts agree, ${comparison.differences.length} differ; ${comparison.others} accounts are nobody’s business and untouched.`,
  );
  for (const difference of comparison.differences.slice(0, 20)) say(`  ✗ ${difference}`);
  const rejected = comparison.differences.length > 0 ? await rejectedLeavers(client, customerId) : 0;
  if (rejected > 0)
    say(
      `  ${rejected} ${rejected === 1 ? 'person’s' : 'people’s'} leaving was rejected by decision: they, and their reports’ managers, differ by it.`,
    );
  say(`Took ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  say(`\nOpen   ${demo.uiUrl ?? 'the Temporal UI'}  (workflow customer/${customerId}: User Metadata, Queries, Send an Update)`);
  say(`       ${demo.metricsUrl}  (the worker’s figures, for Prometheus)`);
  say(`Try    npx rollcall customer show ${customerId}`);
  say(`       npx rollcall problems ${customerId}`);
  say('       npx rollcall sandbox hire --count 3');
  say(`       npx rollcall customer sync ${customerId} --wait`);
  return comparison.differences.length === 0 ? 0 : 1;
}

function outcomes(reports: readonly [string, RunReport][]): string {
  const table = new Table({ head: ['', ...reports.map(([name]) => name)], style: { head: [], border: [] } });
  const row = (name: string, of: (report: RunReport) => string | number) => table.push([name, ...reports.map(([, report]) => of(report))]);
  row('outcome', ({ outcome, because }) => because ?? outcome);
  row('members read', ({ members }) => members);
  for (const kind of ['created', 'adopted', 'updated', 'reactivated', 'deactivated', 'failed'] as const)
    row(kind, ({ done }) => done[kind]);
  row('managers set or cleared later', ({ done }) => done.managers);
  row('held', ({ plan }) => plan.held);
  row(
    'problems',
    ({ problems }) =>
      Object.entries(problems)
        .map(([code, people]) => `${people} ${code}`)
        .join('\n') || 'none',
  );
  row('took', ({ startedAt, endedAt }) => `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`);
  return table.toString();
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
