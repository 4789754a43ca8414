import { z } from 'zod';
import { describedExpression } from '../mapping/expression-schema';
import { baseUrl } from './base-url';
import { clouds, coreFields, type Configuration, type CoreField } from './configuration';
import { faultsOf, plainWords, type ConfigurationFault } from './faults';
import { emailMapping, fieldMapping } from './field-schema';
import { rules } from './scope-schema';
import { guid, strict, text, whole } from './schema-parts';

export type { ConfigurationFault } from './faults';

const directory = strict({
  tenantId: guid('the Directory (tenant) ID').describe('Directory (tenant) ID, from the Overview page of the app registration.'),
  clientId: guid('the Application (client) ID').describe('Application (client) ID, from the same page.'),
  groupId: guid('the group’s Object ID').describe('Object ID of the group whose direct members are synced.'),
  cloud: z
    .enum(clouds)
    .default('global')
    .describe('The national cloud. A closed list: whoever could name another authority would be sent the secret.'),
}).describe('The customer’s Microsoft Entra tenant and group.');

const defaultCustomFieldsSchema = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';

const target = strict({
  type: z.enum(['scim']).default('scim').describe('The kind of LMS.'),
  baseUrl: baseUrl.describe('Where its SCIM service begins, up to `/Users`. Its host must be one that the worker may call.'),
  customFieldsSchema: z
    .string()
    .trim()
    .max(200)
    .regex(/^urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:\S+$/, 'expected a URN, as the LMS’s /Schemas lists it')
    .default(defaultCustomFieldsSchema)
    .describe('The extension schema that holds the custom fields.'),
  requestsPerMinute: whole(1, 100_000).optional().describe('Where the LMS has a limit that it doesn’t announce.'),
  concurrency: whole(1, 64).default(16).describe('Writes in flight at once.'),
}).describe('The LMS.');

const leaver = (cause: string) =>
  z
    .union(
      [
        z.enum(['deactivate', 'hold', 'leave']),
        strict({ graceDays: whole(1, 365).describe('Days from the run that first saw the cause.') }),
      ],
      {
        error: (issue) =>
          issue.code === 'invalid_union'
            ? 'expected "deactivate", "hold", "leave" or {"graceDays": a whole number from 1 to 365}'
            : undefined,
      },
    )
    .default('deactivate')
    .describe(
      `What becomes of an account whose person ${cause}: deactivated at once, after days of grace, held until somebody decides, or left alone.`,
    );

const threshold = (what: string, count: number, percent: number) =>
  strict({
    count: whole(0, 1_000_000).default(count).describe('People.'),
    percent: z.number().min(0).max(100).default(percent).describe('Of the linked accounts.'),
  })
    .prefault({})
    .describe(`${what} in one run: held, all of them, when there are more than \`count\` and more than \`percent\`.`);

const customFieldName = 'a custom field’s name is letters, digits, _ and -, a letter first';
const fields = Object.fromEntries(coreFields.map((field) => [field, (field === 'email' ? emailMapping : fieldMapping).optional()]));

export const configurationSchema = strict({
  name: text(100).describe('The customer’s name, as operators know it.'),
  directory,
  target,
  userName: describedExpression('Where the user name comes from. With single sign-on it must equal the NameID that Entra sends.'),
  matching: strict({ by: z.enum(['userName', 'email']).default('userName').describe('`email` needs `fields.email`.') })
    .prefault({})
    .describe('How an account that is already there is found, after `externalId`. Only an exact match that is alone is taken.'),
  fields: strict(fields as Record<CoreField, z.ZodOptional<typeof fieldMapping>>, 'other fields go under customFields')
    .prefault({})
    .describe('The account’s core fields: an expression, or an object with more to say. A field that isn’t named is left alone.'),
  customFields: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, customFieldName), fieldMapping)
    .prefault({})
    .describe('Fields of the LMS’s own, by the names that its extension schema gives them.'),
  manager: strict({
    reference: z.enum(['write', 'leave']).default('write').describe('Whether the LMS is told who somebody’s manager is.'),
    unavailable: z
      .enum(['clear', 'keep'])
      .default('clear')
      .describe('What becomes of the reference when the manager is no active account: outside the group, a contact, disabled.'),
  })
    .prefault({})
    .describe('The manager as a reference. As text, map `manager.mail` or `manager.displayName` to a field.'),
  scope: strict({
    guests: z.enum(['exclude', 'include']).default('exclude').describe('Guest users of the group.'),
    include: rules.describe(
      'Who belongs: groups of clauses as in Entra’s scoping filters. Clauses of a group all hold; one group that holds suffices. Empty: everybody.',
    ),
    exclude: rules.describe(
      'Who doesn’t, whatever `include` says. Never created, never changed; whoever is linked is unlinked and left as they are.',
    ),
  })
    .prefault({})
    .describe('Which members are synced.'),
  protectedAccounts: z.array(text(320)).max(10_000).default([]).describe('User names or account ids in the LMS that are never changed.'),
  leavers: strict({
    leftGroup: leaver('left the group'),
    disabled: leaver('is disabled in Entra'),
    deleted: leaver('was deleted in Entra'),
  })
    .prefault({})
    .describe('Leavers, by cause. No account is ever deleted, and whoever can’t be found at all is always held.'),
  thresholds: strict({
    leavers: threshold('Deactivations', 5, 5),
    additions: threshold('New accounts', 50, 20),
    renames: threshold('Changed user names', 10, 5),
  })
    .prefault({})
    .describe('Guards against accidents. A held change waits for a decision; everything else goes on.'),
  cadence: strict({ everyMinutes: whole(30, 1440).default(30).describe('Minutes from one run to the next, from 30 to 1440 (a day).') })
    .prefault({})
    .describe('How often the customer is synced.'),
});

/** The configuration with its defaults, or every fault in it at once. A `$schema` for editors may stand beside it, and is dropped. */
export function parseConfiguration(written: unknown): { configuration: Configuration } | { faults: ConfigurationFault[] } {
  const input = withoutSchema(written);
  const parsed = configurationSchema.safeParse(input, { error: plainWords });
  const faults = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => faultsOf(issue, input)),
    ...faultsBetween(input),
    ...hiddenKeys(input),
  ];
  return parsed.success && faults.length === 0 ? { configuration: parsed.data satisfies Configuration } : { faults };
}

function withoutSchema(written: unknown): unknown {
  if (!isObject(written) || typeof written.$schema !== 'string') return written;
  const { $schema: _ofTheEditor, ...input } = written;
  return input;
}

/** A record drops `__proto__` without a word, where every other key that can't be is named. */
function hiddenKeys(input: unknown): ConfigurationFault[] {
  const { customFields } = isObject(input) ? input : {};
  return isObject(customFields) && Object.hasOwn(customFields, '__proto__')
    ? [{ path: 'customFields.__proto__', message: customFieldName }]
    : [];
}

/** What two parts say of each other. Read from the input: zod checks it only once everything else is right. */
function faultsBetween(input: unknown): ConfigurationFault[] {
  const { matching, fields: mapped } = isObject(input) ? input : {};
  const isByEmail = isObject(matching) && matching.by === 'email';
  const hasEmail = isObject(mapped) && mapped.email !== undefined;
  return isByEmail && !hasEmail
    ? [{ path: 'matching.by', message: 'matching by e-mail needs fields.email: map it, or match by userName' }]
    : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
