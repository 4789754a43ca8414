import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../../sandbox/controls/chance';
import type { Entra } from '../../sandbox/entra/entra';
import type { Lms } from '../../sandbox/lms/lms';

const looksEvery = 5; // ms

/** A moment of a run: so many milliseconds, requests to Entra or writes to the LMS from when it was drawn. */
export interface Moment {
  after: 'ms' | 'reads' | 'writes';
  count: number;
}

/** Mostly by what was done: by time alone nearly every kill would hit what takes longest, waiting for heartbeats to run out. */
export function drawMoment(chance: Chance, expected: { reads: number; writes: number }): Moment {
  const after = chance.pick(['ms', 'reads', 'writes', 'writes', 'writes'] as const);
  return { after, count: chance.below(after === 'ms' ? 3_000 : Math.max(1, expected[after])) };
}

/** What the two servers were asked for, however it was answered. */
export class Traffic {
  constructor(
    private readonly entra: Entra,
    private readonly lms: Lms,
  ) {}

  now(): { reads: number; writes: number } {
    const { counts } = this.lms.controls;
    return {
      reads: this.entra.controls.counts.report().total,
      writes: counts.of('POST /Users') + counts.of('PATCH /Users/{id}') + counts.of('PUT /Users/{id}'),
    };
  }

  /** Waits for the moment; `false` when the run was over before. */
  async reaches({ after, count }: Moment, isOver: () => boolean): Promise<boolean> {
    const start = { ...this.now(), ms: Date.now() };
    const passed = () => (after === 'ms' ? Date.now() - start.ms : this.now()[after] - start[after]);
    while (!isOver() && passed() < count) await wait(looksEvery);
    return !isOver();
  }
}
