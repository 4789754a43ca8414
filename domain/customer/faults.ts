/** A sentence that says what is wrong, or nothing. */
export type Fault = string | false | undefined;

/** An argument as it came: nothing about it is known yet. */
export type Unchecked = Readonly<Record<string, unknown>>;

export const longestName = 200; // characters
export const longestReason = 1_000;

export function sentences(faults: readonly Fault[]): string[] {
  return faults.filter((fault) => typeof fault === 'string');
}

/** One JSON object with these keys and no other; else why not. */
export function faultsOfShape(argument: unknown, takes: readonly string[], example: string): string[] {
  if (typeof argument !== 'object' || argument === null || Array.isArray(argument))
    return [`one JSON object is expected, such as ${example}`];
  // Shortened: a secret may have been pasted anywhere.
  const expected = takes.length > 0 ? `expected: ${takes.join(', ')}` : 'no key is';
  return Object.keys(argument).flatMap((key) => (takes.includes(key) ? [] : [`"${key.slice(0, 40)}" is not expected (${expected})`]));
}

export function textFault(argument: Unchecked, key: string, meaning: string, longest = longestName): Fault {
  const value = argument[key];
  if (typeof value !== 'string' || !value.trim()) return `"${key}" must say ${meaning}`;
  return value.length > longest && `"${key}" must have at most ${longest} characters`;
}

/** For a name that need not be given. */
export function optionalTextFault(argument: Unchecked, key: string, meaning: string): Fault {
  return argument[key] !== undefined && textFault(argument, key, meaning);
}
