import { z } from 'zod';
import { isPlausibleAddress } from '../mapping/email-address';
import { describedExpression } from '../mapping/expression-schema';
import type { FieldMapping } from './configuration';
import { strict } from './schema-parts';

const options = {
  apply: z
    .enum(['always', 'onlyAtCreation'])
    .default('always')
    .describe('`onlyAtCreation`: written when the account is created and never again; the LMS owns the field afterwards.'),
  default: z.string().trim().min(1).max(1000).optional().describe('Taken when the expression yields nothing.'),
  whenEmpty: z
    .enum(['clear', 'keep'])
    .default('clear')
    .describe('What an attribute that became empty in Entra does to the field: `clear` empties it, `keep` leaves what the LMS holds.'),
  required: z.boolean().default(false).describe('Without a value the person is a problem, and nothing of theirs is changed.'),
};

export const fieldMappingForm = strict({ value: describedExpression('Where the value comes from.'), ...options });

/** The long form is told by its keys, so that a faulty one is judged as what it was meant to be. */
export function isLongForm(input: unknown): input is Record<string, unknown> {
  return typeof input === 'object' && input !== null && ['value', ...Object.keys(options)].some((key) => Object.hasOwn(input, key));
}

const schemaOf = (form: z.ZodType<FieldMapping>) => z.preprocess((input) => (isLongForm(input) ? input : { value: input }), form);

/** A bare expression stands for `{value: expression}`. */
export const fieldMapping = schemaOf(fieldMappingForm);

/** A default that is no address would be left out for everybody. */
export const emailMapping = schemaOf(
  fieldMappingForm.superRefine(({ default: address }, context) => {
    if (address !== undefined && !isPlausibleAddress(address))
      context.addIssue({ code: 'custom', path: ['default'], message: 'expected an e-mail address' });
  }),
);

export const isFieldMapping = (schema: object): boolean => schema === fieldMapping || schema === emailMapping;
