import { z } from 'zod';
import type { Expression } from '../mapping/expression';
import { attributeFaults, faultsInExpression } from '../mapping/expression-faults';
import { clouds, coreFields, type Configuration, type FieldMapping } from './configuration';

/** Names a fault with what to do about it; the path is zod's. */
const guid = (what: string) => z.guid({ error: `expected ${what}, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301` });
const text = (most = 200) =>
  z.string({ error: 'expected text' }).trim().min(1, 'expected text that is not empty').max(most, `expected at most ${most} characters`);

export const expressionSchema = z
  .custom<Expression>()
  .superRefine((value, context) => {
    for (const { path, message } of faultsInExpression(value)) context.addIssue({ code: 'custom', path, message });
  })
  .meta({ $ref: '#/$defs/expression' });

const longForm = z.strictObject({
  value: expressionSchema.meta({ description: 'Where the value comes from.' }),
  apply: z
    .enum(['always', 'onlyAtCreation'])
    .default('always')
    .meta({ description: 'Written at every change, or when the account is created and never again.' }),
  default: text(1000).optional().meta({ description: 'Taken when the expression yields nothing.' }),
  whenEmpty: z.enum(['clear', 'keep']).default('clear').meta({ description: 'What an attribute that became empty does to the field.' }),
  required: z.boolean().default(false).meta({ description: 'Without a value the person is a problem.' }),
});

/** A bare expression stands for `{value: expression}`. */
const fieldMapping = z
  .preprocess(
    (input) => (typeof input === 'object' && input !== null && Object.hasOwn(input, 'value') ? input : { value: input }),
    longForm,
  )
  .transform((mapping): FieldMapping => mapping);

const attribute = z.string({ error: 'expected an attribute’s name' }).superRefine((name, context) => {
  for (const { message } of attributeFaults(name)) context.addIssue({ code: 'custom', message });
});

const clause = z
  .strictObject({
    attribute,
    operator: z.enum(['EQUALS', 'NOT EQUALS', 'IS NULL', 'IS NOT NULL', 'IS TRUE', 'IS FALSE', 'INCLUDES', 'STARTS WITH', 'ENDS WITH']),
    value: z.string().optional(),
  })
  .superRefine(({ operator, value }, context) => {
    const needsValue = !operator.startsWith('IS ');
    if (needsValue && !value) context.addIssue({ code: 'custom', path: ['value'], message: `${operator} needs a value` });
    if (!needsValue && value !== undefined) context.addIssue({ code: 'custom', path: ['value'], message: `${operator} takes no value` });
  });
const rules = z.array(z.array(clause).min(1, 'a group has at least one clause')).default([]);

const threshold = (count: number, percent: number) =>
  z
    .strictObject({ count: z.int().min(0).max(1_000_000).default(count), percent: z.number().min(0).max(100).default(percent) })
    .default({ count, percent })
    .meta({ description: 'Exceeded when more than `count` people and more than `percent` of the linked accounts are concerned.' });

const leaverPolicy = z
  .union([z.enum(['deactivate', 'hold', 'leave']), z.strictObject({ graceDays: z.int().min(1).max(365) })], {
    error: 'expected "deactivate", "hold", "leave" or {"graceDays": 1 to 365}',
  })
  .default('deactivate');

const baseUrl = z
  .string({ error: 'expected a URL' })
  .superRefine((value, context) => {
    const message = URL.canParse(value) ? faultOfUrl(new URL(value)) : 'expected a URL such as https://lms.example.com/scim/v2';
    if (message) context.addIssue({ code: 'custom', message });
  })
  .transform((value) => value.replace(/\/+$/, ''));

function faultOfUrl({ protocol, username, password, search, hash }: URL): string | undefined {
  if (protocol !== 'https:' && protocol !== 'http:') return 'expected https';
  if (username || password) return 'a credential does not belong in a URL: hand it over sealed';
  return search || hash ? 'expected a URL without ? and #' : undefined;
}

/** What operators write. Strict: an unknown key is a mistyped one. */
export const configurationSchema = z
  .strictObject({
    name: text(100).meta({ description: 'The customer’s name, as operators know it.' }),
    directory: z
      .strictObject({
        tenantId: guid('the Directory (tenant) ID').transform((id) => id.toLowerCase()),
        clientId: guid('the Application (client) ID').transform((id) => id.toLowerCase()),
        groupId: guid('the group’s Object ID').transform((id) => id.toLowerCase()),
        cloud: z.enum(clouds).default('global'),
      })
      .meta({ description: 'Where the members are.' }),
    target: z
      .strictObject({
        type: z.enum(['scim']),
        baseUrl,
        customFieldsSchema: z
          .string()
          .startsWith('urn:', 'expected a URN')
          .default('urn:ietf:params:scim:schemas:extension:rollcall:2.0:User'),
        requestsPerMinute: z.int().min(1).max(1_000_000).optional(),
        concurrency: z.int().min(1).max(64).default(16),
      })
      .meta({ description: 'The LMS.' }),
    userName: expressionSchema.meta({ description: 'Where the user name comes from; it must equal the single-sign-on NameID.' }),
    matching: z.strictObject({ by: z.enum(['userName', 'email']).default('userName') }).default({ by: 'userName' }),
    fields: z.partialRecord(z.enum(coreFields), fieldMapping).default({}),
    customFields: z
      .record(
        z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'a custom field’s name consists of letters, digits, "_" and "-"'),
        fieldMapping,
      )
      .default({}),
    manager: z
      .strictObject({ reference: z.enum(['write', 'leave']).default('write'), unavailable: z.enum(['clear', 'keep']).default('clear') })
      .default({ reference: 'write', unavailable: 'clear' }),
    scope: z
      .strictObject({ guests: z.enum(['exclude', 'include']).default('exclude'), include: rules, exclude: rules })
      .default({ guests: 'exclude', include: [], exclude: [] }),
    protectedAccounts: z.array(text(500)).max(10_000).default([]),
    leavers: z
      .strictObject({ leftGroup: leaverPolicy, disabled: leaverPolicy, deleted: leaverPolicy })
      .default({ leftGroup: 'deactivate', disabled: 'deactivate', deleted: 'deactivate' }),
    thresholds: z
      .strictObject({ leavers: threshold(5, 5), additions: threshold(50, 20), renames: threshold(10, 5) })
      .default({ leavers: { count: 5, percent: 5 }, additions: { count: 50, percent: 20 }, renames: { count: 10, percent: 5 } }),
    cadence: z.strictObject({ everyMinutes: z.int().min(30).max(1440).default(30) }).default({ everyMinutes: 30 }),
  })
  .superRefine(({ matching, fields }, context) => {
    if (matching.by === 'email' && !fields.email)
      context.addIssue({ code: 'custom', path: ['matching', 'by'], message: 'matching by e-mail needs fields.email' });
  });

export interface ConfigurationFault {
  /** Dotted; empty for the whole. */
  path: string;
  message: string;
}

/** The configuration with its defaults, or every fault in it at once. */
export function parseConfiguration(input: unknown): { configuration: Configuration } | { faults: ConfigurationFault[] } {
  const { data, error } = configurationSchema.safeParse(input);
  if (!error) return { configuration: data satisfies Configuration };
  return { faults: error.issues.flatMap((issue) => faultsOf(issue)) };
}

function faultsOf(issue: z.core.$ZodIssue): ConfigurationFault[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [path, key].filter(Boolean).join('.'), message: 'there is no such key' }));
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message }));
  if (issue.code === 'invalid_value')
    return [{ path, message: `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}` }];
  return [{ path, message: issue.message }];
}
