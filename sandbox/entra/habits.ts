import { z } from 'zod';
import { accept } from '../controls/refused';

const whole = z.number().int().nonnegative();

/** What tenants do one way or another, or one day do otherwise. Can be turned while the tenant runs. */
export const habits = z.strictObject({
  requiresConsistencyLevelForCast: z
    .boolean()
    .default(false)
    .describe('the cast is refused without `ConsistencyLevel: eventual` and `$count=true`, as some tenants are said to behave'),
  pageTokenLifetimeMs: whole.default(3_600_000).describe('of next links, from the first page on'),
  snapshots: z.boolean().default(false).describe('next links remember who was in the group when the read began; Graph promises nothing'),
  emptyPageEvery: whole.default(0).describe('every so many pages one is empty and has a next link; 0: none'),
  mostPerPage: z.number().int().min(1).max(999).default(999).describe('pages are no longer than this, whatever `$top` asks for'),
  tokenLifetimeMs: whole.default(3_599_000).describe('of access tokens that are issued from now on'),
});

export type Habits = z.output<typeof habits>;
export type HabitsOptions = z.input<typeof habits>;

/** The habits of one tenant. */
export class TenantHabits {
  private now: Habits;

  /** Takes of the options what is a habit. Throws `Refused`. */
  constructor(options: HabitsOptions) {
    this.now = accept(habits.strip(), options);
  }

  all(): Habits {
    return this.now;
  }

  /** Changes some and leaves the others. Throws `Refused`. */
  change(changes: unknown): Habits {
    return (this.now = accept(habits, { ...this.now, ...accept(z.looseObject({}), changes) }));
  }
}
