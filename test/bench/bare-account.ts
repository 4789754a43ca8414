/** The demo's mapping (sandbox/start/demo-configuration.ts), written by hand as a script would have it. */

export interface Member {
  id: string;
  accountEnabled: boolean;
  userPrincipalName: string;
  manager?: { id: string; mail?: string | null } | null;
  [attribute: string]: unknown;
}

const user = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const custom = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';

export const select = [
  'id',
  'accountEnabled',
  'userType',
  'userPrincipalName',
  'givenName',
  'surname',
  'displayName',
  'mail',
  'jobTitle',
  'department',
  'employeeId',
  'mobilePhone',
  'officeLocation',
  'city',
  'employeeType',
].join(',');

/** An account as flat paths of SCIM PATCH; what the person doesn't have is absent. */
export type FlatAccount = Readonly<Record<string, string | boolean | { value: string; type: string; primary?: boolean }[]>>;

export function accountOf(member: Member, managerAccount: string | undefined): FlatAccount {
  const text = (attribute: string) => (member[attribute] as string | null | undefined) ?? undefined;
  const mail = text('mail');
  const mobile = text('mobilePhone');
  const all = {
    active: member.accountEnabled,
    userName: member.userPrincipalName,
    externalId: member.id,
    'name.givenName': text('givenName'),
    'name.familyName': text('surname'),
    displayName: text('displayName'),
    title: text('jobTitle'),
    emails: mail && [{ value: mail, type: 'work', primary: true }],
    phoneNumbers: mobile && [{ value: mobile, type: 'mobile' }],
    [`${enterprise}:department`]: text('department') ?? 'Unassigned',
    [`${enterprise}:employeeNumber`]: text('employeeId'),
    [`${enterprise}:manager`]: managerAccount,
    [`${custom}:location`]: text('officeLocation') ?? text('city'),
    [`${custom}:employeeType`]: text('employeeType'),
    [`${custom}:managerEmail`]: member.manager?.mail ?? undefined,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as FlatAccount;
}

/** The whole user, for a POST. */
export function userOf(account: FlatAccount): string {
  const resource: Record<string, unknown> = { schemas: [user, enterprise, custom] };
  for (const [path, value] of Object.entries(account)) {
    const [, container, name] = /^(name|urn:.*:User)[.:](\w+)$/.exec(path) ?? [];
    if (!container || !name) resource[path] = value;
    else ((resource[container] ??= {}) as Record<string, unknown>)[name] = name === 'manager' ? { value } : value;
  }
  return JSON.stringify(resource);
}

/** What differs, as one PATCH; nothing where nothing does. */
export function patchOf(before: FlatAccount, after: FlatAccount): string | undefined {
  const Operations = [];
  for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = after[path];
    if (value === undefined) Operations.push({ op: 'remove', path });
    else if (JSON.stringify(value) !== JSON.stringify(before[path]))
      Operations.push({ op: 'replace', path, value: path.endsWith(':manager') ? { value } : value });
  }
  if (Operations.length === 0) return undefined;
  return JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
}
