import { handMadeAccounts } from '../../../sandbox/people/hand-made';
import type { Person } from '../../../sandbox/people/person';
import { populate } from '../../../sandbox/people/population';

const lower = (text: string | null) => text?.toLowerCase();
const share = (people: Person[], odd: (person: Person) => boolean) => people.filter(odd).length / people.length;

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

  it('shows every oddity at least once from fifty members on', () => {
    const { members } = populate({ size: 60, seed: 3 });
    expect(members.some((one) => one.surname === null)).toBe(true);
    expect(members.some((one) => one.managerId === one.id)).toBe(true);
    expect(members.some((one) => one.userType === 'Guest')).toBe(true);
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
