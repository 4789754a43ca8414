import { z } from 'zod';
import { attributeFault } from '../mapping/graph-attributes';
import { plainText } from '../mapping/plain-text';
import { comparingOperators, testingOperators } from './configuration';
import { strict } from './schema-parts';

const attribute = z
  .string()
  .superRefine((name, context) => {
    const message = attributeFault(name);
    if (message) context.addIssue({ code: 'custom', message });
  })
  .describe('An attribute, named as in mappings.');

/** Told apart by the operator, so that a faulty clause is judged as what it was meant to be. */
export const clause = z.discriminatedUnion('operator', [
  strict({
    attribute,
    operator: z.enum(comparingOperators),
    value: z
      .string()
      .min(1)
      .max(1000)
      // Part of every value, or of none.
      .refine((text) => text === '' || plainText(text) !== undefined, 'expected more than blanks')
      .describe('What the attribute is compared with, letter case minded.'),
  }),
  strict({ attribute, operator: z.enum(testingOperators) }),
]);

/** Clauses of a group all hold; one group that holds suffices. */
export const rules = z.array(z.array(clause).min(1).max(50)).max(100).default([]);
