import { Counts } from './counts';
import { Faults, type FaultRule } from './faults';
import { Latency } from './latency';

/** All that can be turned on a sandbox server from outside. */
export interface Controls {
  faults: Faults;
  counts: Counts;
  latency: Latency;
}

export interface ControlsOptions {
  /** Kinds of faults that this server acts out itself: name → what it does. */
  kinds?: Readonly<Record<string, string>>;
  /** Classes of requests that can be given a latency. */
  latencyClasses: readonly string[];
  /** Paths that a common fault without `match.path` concerns; all without it. */
  unlessMatched?: RegExp;
  /** What else happens when a fault is switched on, and what is said of it. */
  whenArmed?: (rule: FaultRule) => string | undefined;
}

export function createControls({ kinds, latencyClasses, unlessMatched, whenArmed }: ControlsOptions): Controls {
  return { faults: new Faults(kinds, unlessMatched, whenArmed), counts: new Counts(), latency: new Latency(latencyClasses) };
}
