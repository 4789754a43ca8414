import type { Expression } from '../mapping/expression';

/** Clouds are a closed list: whoever could name another authority would be sent the secret. */
export const clouds = ['global', 'usGovernment', 'usGovernmentDoD', 'china'] as const;
export type Cloud = (typeof clouds)[number];

/** Fields of an account that every target knows by these names (RFC 7643's, flattened); all others are custom fields. */
export const coreFields = [
  'givenName',
  'familyName',
  'displayName',
  'email',
  'title',
  'department',
  'division',
  'organization',
  'costCenter',
  'employeeNumber',
  'userType',
  'nickName',
  'workPhone',
  'mobilePhone',
  'preferredLanguage',
  'locale',
  'timezone',
  'streetAddress',
  'locality',
  'region',
  'postalCode',
  'country',
] as const;
export type CoreField = (typeof coreFields)[number];

/** How one field of an account gets its value. In a configuration a bare expression stands for `{value: expression}`. */
export interface FieldMapping {
  value: Expression;
  /** `onlyAtCreation`: the LMS owns the field afterwards; Rollcall never overwrites it. */
  apply: 'always' | 'onlyAtCreation';
  /** Taken when the expression yields nothing. */
  default?: string;
  /** What an attribute that became empty in the directory does to the field. */
  whenEmpty: 'clear' | 'keep';
  /** Without a value the person is a problem, and nothing of theirs is changed. */
  required: boolean;
}

/** Entra's own operators that compare with a value, and those that need none. */
export const comparingOperators = ['EQUALS', 'NOT EQUALS', 'INCLUDES', 'STARTS WITH', 'ENDS WITH'] as const;
export const testingOperators = ['IS NULL', 'IS NOT NULL', 'IS TRUE', 'IS FALSE'] as const;

/** One clause of a scoping filter. */
export interface Clause {
  attribute: string;
  operator: (typeof comparingOperators)[number] | (typeof testingOperators)[number];
  value?: string;
}

/** Grace days count from the run that first saw the cause. */
export type LeaverPolicy = 'deactivate' | 'hold' | 'leave' | { graceDays: number };

/** Exceeded only when both are: more than `count` and more than `percent` of the linked accounts. */
export interface Threshold {
  count: number;
  percent: number;
}

/** One customer's configuration, after defaults; `configuration-schema.ts` says what is accepted and why not. */
export interface Configuration {
  /** The customer's name as operators know it. */
  name: string;
  directory: { tenantId: string; clientId: string; groupId: string; cloud: Cloud };
  target: {
    type: 'scim';
    /** Without a trailing slash. */
    baseUrl: string;
    /** The extension schema that holds the custom fields. */
    customFieldsSchema: string;
    /** Requests a minute, where the LMS has a limit that it does not announce. */
    requestsPerMinute?: number;
    /** Writes in flight at once. */
    concurrency: number;
  };
  /** Where the user name comes from; it must equal the single-sign-on NameID. */
  userName: Expression;
  /** How an account that is already there is found after `externalId`. */
  matching: { by: 'userName' | 'email' };
  fields: Partial<Record<CoreField, FieldMapping>>;
  customFields: Record<string, FieldMapping>;
  manager: {
    /** Whether the LMS is told who somebody's manager is. */
    reference: 'write' | 'leave';
    /** What becomes of the reference when the manager is not (or no longer) an active account: outside the group, a contact, disabled. */
    unavailable: 'clear' | 'keep';
  };
  scope: {
    guests: 'exclude' | 'include';
    /** Clauses of a group all hold; one group that holds suffices. None: everybody. */
    include: Clause[][];
    exclude: Clause[][];
  };
  /** User names or account ids that are never changed. */
  protectedAccounts: string[];
  leavers: { leftGroup: LeaverPolicy; disabled: LeaverPolicy; deleted: LeaverPolicy };
  thresholds: { leavers: Threshold; additions: Threshold; renames: Threshold };
  cadence: { everyMinutes: number };
}
