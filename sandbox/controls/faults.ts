import { z } from 'zod';
import { Chance } from './chance';
import { accept, Refused } from './refused';

/** What any HTTP server may do to its clients. A server adds kinds of its own. */
export const commonKinds = {
  throttled: '429 with Retry-After (`retryAfter`: seconds, may be a decimal; null: without the header)',
  unavailableHtml: '503 as an HTML page, as a proxy in front gives it',
  gatewayTimeout: '504 without Retry-After; nothing was done',
  serverError: '500 as JSON (`status` for another 5xx); nothing was done',
  cutOff:
    'the work is done, the answer breaks off in the middle of its body (`ending`: "length" claims that it was all, "connection" drops the line)',
  resetBefore: 'the connection is reset before anything was done',
  resetAfter: 'the connection is reset after the work was done, before the answer',
  slow: 'answers after `delayMs`',
  emptyOk: '200 without a body; nothing was done',
  down: 'every connection is dropped until the rule is taken away',
} as const;
export type CommonKind = keyof typeof commonKinds;

const isCommon = (kind: string) => Object.hasOwn(commonKinds, kind);

const whole = z.number().int().nonnegative();
const isPattern = (text: string) => {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
};

export const faultRule = z.strictObject({
  kind: z.string(),
  /** Fires so often and then no more. Without it: until taken away. */
  times: whole.min(1).optional(),
  /** 0 to 1; each matching request is drawn for by `seed`. */
  probability: z.number().min(0).max(1).optional(),
  seed: whole.optional(),
  match: z
    .strictObject({
      method: z.string().optional(),
      /** A regular expression on path and query as they stand in the request line. */
      path: z.string().refine(isPattern, 'not a regular expression').optional(),
    })
    .optional(),
  /** So many matching requests pass first. */
  after: whole.optional(),
  /** Waits so long (ms) before it acts. */
  delayMs: whole.max(600_000).optional(),
  status: whole.min(400).max(599).optional(),
  retryAfter: z.union([z.number().nonnegative(), z.string(), z.null()]).optional(),
  ending: z.enum(['length', 'connection']).optional(),
  /** What a server's own kinds want to know, such as whom it is about. */
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});
export type FaultRule = z.infer<typeof faultRule>;

/** A rule that is switched on, and what came of it so far. */
export interface Fault extends FaultRule {
  id: string;
  /** Requests that matched, and those among them that were hit. */
  seen: number;
  fired: number;
  /** What else came of switching it on. */
  note?: string;
}

interface Armed {
  fault: Fault;
  method?: string;
  path?: RegExp;
  chance: Chance;
}

/** The faults of one server. With none switched on, asking costs one comparison. */
export class Faults {
  private armed: Armed[] = [];
  private made = 0;
  readonly kinds: Readonly<Record<string, string>>;

  /**
   * `unlessMatched`: which paths a common kind's rule without `match.path` concerns; all without it. `down` always means all.
   * `whenArmed`: what a server does when a rule is switched on; what it says of that becomes the fault's note.
   */
  constructor(
    ownKinds: Readonly<Record<string, string>> = {},
    private readonly unlessMatched?: RegExp,
    private readonly whenArmed?: (rule: FaultRule) => string | undefined,
  ) {
    this.kinds = { ...commonKinds, ...ownKinds };
  }

  /** Switches a rule on. Throws `Refused`, naming every fault of the rule. */
  add(rule: unknown): Fault {
    return this.arm(this.check(rule));
  }

  /** All of them or, if one is faulty, none. */
  addAll(rules: readonly unknown[]): Fault[] {
    const faults: string[] = [];
    const accepted = rules.flatMap((rule, index) => {
      try {
        return [this.check(rule)];
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        faults.push(...error.faults.map((fault) => `${index}.${fault}`));
        return [];
      }
    });
    if (faults.length > 0) throw new Refused(faults);
    return accepted.map((rule) => this.arm(rule));
  }

  private check(rule: unknown): FaultRule {
    const accepted = accept(faultRule, rule);
    const faults = [
      ...(Object.hasOwn(this.kinds, accepted.kind)
        ? []
        : [`kind: there is no "${accepted.kind}"; there are ${Object.keys(this.kinds).join(', ')}`]),
      ...(accepted.kind === 'slow' && accepted.delayMs === undefined ? ['delayMs: how slow?'] : []),
    ];
    if (faults.length > 0) throw new Refused(faults);
    return accepted;
  }

  private arm(rule: FaultRule): Fault {
    const note = this.whenArmed?.(rule);
    const fault: Fault = { ...rule, id: String(++this.made), seen: 0, fired: 0, ...(note !== undefined && { note }) };
    this.armed.push({
      fault,
      method: rule.match?.method?.toUpperCase(),
      path: rule.match?.path === undefined ? undefined : new RegExp(rule.match.path),
      chance: new Chance(rule.seed ?? 1),
    });
    return fault;
  }

  /** Takes away one rule by id, all of a kind, or all; answers how many. */
  remove(idOrKind?: string): number {
    const before = this.armed.length;
    this.armed = idOrKind === undefined ? [] : this.armed.filter(({ fault }) => fault.id !== idOrKind && fault.kind !== idOrKind);
    return before - this.armed.length;
  }

  list(): Fault[] {
    return this.armed.map(({ fault }) => ({ ...fault }));
  }

  /** The rule that hits this request, if one of `kinds` does. It counts as fired by being asked for. `concerns` looks closer at a rule, such as whom it is about. */
  fires(kinds: string | ReadonlySet<string>, method: string, path: string, concerns?: (fault: Fault) => boolean): Fault | undefined {
    if (this.armed.length === 0) return undefined;
    for (const rule of this.armed) {
      const { fault } = rule;
      if (typeof kinds === 'string' ? fault.kind !== kinds : !kinds.has(fault.kind)) continue;
      if (fault.times !== undefined && fault.fired >= fault.times) continue;
      if (rule.method !== undefined && rule.method !== method) continue;
      const pattern = rule.path ?? (isCommon(fault.kind) && fault.kind !== 'down' ? this.unlessMatched : undefined);
      if (pattern !== undefined && !pattern.test(path)) continue;
      if (concerns !== undefined && !concerns(fault)) continue;
      fault.seen++;
      if (fault.seen <= (fault.after ?? 0)) continue;
      if (fault.probability !== undefined && !rule.chance.happens(fault.probability)) continue;
      fault.fired++;
      return fault;
    }
    return undefined;
  }

  /** Rules of a kind that are not used up. Nothing is counted. */
  inForce(kind: string): Fault[] {
    if (this.armed.length === 0) return [];
    return this.armed
      .map(({ fault }) => fault)
      .filter((fault) => fault.kind === kind && (fault.times === undefined || fault.fired < fault.times));
  }
}
