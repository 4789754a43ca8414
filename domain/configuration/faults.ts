import type { z } from 'zod';
import { didYouMean } from './closest';
import { isLongForm } from './field-schema';

export interface ConfigurationFault {
  /** Dotted, as `fields.title.Coalesce.0`; empty for the whole. */
  path: string;
  /** What is wrong and what to write instead. Never repeats a value, which might be a secret in the wrong place. */
  message: string;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in square brackets',
  object: 'an object in braces',
  record: 'an object in braces',
};

/** zod's issues in plain words; where a schema has words of its own, those count. */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys' && issue.input === undefined && issue.code !== 'custom') return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return oneOf(issue.values.map(String), issue.input);
    case 'invalid_union':
      return oneOf(Array.isArray(issue.options) ? issue.options.map(String) : [], discriminatorIn(issue));
    case 'too_small':
      if (issue.origin === 'string') return 'expected text that is not empty';
      return issue.origin === 'array' ? `expected at least ${issue.minimum} in the list` : `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' in the list' : ''}`;
    default:
      return undefined;
  }
}

function discriminatorIn({ discriminator, input }: z.core.$ZodRawIssue): unknown {
  return typeof discriminator === 'string' ? (input as Record<string, unknown> | undefined)?.[discriminator] : undefined;
}

function oneOf(values: readonly string[], input: unknown): string {
  const quoted = values.map((value) => `"${value}"`);
  const listed = quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` : (quoted[0] ?? '');
  return `expected ${listed}${typeof input === 'string' ? didYouMean(input, values) : ''}`;
}

/** One fault for each thing that is wrong, its path as it stands in the input. */
export function faultsOf(issue: z.core.$ZodIssue, input: unknown): ConfigurationFault[] {
  const path = withoutImplied(issue.path, input);
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => ({ path: [...path, key].join('.'), message: messages[index] ?? 'there is no such key' }));
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path: path.join('.'), message }));
  return [{ path: path.join('.'), message: issue.message }];
}

/** A bare expression stands for `{value: …}`, and the operator never wrote that `value`. */
function withoutImplied(path: readonly PropertyKey[], input: unknown): PropertyKey[] {
  const [group, field, third, ...rest] = path;
  if ((group !== 'fields' && group !== 'customFields') || field === undefined || third !== 'value') return [...path];
  const written = (input as Record<PropertyKey, Record<PropertyKey, unknown>>)[group]?.[field];
  return isLongForm(written) ? [...path] : [group, field, ...rest];
}
