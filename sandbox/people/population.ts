import { Chance } from '../controls/chance';
import { departments, givenNames, jobTitles, offices, surnames } from './names';
import { holdingOddities, namingOddities, type Surroundings } from './oddities';
import type { OtherMember, Person, Population } from './person';
import { proportions, type SomeProportions } from './proportions';

export interface PopulationOptions {
  /** Direct user members of the group. */
  size: number;
  seed: number;
  /** False: everybody can be synced, and everybody but the first has a manager in the group. Default true. */
  awkward?: boolean;
  proportions?: SomeProportions;
  domain?: string;
}

const directReports = 8;
const days = Array.from({ length: 6_500 }, (_, day) => new Date(Date.UTC(2008, 0, 1 + day)).toISOString().slice(0, 10));
/** The application that the sandbox's directory extensions belong to, without dashes as in their names. */
export const extensionOwner = '5f1c2d3e4b5a46978899aabbccddeeff';

/** The same people for the same options, on every machine; 100,000 in about a second. */
export function populate({ size, seed, awkward = true, proportions: some, domain = 'northwind.example' }: PopulationOptions): Population {
  const population: Population = {
    seed,
    domain,
    onmicrosoft: `${domain.split('.')[0]}.onmicrosoft.com`,
    members: [],
    outsiders: [],
    others: [],
    contacts: [],
  };
  const maker = new PersonMaker(population, seed);
  const { members } = population;
  for (let index = 0; index < size; index++) {
    const person = maker.next();
    // The manager of number 9 is number 1, as in a heap: chains of about log₈(size), and nobody manages a crowd.
    person.managerId = index === 0 ? null : (members[Math.floor((index - 1) / directReports)]?.id ?? null);
    if (index < size / directReports) person.jobTitle = index === 0 ? 'Chief Executive' : `Head of ${person.department}`;
    members.push(person);
  }
  if (awkward) makeAwkward(population, maker, some);
  return population;
}

/** Makes people one after the other; goes on for those who are hired later. */
export class PersonMaker {
  private readonly ids: Chance;
  private readonly traits: Chance;
  private readonly namesTaken = new Map<string, number>();
  private made = 0;

  constructor(
    private readonly tenant: { domain: string; onmicrosoft: string },
    readonly seed: number,
  ) {
    this.ids = new Chance(seed ^ 0x1d);
    this.traits = new Chance(seed);
  }

  id(): string {
    return this.ids.uuid();
  }

  next(): Person {
    const { traits } = this;
    const givenName = traits.pick(givenNames);
    const surname = traits.pick(surnames);
    const department = traits.pick(departments);
    const userPrincipalName = this.uniqueUpn(`${givenName}.${surname}`.toLowerCase(), this.tenant.domain);
    const number = ++this.made;
    const day = days[traits.below(days.length)] as string;
    const level = traits.below(20);
    return {
      id: this.id(),
      userPrincipalName,
      mail: userPrincipalName,
      displayName: `${givenName} ${surname}`,
      givenName,
      surname,
      accountEnabled: true,
      userType: 'Member',
      department,
      jobTitle: traits.pick(jobTitles),
      companyName: 'Northwind',
      ...traits.pick(offices),
      mobilePhone: level < 5 ? `+351 9${String(10_000_000 + number).slice(0, 8)}` : null,
      businessPhones: [],
      employeeId: String(100_000 + number),
      employeeType: level === 0 ? 'Contractor' : 'Employee',
      employeeOrgData: null,
      employeeHireDate: `${day}T00:00:00Z`,
      createdDateTime: `${day}T08:00:00Z`,
      otherMails: [],
      onPremisesImmutableId: null,
      onPremisesExtensionAttributes:
        level < 3 ? { extensionAttribute1: `CC-${4000 + traits.below(80)}`, extensionAttribute7: traits.pick(['full', 'part']) } : null,
      directoryExtensions: level === 7 ? { [`extension_${extensionOwner}_costCentre`]: `K${traits.below(900) + 100}` } : null,
      managerId: null,
    };
  }

  uniqueUpn(localPart: string, domain: string): string {
    const key = `${localPart}@${domain}`.toLowerCase();
    const before = this.namesTaken.get(key) ?? 0;
    this.namesTaken.set(key, before + 1);
    if (before === 0) return `${localPart}@${domain}`;
    // "anna.berg2" might be taken by somebody who was born with it.
    return this.uniqueUpn(localPart.replace(/(#EXT#)?$/, `${before + 1}$1`), domain);
  }
}

function makeAwkward(population: Population, maker: PersonMaker, some?: SomeProportions): void {
  const { members, seed, domain, onmicrosoft } = population;
  const { naming, managing, holding } = proportions(some);
  const chance = new Chance(seed ^ 0x0dd);
  const ordinary = Math.max(1, Math.floor(members.length / directReports));
  const around: Surroundings = {
    chance,
    domain,
    onmicrosoft,
    uniqueUpn: (localPart, at) => maker.uniqueUpn(localPart, at),
    addressOfAnother(person) {
      const from = chance.below(ordinary);
      // Drawn only where it always was, so that the same seeds go on giving the same people.
      const isInCapitals = members[from]?.mail !== null && chance.happens(0.5);
      const mail = keptMail(members, from, (other) => other === person || losers.has(other));
      return isInCapitals ? mail?.toUpperCase() : mail;
    },
  };
  addOthers(population, maker, chance);
  addOrgData(members);
  const named = deal(members, naming, chance);
  const losers = new Set([...(named.get('duplicateMail') ?? []), ...(named.get('serviceAccount') ?? [])]);
  for (const [oddity, people] of named) for (const person of people) namingOddities[oddity](person, around);
  for (const [oddity, people] of deal(members, holding, chance)) for (const person of people) holdingOddities[oddity](person);
  for (const [oddity, people] of deal(members, managing, chance)) {
    if (oddity === 'loop') {
      for (const loop of loopsOf(people))
        for (const [index, person] of loop.entries()) person.managerId = loop[(index + 1) % loop.length]?.id ?? null;
      continue;
    }
    for (const person of people) {
      if (oddity === 'none') person.managerId = null;
      else if (oddity === 'self') person.managerId = person.id;
      else if (oddity === 'outsider') person.managerId = chance.pick(population.outsiders).id;
      else person.managerId = chance.pick(population.contacts).id;
    }
  }
}

/** The address of the first who has one and isn’t out, from there on and round again. */
function keptMail(members: readonly Person[], from: number, isOut: (other: Person) => boolean): string | undefined {
  for (let step = 0; step < members.length; step++) {
    const other = members[(from + step) % members.length] as Person;
    if (other.mail !== null && !isOut(other)) return other.mail;
  }
  return undefined;
}

/** By threes; where that would leave one over the last four go by twos, for whoever is in a loop is not their own manager. */
function loopsOf(people: readonly Person[]): Person[][] {
  const loops: Person[][] = [];
  for (let at = 0; at + 1 < people.length; at += loops.at(-1)?.length ?? 1) {
    const left = people.length - at;
    loops.push(people.slice(at, at + (left === 4 ? 2 : 3)));
  }
  return loops;
}

/** Few companies fill it in for all. By number and not by chance, so that the same seeds go on giving the same people. */
function addOrgData(members: readonly Person[]): void {
  for (let index = 4; index < members.length; index += 20)
    (members[index] as Person).employeeOrgData = { costCenter: `CC-${4000 + (index % 80)}`, division: index % 40 === 4 ? 'Retail' : null };
}

/** Outsiders, contacts, and what else may sit in a group. */
function addOthers(population: Population, maker: PersonMaker, chance: Chance): void {
  const { members, outsiders, others, contacts, domain } = population;
  for (let count = Math.max(3, Math.ceil(members.length / 50)); count > 0; count--) outsiders.push(maker.next());
  const other = (type: OtherMember['type'], displayName: string, mail: string | null = null): OtherMember => ({
    id: maker.id(),
    type,
    displayName,
    mail,
  });
  for (let number = 1; number <= Math.max(1, Math.ceil(members.length / 500)); number++) {
    others.push(
      other('device', `LAPTOP-${chance.hex(6).toUpperCase()}`),
      other('orgContact', `Supplier ${number}`, `contact${number}@supplier.example`),
    );
    contacts.push(other('orgContact', `Partner ${number}`, `partner${number}@partner.example`));
  }
  others.push(other('servicePrincipal', `Deployment pipeline of ${domain}`));
}

/** Deals different people to each oddity, at least one each where there are enough; never the first member, who is everybody's root. */
function deal<Oddity extends string>(members: readonly Person[], shares: Record<Oddity, number>, chance: Chance): Map<Oddity, Person[]> {
  const deck = members.slice(1);
  const dealt = new Map<Oddity, Person[]>();
  let taken = 0;
  for (const [oddity, share] of Object.entries(shares) as [Oddity, number][]) {
    const wanted = share === 0 ? 0 : Math.max(members.length >= 50 ? 1 : 0, Math.round(share * members.length));
    const least = oddity === 'loop' && wanted > 0 ? Math.max(2, wanted) : wanted;
    const people: Person[] = [];
    for (let count = 0; count < least && taken < deck.length; count++, taken++) {
      const other = taken + chance.below(deck.length - taken);
      [deck[taken], deck[other]] = [deck[other] as Person, deck[taken] as Person];
      people.push(deck[taken] as Person);
    }
    dealt.set(oddity, people);
  }
  return dealt;
}
