import type { z } from 'zod';

/** What was asked can't be done; every fault is named at once. The admin port answers it as 400 `{"faults": [...]}`. */
export class Refused extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('; '));
    this.name = 'Refused';
  }
}

/** The value in its proper type, or a refusal that names every fault with its path. */
export function accept<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Refused(
    parsed.error.issues.map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message)),
  );
}
