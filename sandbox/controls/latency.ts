import { z } from 'zod';
import { accept } from './refused';

/** How long (ms) each class of requests takes before it is worked on. All zero at first. */
export class Latency {
  private readonly waits: Record<string, number>;

  constructor(readonly classes: readonly string[]) {
    this.waits = Object.fromEntries(classes.map((name) => [name, 0]));
  }

  /** Sets some classes and leaves the others. Throws `Refused` for unknown classes and for what is no number of milliseconds. */
  set(waits: unknown): Record<string, number> {
    const schema = z.strictObject(Object.fromEntries(this.classes.map((name) => [name, z.number().min(0).max(600_000).optional()])));
    Object.assign(this.waits, accept(schema, waits));
    return this.all();
  }

  of(name: string): number {
    return this.waits[name] ?? 0;
  }

  all(): Record<string, number> {
    return { ...this.waits };
  }
}
