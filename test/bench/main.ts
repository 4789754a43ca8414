import { Closing } from '../../sandbox/start/closing';
import { latencies, middleOf, missedBars, scenarios, type Latency, type Line, type Scenario } from './line';
import { measure, setLatency } from './measure';
import { optionsFrom, usage, type BenchOptions } from './options';
import { tableOf } from './table';
import { startWorld } from './world';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Of what is running now; Ctrl-C ends that too. */
let closing = new Closing(say);
let isStopping = false;

async function main({ members, rounds, latency, upTo, json, seed, workerOptions }: BenchOptions): Promise<number> {
  const measured = new Map<string, Line[]>();
  const missed: string[] = [];
  const chosen = scenarios.slice(0, scenarios.indexOf(upTo) + 1);
  for (const one of latency === 'both' ? latencies : [latency]) {
    for (let round = 1; round <= rounds; round += 1) await runThrough(one, round);
    for (const scenario of chosen) {
      const line = middleOf(measured.get(`${scenario} ${one}`) as Line[]);
      if (json) process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
  const lines = [...measured.values()].map(middleOf);
  if (!json) process.stdout.write(`${tableOf(lines)}\nIn brackets: the bare script.\n`);
  say(missed.length === 0 ? 'Every bar is kept, in every round.' : `Bars missed:\n${missed.map((line) => `- ${line}`).join('\n')}`);
  return 0;

  async function runThrough(latencyNow: Latency, round: number): Promise<void> {
    say(`latency ${latencyNow}, round ${round} of ${rounds}: ${members} members`);
    closing = new Closing(say);
    try {
      const world = await startWorld({ members, seed, workerOptions, closing, say });
      await setLatency(world, latencyNow);
      for (const [index, scenario] of chosen.entries()) {
        const isOurTurn = (round + index) % 2 === 1;
        const { line, changed, seenMs, steps } = await measure(world, {
          scenario,
          latency: latencyNow,
          members,
          seed: seed + round,
          isOurTurn,
        });
        keep(scenario, latencyNow, line);
        const { rollcall, bare, ratio } = line;
        say(
          `  ${scenario}: ${rollcall.wallMs} ms (${seenMs} as the client saw it; ${steps}), bare ${bare.wallMs} ms, ratio ${ratio}; both LMSs are right`,
        );
        missed.push(...missedBars(line, changed).map((bar) => `${scenario}, latency ${latencyNow}, round ${round}: ${bar}`));
      }
    } finally {
      await closing.close();
    }
  }

  function keep(scenario: Scenario, latencyNow: Latency, line: Line): void {
    const key = `${scenario} ${latencyNow}`;
    measured.set(key, [...(measured.get(key) ?? []), line]);
  }
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => {
    isStopping = true;
    say(`${signal}: stopping the servers`);
    void closing.close().then(() => process.exit(code));
  });

const options = optionsFrom(process.argv.slice(2));
if (options === 'help') process.stdout.write(`${usage}\n`);
else if ('faults' in options) {
  process.stderr.write(`${options.faults.join('\n')}\n${usage}\n`);
  process.exit(2);
} else {
  main(options).then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (isStopping) return; // what breaks off then is no news
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
}
