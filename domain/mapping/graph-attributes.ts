import { didYouMean } from '../configuration/closest';

/** A user's attributes that Graph v1.0 gives in lists and that are text, numbers, truths or lists of those ("user resource type"). */
export const graphAttributes = [
  'accountEnabled', 'ageGroup', 'businessPhones', 'city', 'companyName', 'consentProvidedForMinor', 'country', 'createdDateTime', 'creationType',
  'department', 'displayName', 'employeeHireDate', 'employeeId', 'employeeLeaveDateTime', 'employeeType', 'externalUserState',
  'externalUserStateChangeDateTime', 'faxNumber', 'givenName', 'id', 'imAddresses', 'isManagementRestricted', 'isResourceAccount', 'jobTitle',
  'lastPasswordChangeDateTime', 'legalAgeGroupClassification', 'mail', 'mailNickname', 'mobilePhone', 'officeLocation', 'onPremisesDistinguishedName',
  'onPremisesDomainName', 'onPremisesImmutableId', 'onPremisesLastSyncDateTime', 'onPremisesSamAccountName', 'onPremisesSecurityIdentifier',
  'onPremisesSyncEnabled', 'onPremisesUserPrincipalName', 'otherMails', 'passwordPolicies', 'postalCode', 'preferredDataLocation', 'preferredLanguage',
  'proxyAddresses', 'securityIdentifier', 'showInAddressList', 'signInSessionsValidFromDateTime', 'state', 'streetAddress', 'surname', 'usageLocation',
  'userPrincipalName', 'userType',
] as const; // prettier-ignore

/** Names that are written `parent.name`, or that Graph gives inside another attribute. */
export const nestedAttributes = [
  'manager.displayName',
  'manager.employeeId',
  'manager.id',
  'manager.mail',
  'manager.userPrincipalName',
  'employeeOrgData.costCenter',
  'employeeOrgData.division',
  ...Array.from({ length: 15 }, (_, index) => `extensionAttribute${index + 1}`),
];

/** Graph gives these for one user at a time only, or refuses the whole list. */
const notInLists = new Set(['aboutMe', 'birthday', 'hireDate', 'interests', 'mailboxSettings', 'mySite', 'pastProjects', 'preferredName', 'responsibilities', 'schools', 'skills']); // prettier-ignore

const notText = new Set(['assignedLicenses', 'assignedPlans', 'authorizationInfo', 'customSecurityAttributes', 'employeeOrgData', 'identities', 'licenseAssignmentStates', 'manager', 'onPremisesExtensionAttributes', 'onPremisesProvisioningErrors', 'passwordProfile', 'provisionedPlans', 'serviceProvisioningErrors', 'signInActivity']); // prettier-ignore

/** What SCIM, LMSs and people call them. */
const otherNames: Readonly<Record<string, string>> = {
  address: 'streetAddress', email: 'mail', emailaddress: 'mail', familyname: 'surname', firstname: 'givenName', lastname: 'surname', locality: 'city',
  objectid: 'id', phone: 'mobilePhone', region: 'state', telephonenumber: 'businessPhones', title: 'jobTitle', upn: 'userPrincipalName', username: 'userPrincipalName',
}; // prettier-ignore

const simple = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;
const directoryExtension = /^extension_[0-9a-f]{32}_[A-Za-z0-9_]{1,128}$/i;

/**
 * What is wrong with an attribute's name, if anything can be told. A name that nobody here knows passes, for Graph grows; one that is nearly a known
 * one doesn't: Graph would answer under the right name, everybody's value would seem empty, and a field would be cleared.
 */
export function attributeFault(name: string): string | undefined {
  if (name === '') return 'an attribute has a name';
  const known: readonly string[] = [...graphAttributes, ...nestedAttributes];
  if (known.includes(name)) return undefined;
  const lower = name.toLowerCase();
  const other = Object.hasOwn(otherNames, lower) ? otherNames[lower] : undefined;
  if (other !== undefined) return `Graph has no such attribute; did you mean “${other}”?`;
  if (notInLists.has(name)) return 'Graph does not give this attribute in lists';
  if (notText.has(name))
    return `this attribute is not text${name === 'manager' ? ': name one of the manager’s, such as manager.mail' : ''}`;
  if (name.startsWith('extension_')) {
    return directoryExtension.test(name) ? undefined : 'expected extension_<application id without dashes>_<name>';
  }
  const [parent, child, ...more] = name.split('.');
  if (child !== undefined && more.length === 0 && parent === 'manager') return managerFault(child);
  if (!simple.test(name)) return `expected the name of an attribute: letters, digits and _${didYouMean(name, known)}`;
  const meant = didYouMean(name, known);
  return meant ? `Graph has no such attribute${meant}` : undefined;
}

function managerFault(name: string): string | undefined {
  if ((graphAttributes as readonly string[]).includes(name)) return undefined;
  const fault = name.includes('.') || name === '' ? 'expected the name of an attribute' : attributeFault(name);
  return fault ?? (simple.test(name) && !/^extensionAttribute/.test(name) ? undefined : 'this attribute of a manager can’t be read');
}
