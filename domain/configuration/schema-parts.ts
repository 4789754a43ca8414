import { z } from 'zod';
import { didYouMean } from './closest';

/** An object without unknown keys: an unknown key is a mistyped one. One line for each of them; `faultsOf` takes the lines apart. */
export function strict<Shape extends z.core.$ZodShape>(shape: Shape, hint = '') {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map((key) => unknownKey(key, known, hint)).join('\n') : undefined),
  });
}

function unknownKey(key: string, known: readonly string[], hint: string): string {
  if (/secret|password|passwd|token|api_?key|credential/i.test(key)) {
    return 'no secret belongs in a configuration: hand it over with `rollcall credential set`, and replace this one, for it has been seen';
  }
  const meant = didYouMean(key, known);
  return `there is no such key${meant || `; there are ${known.join(', ')}${hint && `; ${hint}`}`}`;
}

export const text = (most: number) => z.string().trim().min(1).max(most);

/** Entra's ids, in lower case as Graph gives them. */
export const guid = (where: string) =>
  z
    .string()
    .trim()
    .toLowerCase()
    .superRefine((value, context) => {
      const isGuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value);
      if (!isGuid || /^[0-]+$/.test(value))
        context.addIssue({ code: 'custom', message: `expected ${where}, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301` });
    });

export const whole = (least: number, most: number) => z.int().min(least).max(most);
