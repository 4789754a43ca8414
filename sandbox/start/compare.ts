/**
 * Holds every account of the LMS against what the directory and the demo's mapping demand. It shares no code with the sync: it reads both sides by
 * the sandbox's admin ports and has its own idea of what is right.
 */

/** What is needed of somebody, as the sandbox's Entra tells the whole truth about them. */
export interface TruePerson {
  id: string;
  userPrincipalName: string;
  mail: string | null;
  givenName: string | null;
  surname: string | null;
  displayName: string | null;
  jobTitle: string | null;
  department: string | null;
  employeeId: string | null;
  employeeType: string | null;
  mobilePhone: string | null;
  officeLocation: string | null;
  city: string | null;
  accountEnabled: boolean;
  userType: string;
  managerId: string | null;
  isMember: boolean;
  isDeleted: boolean;
}

interface TrueAccount {
  id: string;
  userName: string;
  externalId?: string;
  active?: boolean;
  name?: { givenName?: string; familyName?: string };
  displayName?: string;
  emails?: { value: string }[];
  title?: string;
  phoneNumbers?: { value: string; type?: string }[];
  [schema: string]: unknown;
}

export interface Comparison {
  /** People whose account is as it should be. */
  agree: number;
  /** Members who rightly have no account, by reason. */
  without: Record<string, number>;
  /** Accounts that are nobody's business. */
  others: number;
  /** What is wrong, in a sentence each. Never a name: an id finds them. */
  differences: string[];
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const custom = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';
const plain = (value: string | null | undefined) => {
  const text = value
    ?.normalize('NFC')
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, ' ')
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .trim();
  return text === '' ? undefined : text;
};
const key = (value: string | null | undefined) => plain(value)?.toLowerCase();
const isAddress = (value: string | undefined) => value !== undefined && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value);

export function compare(people: readonly TruePerson[], accounts: readonly TrueAccount[]): Comparison {
  const differences: string[] = [];
  const without: Record<string, number> = {};
  const byPerson = new Map<string, TrueAccount[]>();
  for (const account of accounts)
    if (account.externalId)
      byPerson.set(account.externalId.toLowerCase(), [...(byPerson.get(account.externalId.toLowerCase()) ?? []), account]);
  const known = new Map(people.map((person) => [person.id, person]));
  const accountOf = (id: string) => byPerson.get(id)?.[0];
  const canSync = (person: TruePerson) => person.isMember && person.userType !== 'Guest' && !person.isDeleted;
  const isActive = (person: TruePerson | undefined): person is TruePerson =>
    person !== undefined && canSync(person) && person.accountEnabled;
  const holders = new Map(accounts.map((account) => [key(account.userName), account.externalId?.toLowerCase()]));
  /** The account of somebody else, who may have left: a user name is never taken from it. */
  const isNameHeld = (person: TruePerson) => (holders.get(key(person.userPrincipalName)) ?? person.id) !== person.id;
  const rivals = new Map<string, TruePerson[]>();
  for (const person of people.filter(canSync)) {
    for (const one of [`name ${key(person.userPrincipalName)}`, ...(isAddress(plain(person.mail)) ? [`mail ${key(person.mail)}`] : [])])
      rivals.set(one, [...(rivals.get(one) ?? []), person]);
  }
  let agree = 0;

  for (const person of people) {
    const own = byPerson.get(person.id) ?? [];
    if (own.length > 1) differences.push(`${person.id} has ${own.length} accounts`);
    const [account] = own;
    const hasRival =
      isNameHeld(person) ||
      [`name ${key(person.userPrincipalName)}`, `mail ${key(person.mail)}`].some((one) =>
        (rivals.get(one) ?? []).some((other) => other !== person && accountOf(other.id)),
      );
    if (!canSync(person) || !person.accountEnabled) {
      if (!account) count(person.isMember ? (person.userType === 'Guest' ? 'guest' : 'disabled before they were synced') : 'not a member');
      else if (account.active !== false && person.userType !== 'Guest')
        differences.push(`${person.id} ${person.isMember ? 'is disabled' : 'has left'}, but the account is active`);
      else agree += 1;
      continue;
    }
    if (!account) {
      if (hasRival) count('shares a user name or mail with somebody who has an account');
      else differences.push(`${person.id} is a member and has no account`);
      continue;
    }
    const wrong = hasRival ? [] : faultsOf(person, account);
    if (account.active !== true) wrong.push('is not active');
    if (wrong.length === 0) agree += 1;
    else differences.push(`${person.id}: ${wrong.join(', ')}`);
  }
  return {
    agree,
    without,
    others: accounts.filter(({ externalId }) => !externalId || !known.has(externalId.toLowerCase())).length,
    differences,
  };

  function count(reason: string): void {
    without[reason] = (without[reason] ?? 0) + 1;
  }

  function faultsOf(person: TruePerson, account: TrueAccount): string[] {
    const extension = (account[enterprise] ?? {}) as { department?: string; employeeNumber?: string; manager?: { value?: string } };
    const own = (account[custom] ?? {}) as { location?: string; employeeType?: string; managerEmail?: string };
    const manager = known.get(person.managerId ?? ''); // a contact's mail takes a permission that the sync doesn't ask for
    const mail = plain(person.mail);
    const pairs: [string, string | undefined, string | undefined][] = [
      ['userName', key(person.userPrincipalName), key(account.userName)],
      ['givenName', plain(person.givenName), account.name?.givenName],
      ['familyName', plain(person.surname), account.name?.familyName],
      ['displayName', plain(person.displayName), account.displayName],
      ['email', isAddress(mail) ? mail : undefined, account.emails?.[0]?.value],
      ['title', plain(person.jobTitle), account.title],
      ['department', plain(person.department) ?? 'Unassigned', extension.department],
      ['employeeNumber', plain(person.employeeId), extension.employeeNumber],
      ['mobilePhone', plain(person.mobilePhone), account.phoneNumbers?.find(({ type }) => type === 'mobile')?.value],
      ['location', plain(person.officeLocation) ?? plain(person.city), own.location],
      ['employeeType', plain(person.employeeType), own.employeeType],
      ['managerEmail', manager ? plain(manager.mail) : undefined, own.managerEmail],
      ['manager', expectedManager(person), extension.manager?.value],
    ];
    return pairs.filter(([, expected, actual]) => (expected ?? '') !== (actual ?? '')).map(([field]) => `${field} differs`);
  }

  function expectedManager(person: TruePerson): string | undefined {
    if (!person.managerId || isInLoop(person)) return undefined;
    const manager = known.get(person.managerId);
    return isActive(manager) ? accountOf(manager.id)?.id : undefined;
  }

  /** A loop that the LMS could show: whoever is shown as nobody's manager ends the chain. */
  function isInLoop(person: TruePerson): boolean {
    let at = person.managerId;
    for (let steps = 0; at && steps <= people.length; steps += 1) {
      if (at === person.id) return true;
      const next = known.get(at);
      at = isActive(next) ? next.managerId : null;
    }
    return false;
  }
}
