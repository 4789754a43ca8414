import * as fc from 'fast-check';
import type { AwkwardnessOptions } from '../../../sandbox/lms/lean/awkwardness';

/** An LMS with at most a few habits, and the fields that it doesn't keep for them. */
export interface LmsChoice {
  kind: 'lean' | 'scimmy';
  habits: AwkwardnessOptions;
}

const on = (name: keyof AwkwardnessOptions): fc.Arbitrary<AwkwardnessOptions> => fc.constant({ [name]: true });
const flags: (keyof AwkwardnessOptions)[] = [
  'ignoresFilters', 'filterCaseSensitive', 'omitsPagingFields', 'failsOnCount', 'noDiscovery', 'trimsUserNames', 'caseSensitiveUserNames',
  'uniqueEmails', 'uniqueExternalIds', 'idEqualsUserName', 'refusesUnknownAttributes', 'refusesNoSchemasListed', 'needsNameFormatted',
  'activeDefaultsNull', 'requiresIfMatch', 'noPatch', 'noFilterPaths', 'halfAppliesPatches', 'wipesPartialObjects', 'patchAnswersNothing',
  'refusesPlainJson', 'closesConnections', 'errorsAsHtml', 'conflictAs500',
]; // prettier-ignore

const habit: fc.Arbitrary<AwkwardnessOptions> = fc.oneof(
  { weight: flags.length, arbitrary: fc.constantFrom(...flags).chain(on) },
  { weight: 1, arbitrary: fc.constant<AwkwardnessOptions>({ capsCountAt: 3 }) },
  { weight: 1, arbitrary: fc.constant<AwkwardnessOptions>({ announces: { patch: false, filter: false, maxResults: 0 } }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<AwkwardnessOptions>(
      ...['object', 'path.value', 'string'].map((form) => ({ patchManagerForm: form }) as AwkwardnessOptions),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('title', 'nickName', 'enterprise', 'custom', 'manager')
      .map((name): AwkwardnessOptions => ({ dropsAttributes: [name] })),
  },
);

export const lmsChoice: fc.Arbitrary<LmsChoice> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<LmsChoice>({ kind: 'lean', habits: {} }) },
  { weight: 1, arbitrary: fc.constant<LmsChoice>({ kind: 'scimmy', habits: {} }) },
  {
    weight: 4,
    arbitrary: fc
      .array(habit, { minLength: 1, maxLength: 3 })
      .map((some): LmsChoice => ({ kind: 'lean', habits: Object.assign({}, ...some) as AwkwardnessOptions })),
  },
);

const enterprise = ['department', 'division', 'costCenter', 'organization', 'employeeNumber'];
const custom = ['location', 'employeeType', 'costCentre', 'managerEmail', 'startDate'].map((name) => `custom.${name}`);

/** By the names of truth.ts, and `manager`. */
export function notKept({ habits }: LmsChoice): Set<string> {
  return new Set(
    (habits.dropsAttributes ?? []).flatMap((name) =>
      name === 'enterprise' ? [...enterprise, 'manager'] : name === 'custom' ? custom : [name],
    ),
  );
}
