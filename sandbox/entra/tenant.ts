import type { OtherMember, Person } from '../people/person';
import { PersonMaker, populate, type PopulationOptions } from '../people/population';
import { Refused } from '../controls/refused';
import { SortedIds } from './sorted-ids';

/** A person as the tenant keeps them. `version` rises with every change, so that ready-made JSON can be told from stale. */
export interface Entry {
  person: Person;
  version: number;
}

export interface Group {
  id: string;
  displayName: string;
  visibility: 'Private' | 'Public' | 'HiddenMembership';
  membershipRule: string | null;
  /** Direct members of every kind: users, contacts, devices, service principals, groups. */
  members: SortedIds;
}

export interface DeletedPerson {
  entry: Entry;
  deletedDateTime: string;
  /** The user name before; in the bin it is `<32 hex digits><user name>`. */
  userPrincipalName: string;
  /** The groups that restoring brings back. */
  groups: string[];
}

/** One directory's people and groups, and the only place where they change. */
export class Tenant {
  readonly people = new Map<string, Entry>();
  readonly others = new Map<string, OtherMember>();
  readonly groups = new Map<string, Group>();
  readonly deleted = new Map<string, DeletedPerson>();
  private readonly byUpn = new Map<string, string>();
  private readonly reports = new Map<string, Set<string>>();
  /** Rises whenever who is in which group changes. */
  membershipVersion = 0;
  maker: PersonMaker;
  options: PopulationOptions;
  domain = '';
  onmicrosoft = '';
  contacts: OtherMember[] = [];

  constructor(
    options: PopulationOptions,
    readonly groupId: string,
  ) {
    this.options = options;
    this.maker = new PersonMaker({ domain: '', onmicrosoft: '' }, options.seed);
    this.reset(options);
  }

  /** Everybody goes, other people come; the synced group keeps its id. */
  reset(options: PopulationOptions): void {
    for (const map of [this.people, this.others, this.groups, this.deleted, this.byUpn, this.reports]) map.clear();
    this.options = options;
    const population = populate(options);
    this.domain = population.domain;
    this.onmicrosoft = population.onmicrosoft;
    this.contacts = population.contacts;
    // Those hired later come from a seed of their own; user names that are taken get a number.
    this.maker = new PersonMaker({ domain: population.domain, onmicrosoft: population.onmicrosoft }, options.seed + 0x5eed);
    for (const person of [...population.members, ...population.outsiders]) this.add(person);
    for (const other of [...population.others, ...population.contacts]) this.others.set(other.id, other);
    const members = [...population.members, ...population.others].map(({ id }) => id);
    this.addGroup({
      id: this.groupId,
      displayName: 'LMS users',
      visibility: 'Private',
      membershipRule: null,
      members: new SortedIds(members),
    });
    if (options.awkward !== false) this.addOtherGroups(members);
    this.membershipVersion++;
  }

  /** Groups that nobody syncs, so that a person's groups are more than one and need pages. */
  private addOtherGroups(members: readonly string[]): void {
    const group = (displayName: string, some: readonly string[], membershipRule: string | null = null) =>
      this.addGroup({ id: this.maker.id(), displayName, visibility: 'Private', membershipRule, members: new SortedIds(some) });
    group('Everybody', members, 'user.userType -eq "Member"');
    group(
      'Parking',
      members.filter((_, index) => index % 3 === 0),
    );
  }

  get group(): Group {
    return this.groups.get(this.groupId) as Group;
  }

  addGroup(group: Group): Group {
    this.groups.set(group.id, group);
    return group;
  }

  add(person: Person): Entry {
    const entry: Entry = { person, version: 1 };
    this.people.set(person.id, entry);
    this.byUpn.set(person.userPrincipalName.toLowerCase(), person.id);
    this.manage(person.id, person.managerId);
    return entry;
  }

  /** Somebody alive, by id or user name (in any letter case). */
  find(idOrUpn: string): Entry | undefined {
    return (
      this.people.get(idOrUpn) ?? this.people.get(idOrUpn.toLowerCase()) ?? this.people.get(this.byUpn.get(idOrUpn.toLowerCase()) ?? '')
    );
  }

  need(idOrUpn: string): Entry {
    const entry = this.find(idOrUpn);
    if (!entry) throw new Refused([`nobody is called ${idOrUpn}${this.deleted.has(idOrUpn) ? '; deleted, restore first' : ''}`]);
    return entry;
  }

  /** Changes properties; a user name that somebody else holds is refused, as Entra refuses it. */
  change(entry: Entry, properties: Partial<Person>): void {
    const { person } = entry;
    const { userPrincipalName: upn, managerId } = properties;
    if (upn !== undefined && upn !== person.userPrincipalName) {
      const holder = this.byUpn.get(upn.toLowerCase());
      if (holder !== undefined && holder !== person.id) throw new Refused([`${upn} is held by ${holder}`]);
      this.byUpn.delete(person.userPrincipalName.toLowerCase());
      this.byUpn.set(upn.toLowerCase(), person.id);
    }
    if (managerId !== undefined) this.manage(person.id, managerId, person.managerId);
    Object.assign(person, properties);
    entry.version++;
  }

  /** Two people exchange user name and mail at once, which no sequence of single changes could do. */
  swapNames(one: Entry, other: Entry): void {
    const [first, second] = [one.person, other.person];
    [first.userPrincipalName, second.userPrincipalName] = [second.userPrincipalName, first.userPrincipalName];
    [first.mail, second.mail] = [second.mail, first.mail];
    for (const entry of [one, other]) {
      this.byUpn.set(entry.person.userPrincipalName.toLowerCase(), entry.person.id);
      entry.version++;
    }
  }

  isTaken(userPrincipalName: string): boolean {
    return this.byUpn.has(userPrincipalName.toLowerCase());
  }

  join(id: string, groupId = this.groupId): boolean {
    this.membershipVersion++;
    return this.groups.get(groupId)?.members.add(id) ?? false;
  }

  leave(id: string, groupId = this.groupId): boolean {
    this.membershipVersion++;
    return this.groups.get(groupId)?.members.delete(id) ?? false;
  }

  /** Into the bin: out of all groups and of `/users`, under a user name that frees the old one. */
  softDelete(entry: Entry, deletedDateTime: string): void {
    const { person } = entry;
    const groups = [...this.groups.values()].filter(({ members }) => members.has(person.id)).map(({ id }) => id);
    for (const groupId of groups) this.leave(person.id, groupId);
    this.people.delete(person.id);
    this.byUpn.delete(person.userPrincipalName.toLowerCase());
    this.deleted.set(person.id, { entry, deletedDateTime, userPrincipalName: person.userPrincipalName, groups });
    person.userPrincipalName = `${person.id.replaceAll('-', '')}${person.userPrincipalName}`;
    entry.version++;
  }

  restore(id: string, userPrincipalName?: string): Entry {
    const gone = this.deleted.get(id);
    if (!gone) throw new Refused([`${id} is not among the deleted`]);
    const upn = userPrincipalName ?? gone.userPrincipalName;
    if (this.isTaken(upn)) throw new Refused([`${upn} is held by somebody else; restore under another userPrincipalName`]);
    this.deleted.delete(id);
    gone.entry.person.userPrincipalName = upn;
    gone.entry.version++;
    this.people.set(id, gone.entry);
    this.byUpn.set(upn.toLowerCase(), id);
    for (const groupId of gone.groups) this.join(id, groupId);
    return gone.entry;
  }

  reportsOf(id: string): ReadonlySet<string> {
    return this.reports.get(id) ?? new Set();
  }

  /** Everybody reached through nested groups as well, sorted. */
  transitive(group: Group, seen = new Set<string>()): string[] {
    if (seen.has(group.id)) return [];
    seen.add(group.id);
    const reached = new Set<string>();
    for (const id of group.members.all()) {
      reached.add(id);
      const nested = this.groups.get(id);
      if (nested) for (const deeper of this.transitive(nested, seen)) reached.add(deeper);
    }
    return [...reached].sort();
  }

  /** The groups that hold an object, directly or also through others. */
  groupsOf(id: string, transitive: boolean, found = new Set<Group>()): Set<Group> {
    for (const group of this.groups.values()) {
      if (found.has(group) || !group.members.has(id)) continue;
      found.add(group);
      if (transitive) this.groupsOf(group.id, true, found);
    }
    return found;
  }

  private manage(id: string, managerId: string | null, before?: string | null): void {
    if (before) this.reports.get(before)?.delete(id);
    if (!managerId) return;
    const reports = this.reports.get(managerId) ?? new Set();
    this.reports.set(managerId, reports.add(id));
  }
}
