import * as fc from 'fast-check';
import { change, type Change } from './changes';
import { choices, revision, type Revision } from './choices';
import { lmsChoice, type LmsChoice } from './lms-choices';
import type { Settings } from './settings';
import { troubles, type Trouble } from './troubles';

/** What happens between two runs, and what the second one meets. */
export interface Day {
  changes: Change[];
  revision?: Revision;
  /** By number, an account of the LMS that is put on the protected list. */
  protect?: number;
  troubles: Trouble[];
  /** The run is cancelled by a pause as soon as the LMS has seen so many writes. */
  pauseAfter?: number;
  /** From so many writes on nothing that is done reaches the store, and the run is cancelled for it: what the LMS holds is for the next one to find out. */
  deafAfter?: number;
}

/** One example: everything that is random about it. */
export interface Story {
  people: number;
  seed: number;
  isAwkward: boolean;
  directory: { requiresConsistencyLevelForCast: boolean; emptyPageEvery: number; mostPerPage: number; snapshots: boolean };
  lms: LmsChoice;
  settings: Omit<Settings, 'protectedAccounts'>;
  before: Change[];
  /** Everybody is synced once before the first day, which makes leavers and renames of whoever changes then. */
  startsSynced: boolean;
  days: Day[];
}

const day: fc.Arbitrary<Day> = fc.record({
  changes: fc.array(change, { maxLength: 7 }),
  revision: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: revision }),
  protect: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(30) }),
  troubles,
  pauseAfter: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(6) }),
  deafAfter: fc.constantFrom(undefined, undefined, undefined, 0, 0, 2),
});

export const story: fc.Arbitrary<Story> = fc.record({
  people: fc.integer({ min: 3, max: 30 }),
  seed: fc.nat(1_000),
  isAwkward: fc.boolean(),
  directory: fc.record({
    requiresConsistencyLevelForCast: fc.boolean(),
    emptyPageEvery: fc.constantFrom(0, 0, 2),
    mostPerPage: fc.constantFrom(999, 999, 4, 7),
    snapshots: fc.boolean(),
  }),
  lms: lmsChoice,
  settings: choices,
  before: fc.array(change, { maxLength: 8 }),
  startsSynced: fc.constantFrom(true, true, true, false),
  days: fc.array(day, { minLength: 1, maxLength: 4 }),
});
