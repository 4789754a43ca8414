/** Extension attributes 1 to 15 as they come from an on-premises directory; those that are absent are null in Graph. */
export type ExtensionAttributes = Record<string, string>;

/** One person of a directory. Properties are called as Graph calls them, so that a server can give them away by name. */
export interface Person {
  /** Shaped like a version 4 UUID; never changes. */
  readonly id: string;
  userPrincipalName: string;
  mail: string | null;
  displayName: string | null;
  givenName: string | null;
  surname: string | null;
  accountEnabled: boolean;
  userType: 'Member' | 'Guest';
  department: string | null;
  jobTitle: string | null;
  officeLocation: string | null;
  companyName: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  usageLocation: string | null;
  preferredLanguage: string | null;
  mobilePhone: string | null;
  businessPhones: string[];
  employeeId: string | null;
  employeeType: string | null;
  employeeOrgData: { costCenter: string | null; division: string | null } | null;
  /** ISO 8601 in UTC, as `createdDateTime`. */
  employeeHireDate: string | null;
  createdDateTime: string;
  otherMails: string[];
  onPremisesImmutableId: string | null;
  onPremisesExtensionAttributes: ExtensionAttributes | null;
  /** Directory extensions by their full name, `extension_{32 hex digits}_{name}`. */
  directoryExtensions: Record<string, string> | null;
  /** Of a person or an organisational contact; null at the top. */
  managerId: string | null;
}

/** Something in the group that is not a user. */
export interface OtherMember {
  id: string;
  type: 'device' | 'orgContact' | 'servicePrincipal';
  displayName: string;
  mail: string | null;
}

export interface Population {
  seed: number;
  /** The domain of most user names, and the tenant's first one. */
  domain: string;
  onmicrosoft: string;
  /** The group's direct user members. */
  members: Person[];
  /** People of the tenant who are not in the group, some of them managers of members. */
  outsiders: Person[];
  /** Devices, contacts and service principals in the group. */
  others: OtherMember[];
  /** Contacts outside the group, some of them managers of members. */
  contacts: OtherMember[];
}
