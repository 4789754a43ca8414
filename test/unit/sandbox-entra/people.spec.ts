import { handMadeAccounts } from '../../../sandbox/people/hand-made';
import type { Person, Population } from '../../../sandbox/people/person';
import { populate } from '../../../sandbox/people/population';
import type { HoldingOddity, ManagingOddity, NamingOddity } from '../../../sandbox/people/proportions';

const lower = (text: string | null) => text?.toLowerCase();
const share = (people: Person[], odd: (person: Person) => boolean) => people.filter(odd).length / people.length;

const managers = (members: Person[]) => {
  const byId = new Map(members.map((person) => [person.id, person]));
  return (person?: Person) => byId.get(person?.managerId ?? '');
};

const anybody = (is: (person: Person) => boolean) => (population: Population) => population.members.some(is);
const isWritten = (pattern: RegExp) => anybody(({ displayName }) => pattern.test(displayName ?? ''));

/** How it shows that somebody is odd in each of the ways there are. */
const oddities: Record<NamingOddity | ManagingOddity | HoldingOddity, (population: Population) => boolean> = {
  diacritics: anybody(({ givenName, userPrincipalName: upn }) => /[^\x20-\x7e]/.test(givenName ?? '') && /^[\x20-\x7e]+$/.test(upn)),
  apostrophe: anybody(({ surname }) => /['’]/.test(surname ?? '')),
  trailingSpace: isWritten(/ $/),
  noBreakSpace: isWritten(/\u00a0/),
  decomposed: anybody(({ displayName: name }) => name !== null && name !== name.normalize('NFC')),
  invisible: isWritten(/\u200b/),
  noMail: anybody(({ mail, userType, surname }) => mail === null && userType === 'Member' && surname !== null),
  mailDiffersFromUpn: anybody(({ mail }) => mail !== null && mail.includes('@mail.')),
  onlyCaseDiffers: anybody(({ mail, userPrincipalName: upn }) => mail !== null && mail !== upn && lower(mail) === lower(upn)),
  guest: anybody(({ userType }) => userType === 'Guest'),
  duplicateMail: ({ members }) => {
    const mails = members.flatMap(({ mail }) => lower(mail) ?? []);
    return new Set(mails).size < mails.length;
  },
  serviceAccount: anybody(({ surname }) => surname === null),
  onmicrosoftUpn: anybody(({ userPrincipalName: upn, userType }) => upn.endsWith('.onmicrosoft.com') && userType === 'Member'),
  loop: ({ members }) => {
    const boss = managers(members);
    return members.some((one) => boss(one) !== one && (boss(boss(one)) === one || boss(boss(boss(one))) === one));
  },
  self: anybody((one) => one.managerId === one.id),
  outsider: ({ members, outsiders }) => members.some(({ managerId }) => outsiders.some(({ id }) => id === managerId)),
  contact: ({ members, contacts }) => members.some(({ managerId }) => contacts.some(({ id }) => id === managerId)),
  none: ({ members }) => members.slice(1).some(({ managerId }) => managerId === null),
  disabled: anybody(({ accountEnabled }) => !accountEnabled),
  noDepartment: anybody(({ department }) => department === null),
  noEmployeeId: anybody(({ employeeId }) => employeeId === null),
  noJobTitle: anybody(({ jobTitle }) => jobTitle === null),
  longDepartment: anybody(({ department }) => (department?.length ?? 0) > 40),
};

describe('a population', () => {
  it('is the same for the same seed and another for another', () => {
    const options = { size: 300, seed: 4 };
    expect(populate(options)).toEqual(populate(options));
    expect(populate(options).members[5]?.id).not.toBe(populate({ size: 300, seed: 5 }).members[5]?.id);
  });

  it('has ids like version 4 UUIDs, each once, and user names that are unique whatever their letter case', () => {
    const { members, outsiders } = populate({ size: 3_000, seed: 1 });
    const all = [...members, ...outsiders];
    expect(all.every(({ id }) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ userPrincipalName }) => lower(userPrincipalName))).size).toBe(all.length);
  });

  it('is as awkward as life, in the proportions asked for', () => {
    const { members, outsiders, contacts, others } = populate({
      size: 2_000,
      seed: 2,
      proportions: { holding: { disabled: 0.1 }, naming: { guest: 0.05 } },
    });
    const inGroup = new Map(members.map((person) => [person.id, person]));
    const has = (pattern: RegExp) => members.some(({ displayName }) => pattern.test(displayName ?? ''));
    expect(has(/ $/) && has(/\u00a0/) && has(/\u200b/) && has(/['’]/) && has(/[øłßñ]/i)).toBe(true);
    expect(members.some(({ displayName: name }) => name !== null && name !== name.normalize('NFC'))).toBe(true);
    expect(share(members, ({ accountEnabled }) => !accountEnabled)).toBeCloseTo(0.1, 3);
    const guests = members.filter(({ userType }) => userType === 'Guest');
    expect(guests).toHaveLength(100);
    expect(guests.every((one) => one.mail === null && one.otherMails.length === 1 && one.userPrincipalName.includes('#EXT#@'))).toBe(true);
    expect(members.some((one) => one.mail === null && one.userType === 'Member')).toBe(true);
    expect(
      members.some((one) => one.mail !== null && one.mail !== one.userPrincipalName && lower(one.mail) === lower(one.userPrincipalName)),
    ).toBe(true);
    expect(members.some((one) => one.mail !== null && lower(one.mail) !== lower(one.userPrincipalName))).toBe(true);
    const mails = members.flatMap(({ mail }) => lower(mail) ?? []);
    expect(new Set(mails).size).toBeLessThan(mails.length);

    const managerOf = (person?: Person) => inGroup.get(person?.managerId ?? '');
    expect(members.some((one) => one.managerId === one.id)).toBe(true);
    expect(members.some((one) => managerOf(one) !== one && managerOf(managerOf(managerOf(one))) === one)).toBe(true);
    expect(members.some((one) => outsiders.some(({ id }) => id === one.managerId))).toBe(true);
    expect(members.some((one) => contacts.some(({ id }) => id === one.managerId))).toBe(true);
    expect(new Set(others.map(({ type }) => type))).toEqual(new Set(['device', 'orgContact', 'servicePrincipal']));
  });

  it.each([50, 51, 60, 125, 400])('of %s members shows every oddity at least once, whatever the seed', (size) => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const population = populate({ size, seed });
      const missing = Object.entries(oddities).filter(([, isShown]) => !isShown(population));
      expect([seed, missing.map(([oddity]) => oddity)]).toEqual([seed, []]);
    }
  });

  it('has loops of two and three, and nobody in them is their own manager', () => {
    for (let share = 0.01; share < 0.1; share += 0.01) {
      const { members } = populate({ size: 100, seed: 8, proportions: { managing: { loop: share, self: 0 } } });
      const boss = managers(members);
      const inLoop = members.filter((one) => boss(boss(one)) === one || boss(boss(boss(one))) === one);
      expect(inLoop).toHaveLength(Math.max(2, Math.round(share * 100)));
      expect(members.some((one) => boss(one) === one)).toBe(false);
    }
  });

  it('can be plain: everybody can be synced, and everybody but the first has a manager in the group', () => {
    const { members, outsiders, others } = populate({ size: 1_000, seed: 9, awkward: false });
    expect([outsiders, others]).toEqual([[], []]);
    const ids = new Set(members.map(({ id }) => id));
    expect(members.slice(1).every(({ managerId }) => managerId !== null && ids.has(managerId))).toBe(true);
    expect(members.every((one) => one.accountEnabled && one.mail === one.userPrincipalName && one.userType === 'Member')).toBe(true);
    expect(new Set(members.map(({ mail }) => mail)).size).toBe(1_000);
    expect(members.every((one) => /^[\x20-\x7e]+$/.test(one.displayName ?? ''))).toBe(true);
  });

  it('of a hundred thousand is made in a few seconds of processor time', () => {
    const before = process.cpuUsage();
    expect(populate({ size: 100_000, seed: 1 }).members).toHaveLength(100_000);
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(10_000); // ms; 1 to 2 s when the machine is idle
  }, 60_000);
});

describe('accounts made by hand', () => {
  const population = populate({ size: 1_000, seed: 6 });
  const accounts = handMadeAccounts(population, 6);

  it('are the same for the same seed, each with a user name of its own', () => {
    expect(handMadeAccounts(population, 6)).toEqual(accounts);
    expect(new Set(accounts.map(({ userName }) => lower(userName))).size).toBe(accounts.length);
  });

  it('are nobody’s business, or exactly one member’s, or in doubt between two', () => {
    const upns = new Map(population.members.map((person) => [lower(person.userPrincipalName), person.id]));
    const of = (kind: string) => accounts.filter((account) => account.kind === kind);
    expect(of('unrelated')).toHaveLength(20);
    expect(of('unrelated').every(({ userName, email }) => !upns.has(lower(userName)) && !upns.has(lower(email)))).toBe(true);
    expect(of('adoptable')).toHaveLength(30);
    expect(of('adoptable').every(({ userName, memberId }) => upns.get(lower(userName)) === memberId)).toBe(true);
    expect(of('ambiguous')).toHaveLength(10);
    expect(
      of('ambiguous').every(({ userName, email, memberId }) => !upns.has(lower(userName)) && upns.get(lower(email)) === memberId),
    ).toBe(true);
  });

  it('can be counted out', () => {
    expect(handMadeAccounts(population, 1, { unrelated: 0, adoptable: 2, ambiguous: 0 }).map(({ kind }) => kind)).toEqual([
      'adoptable',
      'adoptable',
    ]);
    expect(handMadeAccounts(populate({ size: 0, seed: 1 }), 1)).toEqual([]);
  });
});
