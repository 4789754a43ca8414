import { parseArgs } from 'node:util';
import { latencies, scenarios, type Latency, type Scenario } from './line';

export const usage = `npm run bench -- [--members 10000] [--latency none|real|both] [--scenario first|unchanged|churn] [--rounds 1] [--seed 1] [--json]
  --members   below some thousand the fixed costs of a run are most of what is measured, and the bars say little
  --latency   none: servers answer at once · real: Graph 150 ms a page, LMS 20 ms a write · both (default)
  --scenario  the last one: first, then unchanged, then a churn of 1 %, of one person at least (default: all three, for each needs those before it)
  --rounds    from scratch so many times; the one with the middle ratio is printed
  --json      one line of JSON for each scenario and latency, instead of a table
  --profile FOLDER  a CPU profile of the worker in that folder
Progress, and bars that were missed, go to stderr. Exit 0: measured, and every account of both LMSs was right.`;

export interface BenchOptions {
  members: number;
  rounds: number;
  seed: number;
  latency: Latency | 'both';
  upTo: Scenario;
  json: boolean;
  workerOptions: string[];
}

/** Every fault at once. */
export function optionsFrom(args: readonly string[]): BenchOptions | { faults: string[] } | 'help' {
  const faults: string[] = [];
  let values: Partial<Record<string, string | boolean>>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        members: { type: 'string' },
        rounds: { type: 'string' },
        seed: { type: 'string' },
        latency: { type: 'string' },
        scenario: { type: 'string' },
        profile: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    return { faults: [(error as Error).message] };
  }
  if (values.help === true) return 'help';
  const number = (name: string, otherwise: number, least: number) => {
    const text = values[name] ?? String(otherwise);
    if (typeof text === 'string' && /^\d{1,7}$/.test(text) && Number(text) >= least) return Number(text);
    faults.push(`--${name} must be a whole number from ${least} up, not “${text}”`);
    return otherwise;
  };
  const oneOf = <One extends string>(name: string, all: readonly One[], otherwise: One): One => {
    const text = values[name] ?? otherwise;
    if (all.includes(text as One)) return text as One;
    faults.push(`--${name} must be ${all.join(', ')}, not “${text}”`);
    return otherwise;
  };
  const options: BenchOptions = {
    members: number('members', 10_000, 1),
    rounds: number('rounds', 1, 1),
    seed: number('seed', 1, 0),
    latency: oneOf('latency', [...latencies, 'both'], 'both'),
    upTo: oneOf('scenario', scenarios, 'churn'),
    json: values.json === true,
    workerOptions: typeof values.profile === 'string' ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [],
  };
  return faults.length > 0 ? { faults } : options;
}
