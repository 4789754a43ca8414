import { hash } from 'node:crypto';
import { z } from 'zod';
import type { TargetMemory } from '../target';

const names = z.array(z.string());

/** How a custom field travels, as `/Schemas` says. */
const fieldType = z.object({ type: z.string(), multiValued: z.boolean().optional() });
export type FieldType = z.output<typeof fieldType>;

const facts = {
  /** The server that all this was found out about: of another one nothing is known. */
  server: z.string(),
  /** The custom fields that `/Schemas` lists, by name; empty where it lists none or isn't there. */
  customFields: z.record(z.string(), fieldType),
  /** Of `userName eq`: whether it is followed, ignored (everybody comes back) or refused. */
  filter: z.enum(['works', 'ignored', 'refused']),
  /** The filter tells cases apart; uniqueness need not. */
  filterIsExact: z.boolean(),
  /** Two accounts were seen whose names differ in case alone. */
  namesDifferByCase: z.boolean(),
  /** Two accounts were seen with the same name. */
  namesAreShared: z.boolean(),
  /** The most rows that came for a `count`. */
  pageSize: z.number().int().positive(),
  countRefused: z.boolean(),
  patchRefused: z.boolean(),
  ifMatchRequired: z.boolean(),
  /** The form in which a PATCH sets a manager: `{"value": id}` at `manager`, or the id at `manager.value`; `none` of them. */
  managerForm: z.enum(['object', 'value', 'none']),
  /** A manager that comes with a new account is dropped. */
  managerNotInCreate: z.boolean(),
  needsNameFormatted: z.boolean(),
  /** A new account isn't in the answer, and can't be told from one that was there: names are looked up before. */
  createsUnseen: z.boolean(),
  /** PUT isn't to be had, and PATCH is: what PATCH doesn't do is not done. */
  putRefused: z.boolean(),
  /** A write went through with this or an earlier credential. */
  hasWritten: z.boolean(),
  /** An account that is there: a list of nobody is believed only where this one is gone. */
  witness: z.string(),
  /** Fields that were seen to be kept; to be changed by PATCH; to be changed by PUT alone; not to be kept. */
  kept: names,
  patched: names,
  putOnly: names,
  notKept: names,
  /** Of fields that may not be kept: a hash of the value that was refused or dropped. */
  doubted: z.record(z.string(), z.string()),
};
type Sets = 'kept' | 'patched' | 'putOnly' | 'notKept';
export type Facts = { -readonly [K in Exclude<keyof typeof facts, Sets | 'doubted'>]?: z.output<(typeof facts)[K]> };

/** What was found out about one server. Anything odd in what was stored is forgotten, and found out again. */
export class Memory {
  readonly facts: Facts = {};
  readonly kept: Set<string>;
  readonly patched: Set<string>;
  readonly putOnly: Set<string>;
  readonly notKept: Set<string>;
  private readonly doubted: Map<string, string>;

  constructor(stored: TargetMemory) {
    const known: Record<string, unknown> = {};
    for (const [name, schema] of Object.entries(facts)) {
      const parsed = schema.safeParse(stored[name]);
      if (parsed.success) known[name] = parsed.data;
    }
    const {
      kept = [],
      patched = [],
      putOnly = [],
      notKept = [],
      doubted = {},
      ...rest
    } = known as Facts & { [S in Sets]?: string[] } & {
      doubted?: Record<string, string>;
    };
    Object.assign(this.facts, rest);
    if (patched.length > 0) delete this.facts.patchRefused; // there is proof
    this.kept = new Set(kept);
    this.patched = new Set(patched);
    this.putOnly = new Set(putOnly);
    this.notKept = new Set(notKept);
    this.doubted = new Map(Object.entries(doubted));
  }

  /** What an account shows is kept, whatever was concluded before. */
  sawKept(fields: Iterable<string>): void {
    for (const field of fields) {
      if (this.kept.has(field)) continue;
      this.kept.add(field);
      this.notKept.delete(field);
      this.doubted.delete(field);
    }
  }

  /** Whether another value of the field was refused or dropped before, and none let through between. */
  isRefusedAgain(field: string, text: string | undefined): boolean {
    if (text === undefined) return false;
    const before = this.doubted.get(field);
    if (before === undefined) this.doubted.set(field, markOf(text));
    return before !== undefined && before !== markOf(text);
  }

  /** Whether this very value was refused or dropped before. */
  isDoubted(field: string, text: string | undefined): boolean {
    return text !== undefined && this.doubted.get(field) === markOf(text);
  }

  /** Sorted, so that the same knowledge is the same text. */
  toJSON(): TargetMemory {
    const { kept, patched, putOnly, notKept, doubted } = this;
    const sets = Object.entries({ kept, patched, putOnly, notKept }).flatMap(([name, set]) =>
      set.size > 0 ? [[name, [...set].sort()]] : [],
    );
    const doubts = [...doubted].filter(([field]) => !notKept.has(field)).sort(byName);
    return Object.fromEntries(
      [
        ...Object.entries(this.facts).filter(([, value]) => value !== undefined),
        ...sets,
        ...(doubts.length > 0 ? [['doubted', Object.fromEntries(doubts)]] : []),
      ].sort(byName),
    ) as TargetMemory;
  }
}

function markOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 8);
}

function byName([one]: readonly unknown[], [other]: readonly unknown[]): number {
  return String(one) < String(other) ? -1 : 1;
}
