import type { Device, Group as GraphGroup, OrgContact, ServicePrincipal, User } from '@microsoft/microsoft-graph-types';
import type { OtherMember, Person } from '../people/person';
import type { Group } from './tenant';

type Getters<Source, Target> = { [Name in keyof Target]?: (from: Source) => Target[Name] };

const extensionNames = Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`);

/** What only those have who come from an on-premises directory. */
const onPremises =
  <Value>(of: (person: Person) => Value) =>
  (person: Person): Value | null =>
    person.onPremisesImmutableId ? of(person) : null;

/** Entra's own SID of an object: its id as four numbers, as Windows reads a GUID. */
function securityIdentifier(id: string): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  const asWindows = Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
  return `S-1-12-1-${[0, 4, 8, 12].map((at) => asWindows.readUInt32LE(at)).join('-')}`;
}

/** Every property of a user that `$select` may name, in Graph's own types. */
export const userProperties = {
  id: ({ id }) => id,
  accountEnabled: ({ accountEnabled }) => accountEnabled,
  ageGroup: () => null,
  businessPhones: ({ businessPhones }) => businessPhones,
  city: ({ city }) => city,
  companyName: ({ companyName }) => companyName,
  consentProvidedForMinor: () => null,
  country: ({ country }) => country,
  createdDateTime: ({ createdDateTime }) => createdDateTime,
  creationType: ({ userType }) => (userType === 'Guest' ? 'Invitation' : null),
  department: ({ department }) => department,
  displayName: ({ displayName }) => displayName,
  employeeHireDate: ({ employeeHireDate }) => employeeHireDate,
  employeeId: ({ employeeId }) => employeeId,
  employeeLeaveDateTime: () => null,
  employeeOrgData: ({ employeeOrgData }) => employeeOrgData,
  employeeType: ({ employeeType }) => employeeType,
  externalUserState: ({ userType }) => (userType === 'Guest' ? 'Accepted' : null),
  externalUserStateChangeDateTime: ({ userType, createdDateTime }) => (userType === 'Guest' ? createdDateTime : null),
  faxNumber: () => null,
  givenName: ({ givenName }) => givenName,
  imAddresses: ({ mail }) => (mail ? [mail] : []),
  isManagementRestricted: () => null,
  isResourceAccount: () => null,
  jobTitle: ({ jobTitle }) => jobTitle,
  lastPasswordChangeDateTime: ({ createdDateTime }) => createdDateTime,
  legalAgeGroupClassification: () => null,
  mail: ({ mail }) => mail,
  mailNickname: ({ userPrincipalName }) => userPrincipalName.split('@')[0] ?? null,
  mobilePhone: ({ mobilePhone }) => mobilePhone,
  officeLocation: ({ officeLocation }) => officeLocation,
  onPremisesDistinguishedName: onPremises(({ displayName }) => `CN=${displayName},OU=People,DC=northwind,DC=example`),
  onPremisesDomainName: onPremises(({ userPrincipalName }) => userPrincipalName.split('@')[1] ?? null),
  onPremisesExtensionAttributes: ({ onPremisesExtensionAttributes: set }) =>
    Object.fromEntries(extensionNames.map((name) => [name, set?.[name] ?? null])),
  onPremisesImmutableId: ({ onPremisesImmutableId }) => onPremisesImmutableId,
  onPremisesLastSyncDateTime: onPremises(({ createdDateTime }) => createdDateTime),
  onPremisesSamAccountName: onPremises(({ userPrincipalName }) => userPrincipalName.split('@')[0] ?? null),
  onPremisesSecurityIdentifier: () => null,
  onPremisesSyncEnabled: onPremises(() => true),
  onPremisesUserPrincipalName: onPremises(({ userPrincipalName }) => userPrincipalName),
  otherMails: ({ otherMails }) => otherMails,
  passwordPolicies: () => null,
  postalCode: () => null,
  preferredDataLocation: () => null,
  preferredLanguage: ({ preferredLanguage }) => preferredLanguage,
  proxyAddresses: ({ mail }) => (mail ? [`SMTP:${mail}`] : []),
  securityIdentifier: ({ id }) => securityIdentifier(id),
  showInAddressList: () => null,
  signInSessionsValidFromDateTime: ({ createdDateTime }) => createdDateTime,
  state: ({ state }) => state,
  streetAddress: () => null,
  surname: ({ surname }) => surname,
  usageLocation: ({ usageLocation }) => usageLocation,
  userPrincipalName: ({ userPrincipalName }) => userPrincipalName,
  userType: ({ userType }) => userType,
} satisfies Getters<Person, User>;

export const userDefaults: readonly string[] = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

/** Live in another service than the directory: not to be had in lists (learn.microsoft.com, user resource type). */
export const notInLists: ReadonlySet<string> = new Set([
  'aboutMe',
  'birthday',
  'hireDate',
  'interests',
  'mailboxSettings',
  'mySite',
  'pastProjects',
  'preferredName',
  'responsibilities',
  'schools',
  'skills',
]);

const directoryExtension = /^extension_[0-9a-f]{32}_\w+$/;

/** Whether a user has a property of this name; directory extensions count, set or not. */
export function isUserProperty(name: string): boolean {
  return Object.hasOwn(userProperties, name) || directoryExtension.test(name);
}

/** A user as Graph gives it; directory extensions and `@odata…` are not among the types. */
export type GraphUser = User & Record<string, unknown>;

/** A user with the selected properties. A directory extension without a value is left out, as Graph leaves out open properties. */
export function userWith(person: Person, select: readonly string[], user: Record<string, unknown> = {}): GraphUser {
  for (const name of select) {
    const get = userProperties[name as keyof typeof userProperties] as ((person: Person) => unknown) | undefined;
    if (get) user[name] = get(person);
    else if (person.directoryExtensions?.[name] !== undefined) user[name] = person.directoryExtensions[name];
  }
  return user;
}

const deviceProperties = {
  id: ({ id }) => id,
  displayName: ({ displayName }) => displayName,
  accountEnabled: () => true,
} satisfies Getters<OtherMember, Device>;
const contactProperties = {
  id: ({ id }) => id,
  displayName: ({ displayName }) => displayName,
  mail: ({ mail }) => mail,
  companyName: () => null,
  department: () => null,
} satisfies Getters<OtherMember, OrgContact>;
const principalProperties = {
  id: ({ id }) => id,
  displayName: ({ displayName }) => displayName,
  accountEnabled: () => true,
} satisfies Getters<OtherMember, ServicePrincipal>;

const otherProperties: Record<OtherMember['type'], Record<string, (other: OtherMember) => unknown>> = {
  device: deviceProperties,
  orgContact: contactProperties,
  servicePrincipal: principalProperties,
};

/** A contact, device or service principal: of the selected properties those that its type has. */
export function otherWith(other: OtherMember, select?: readonly string[]): Record<string, unknown> {
  const properties = otherProperties[other.type];
  const names = select ?? Object.keys(properties);
  return Object.fromEntries(names.flatMap((name) => (properties[name] ? [[name, properties[name](other)]] : [])));
}

export const groupProperties = {
  id: ({ id }) => id,
  createdDateTime: () => '2020-01-01T00:00:00Z',
  description: () => null,
  displayName: ({ displayName }) => displayName,
  groupTypes: ({ membershipRule }) => (membershipRule ? ['DynamicMembership'] : []),
  isAssignableToRole: () => null,
  mail: () => null,
  mailEnabled: () => false,
  mailNickname: ({ id }) => id.slice(0, 8),
  membershipRule: ({ membershipRule }) => membershipRule,
  membershipRuleProcessingState: ({ membershipRule }) => (membershipRule ? 'On' : null),
  securityEnabled: () => true,
  visibility: ({ visibility }) => visibility,
} satisfies Getters<Group, GraphGroup>;

export function groupWith(group: Group, select: readonly string[] = Object.keys(groupProperties)): Record<string, unknown> {
  const properties: Record<string, (group: Group) => unknown> = groupProperties;
  return Object.fromEntries(select.flatMap((name) => (properties[name] ? [[name, properties[name](group)]] : [])));
}
