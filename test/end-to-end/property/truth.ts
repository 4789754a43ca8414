/** Both sides as the sandbox's admin ports tell of them, and the words in which two of them are the same. Shares no code with the sync. */

/** Somebody of the tenant, as Graph calls their properties. */
export interface Person {
  id: string;
  userPrincipalName: string;
  mail: string | null;
  displayName: string | null;
  givenName: string | null;
  surname: string | null;
  accountEnabled: boolean;
  userType: string;
  department: string | null;
  jobTitle: string | null;
  officeLocation: string | null;
  city: string | null;
  companyName: string | null;
  mobilePhone: string | null;
  employeeId: string | null;
  employeeType: string | null;
  employeeHireDate: string | null;
  managerId: string | null;
  isMember: boolean;
  isNestedOnly: boolean;
  isDeleted: boolean;
}

export interface Account {
  id: string;
  userName: string;
  externalId?: string;
  active?: boolean | null;
  [attribute: string]: unknown;
}

/** The directory at one moment. */
export interface Truth {
  people: readonly Person[];
  /** Their ids: nothing else of them may be read. */
  contacts: readonly string[];
}

/** Text without what nobody sees, composed, without blanks around it; nothing where nothing is left. */
export function plain(value: string | null | undefined): string | undefined {
  const text = value
    ?.normalize('NFC')
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, ' ')
    .replace(/[\u00ad\u200b\u200e\u200f\u2060\ufeff]/g, '')
    .trim();
  return text === '' ? undefined : text;
}

/** What two user names (or addresses) have in common when they are the same. */
export const sameness = (value: string | null | undefined): string => plain(value)?.toLowerCase() ?? '';

export const ownerOf = ({ externalId }: Account): string | undefined => externalId?.toLowerCase();

type Part = Record<string, unknown> | undefined;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const custom = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';
const several = (attribute: string, type: string, sub: string) => (account: Account) =>
  (account[attribute] as Record<string, unknown>[] | undefined)?.find((one) => one.type === type)?.[sub];
const inCore = (attribute: string) => (account: Account) => account[attribute];
const inName = (attribute: string) => (account: Account) => (account.name as Part)?.[attribute];
const inEnterprise = (attribute: string) => (account: Account) => (account[enterprise] as Part)?.[attribute];
const inCustom = (attribute: string) => (account: Account) => (account[custom] as Part)?.[attribute];

/** Where a SCIM user holds each field (RFC 7643, 4.1 and 4.3). */
const places: Record<string, (account: Account) => unknown> = {
  givenName: inName('givenName'),
  familyName: inName('familyName'),
  displayName: inCore('displayName'),
  email: several('emails', 'work', 'value'),
  title: inCore('title'),
  nickName: inCore('nickName'),
  userType: inCore('userType'),
  mobilePhone: several('phoneNumbers', 'mobile', 'value'),
  locality: several('addresses', 'work', 'locality'),
  department: inEnterprise('department'),
  division: inEnterprise('division'),
  costCenter: inEnterprise('costCenter'),
  organization: inEnterprise('organization'),
  employeeNumber: inEnterprise('employeeNumber'),
  'custom.location': inCustom('location'),
  'custom.employeeType': inCustom('employeeType'),
  'custom.costCentre': inCustom('costCentre'),
  'custom.managerEmail': inCustom('managerEmail'),
  'custom.startDate': inCustom('startDate'),
};
export const fieldNames = Object.keys(places);

/** A field's text in an account; empty and absent are the same. */
export function held(account: Account | undefined, field: string): string | undefined {
  const value = account && places[field]?.(account);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function managerIn(account: Account | undefined): string | undefined {
  const value = ((account?.[enterprise] as Part)?.manager as Part)?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}
