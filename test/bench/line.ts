import type { GraphCounts, TargetCounts } from './admin';

export const scenarios = ['first', 'unchanged', 'churn'] as const;
export type Scenario = (typeof scenarios)[number];
export const latencies = ['none', 'real'] as const;
export type Latency = (typeof latencies)[number];

export interface BareFigures extends GraphCounts, TargetCounts {
  wallMs: number;
}
export interface RollcallFigures extends BareFigures {
  historyEvents: number;
  activities: number;
  /** Most memory that the worker held in this scenario (VmHWM), in mebibytes. */
  peakRssMb: number;
  usersPerSecond: number;
}

/** One measurement, as it is printed. */
export interface Line {
  scenario: Scenario;
  latency: Latency;
  members: number;
  rollcall: RollcallFigures;
  bare: BareFigures;
  /** Wall time of Rollcall by that of the bare script. */
  ratio: number;
}

export function lineOf(
  measured: Pick<Line, 'scenario' | 'latency' | 'members' | 'bare'> & { rollcall: Omit<RollcallFigures, 'usersPerSecond'> },
): Line {
  const { scenario, latency, members, rollcall, bare } = measured;
  const [ours, theirs] = [Math.round(rollcall.wallMs), Math.round(bare.wallMs)];
  return {
    scenario,
    latency,
    members,
    rollcall: { ...rollcall, wallMs: ours, usersPerSecond: Math.round(members / (ours / 1_000)) },
    bare: { ...bare, wallMs: theirs },
    ratio: Math.round((100 * ours) / theirs) / 100,
  };
}

/** Of several rounds the one whose ratio is in the middle (the higher of the two where there are two): figures that belong together. */
export function middleOf(lines: readonly Line[]): Line {
  const sorted = [...lines].sort((one, other) => one.ratio - other.ratio);
  return sorted[Math.floor(sorted.length / 2)] as Line;
}

/** What a scenario changed in the LMS, in people. */
export interface Changed {
  people: number;
  leavers: number;
}

/** The bars that this measurement misses, in words. Wall time has one at real latency, and on `first` without. */
export function missedBars({ scenario, latency, members, rollcall, ratio }: Line, { people, leavers }: Changed): string[] {
  const missed: string[] = [];
  const most = (name: string, actual: number, bar: number) => {
    if (actual > bar) missed.push(`${name} ${Math.round(1_000 * actual) / 1_000} > ${Math.round(1_000 * bar) / 1_000}`);
  };
  most('Graph requests', rollcall.graphRequests, Math.ceil(members / 999) + 3 + Math.ceil(leavers / 19));
  if (scenario === 'unchanged') most('target writes', rollcall.targetWrites, 0);
  else if (people > 0) most('target writes a person', rollcall.targetWrites / people, scenario === 'first' ? 1.02 : 1.05);
  most('history events', rollcall.historyEvents, scenario === 'unchanged' ? 24 : 45);
  if (members >= 100_000) most('worker memory in MB', rollcall.peakRssMb, 400);
  const bar = latency === 'real' ? { first: 1.1, unchanged: 1.05, churn: undefined }[scenario] : scenario === 'first' ? 3 : undefined;
  if (bar !== undefined) most('ratio', ratio, bar);
  return missed;
}
