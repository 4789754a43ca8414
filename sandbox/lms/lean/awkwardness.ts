import { z } from 'zod';

const flag = z.boolean().default(false);

/**
 * What real SCIM servers do otherwise than the standard says or than one would wish. All off at first. Each was seen in one or more of seven unrelated
 * implementations; a client must get along with every one of them.
 */
export const awkwardness = z.strictObject({
  // Reading
  ignoresFilters: flag.describe('answers every filter with all users'),
  filterCaseSensitive: flag.describe('compares text in filters exactly'),
  omitsPagingFields: flag.describe('leaves startIndex and itemsPerPage out of lists'),
  capsCountAt: z.number().int().positive().nullable().default(null).describe('cuts a larger count silently'),
  failsOnCount: flag.describe('500 to any count'),
  announces: z
    .strictObject({ patch: z.boolean().optional(), filter: z.boolean().optional(), maxResults: z.number().int().nonnegative().optional() })
    .nullable()
    .default(null)
    .describe('what ServiceProviderConfig says, whether it is true or not'),
  searchLags: z
    .number()
    .int()
    .nonnegative()
    .default(0)
    .describe('so many lists and searches miss an account after it was made, as an index does that follows'),
  noDiscovery: flag.describe('404 on ServiceProviderConfig, Schemas and ResourceTypes'),
  // Names
  trimsUserNames: flag.describe('takes white space off user names'),
  caseSensitiveUserNames: flag.describe('keeps JO and jo apart'),
  allowsDuplicateUserNames: flag,
  uniqueEmails: flag.describe('409 where another account has the e-mail address'),
  uniqueExternalIds: flag,
  idEqualsUserName: flag.describe('the id is the user name: a rename changes it'),
  // Writing
  dropsAttributes: z
    .array(z.string())
    .default([])
    .describe('silently not kept: title, name.formatted, enterprise (the whole extension), custom, manager, or a path with its URN'),
  refusesUnknownAttributes: flag.describe('400 for attributes that no schema lists, which are dropped silently otherwise'),
  refusesNoSchemasListed: flag.describe('400 unless `schemas` lists every schema that is used'),
  needsNameFormatted: flag.describe('400 to a user without name.formatted'),
  activeDefaultsNull: flag.describe('active left out becomes null instead of true'),
  requiresIfMatch: flag.describe('428 to a change without If-Match'),
  // PATCH
  noPatch: flag.describe('501'),
  patchManagerForm: z
    .enum(['object', 'path.value', 'string'])
    .nullable()
    .default(null)
    .describe('the one form in which a manager is taken'),
  noFilterPaths: flag.describe('400 invalidPath to emails[type eq "work"].value'),
  halfAppliesPatches: flag.describe('keeps the operations before the one that is refused'),
  wipesPartialObjects: flag.describe('a replace of name with only a given name loses the family name'),
  patchAnswersNothing: flag.describe('204 instead of the user'),
  // Limits and errors
  rateLimit: z
    .strictObject({
      perMinute: z.number().positive(),
      /** With RateLimit headers on every answer; the 429 has Retry-After either way. */
      announced: z.boolean(),
      /** How long a window lasts, and so the block at its worst. Seconds. */
      windowSeconds: z.number().positive().default(60),
    })
    .nullable()
    .default(null),
  refusesPlainJson: flag.describe('415 to application/json'),
  closesConnections: flag.describe('one request for each connection'),
  errorsAsHtml: flag.describe('errors are pages of HTML'),
  conflictAs500: flag.describe('500 for what should be 409'),
});

export type Awkwardness = z.output<typeof awkwardness>;
export type AwkwardnessOptions = z.input<typeof awkwardness>;
