import type { CoreField } from '../../../domain/configuration/configuration';

/** Where a field stands in a SCIM user. */
export type Place =
  | { in: 'core'; attribute: string }
  | { in: 'enterprise'; attribute: string }
  | { in: 'name'; attribute: 'givenName' | 'familyName' }
  /** One of several values, told by its type; `sub` holds the text. */
  | { in: 'several'; attribute: Several; type: 'work' | 'mobile'; sub: string };
export type Several = 'emails' | 'phoneNumbers' | 'addresses';

const core = (attribute: string): Place => ({ in: 'core', attribute });
const enterprise = (attribute: string): Place => ({ in: 'enterprise', attribute });
const address = (sub: string): Place => ({ in: 'several', attribute: 'addresses', type: 'work', sub });

/** RFC 7643, 4.1 and 4.3. */
export const places: Readonly<Record<CoreField, Place>> = {
  givenName: { in: 'name', attribute: 'givenName' },
  familyName: { in: 'name', attribute: 'familyName' },
  displayName: core('displayName'),
  email: { in: 'several', attribute: 'emails', type: 'work', sub: 'value' },
  title: core('title'),
  department: enterprise('department'),
  division: enterprise('division'),
  organization: enterprise('organization'),
  costCenter: enterprise('costCenter'),
  employeeNumber: enterprise('employeeNumber'),
  userType: core('userType'),
  nickName: core('nickName'),
  workPhone: { in: 'several', attribute: 'phoneNumbers', type: 'work', sub: 'value' },
  mobilePhone: { in: 'several', attribute: 'phoneNumbers', type: 'mobile', sub: 'value' },
  preferredLanguage: core('preferredLanguage'),
  locale: core('locale'),
  timezone: core('timezone'),
  streetAddress: address('streetAddress'),
  locality: address('locality'),
  region: address('region'),
  postalCode: address('postalCode'),
  country: address('country'),
};

export const coreEntries = Object.entries(places) as [CoreField, Place][];

export function placeOf(field: string): Place | undefined {
  return Object.hasOwn(places, field) ? places[field as CoreField] : undefined;
}

const prefix = 'custom.';

/** The name of a custom field in the LMS; undefined for a core field. */
export function customName(field: string): string | undefined {
  return field.startsWith(prefix) ? field.slice(prefix.length) : undefined;
}

export function customField(name: string): string {
  return prefix + name;
}
