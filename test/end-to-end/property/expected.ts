import type { Settings } from './settings';
import { standingOf, type Standing } from './standing';
import { held, ownerOf, sameness, type Account, type Person, type Truth } from './truth';

/** Whether an account is Rollcall's own to change. `maybe`: a run that came to no good end may have made it so, or undone it. */
export type Link = 'linked' | 'maybe' | 'none';

/** What the model goes by: the world as it was when a run began. */
export interface Beginning {
  truth: Truth;
  settings: Settings;
  accounts: readonly Account[];
  /** By person. */
  links: ReadonlyMap<string, Link>;
  /** Whom a policy left alone at some time: a later cause with another policy may or may not find them. */
  leftAlone: ReadonlySet<string>;
  /** Persons whose held change was released: it may go on whatever the thresholds say. */
  released: ReadonlySet<string>;
  /** Fields whose mapping was taken away at some time: of what was written before nothing is known, and an empty value clears nothing. */
  forgotten: ReadonlySet<string>;
  /** No two accounts of the LMS may have the same address. */
  uniqueEmails: boolean;
}

/** What must have become of one person's account when a clean run has come to its end. */
export type Expectation =
  /** Exactly as the mapping says. `from`: the account that it must be, where one was there. */
  | { must: 'agree'; person: Person; standing: Standing & { is: 'wanted' }; from?: Account }
  /** Not a letter differs; `from` absent: there is no account. */
  | { must: 'stay'; from?: Account }
  /** Inactive, and otherwise not a letter differs. */
  | { must: 'end'; from: Account }
  /** Active again, and otherwise not a letter differs. */
  | { must: 'return'; from: Account }
  /** The one or the other; several claim a name or an address, say. Nobody is switched off for it. */
  | { must: 'notEnd'; from?: Account }
  | { must: 'stayOrEnd'; from: Account };

export interface Expectations {
  byPerson: Map<string, Expectation>;
  standings: Map<string, Standing>;
  /** Accounts that nobody may write to in this run, whatever becomes of it. */
  untouchable: Set<string>;
  /** Persons who may lose their account in this run. */
  mayEnd: Set<string>;
}

export function expectationsOf(beginning: Beginning): Expectations {
  return new Expecting(beginning).all();
}

class Expecting {
  private readonly standings: Map<string, Standing>;
  private readonly own = new Map<string, Account>();
  private readonly protectedNames: Set<string>;

  constructor(private readonly at: Beginning) {
    const { truth, settings, accounts } = at;
    this.standings = new Map(truth.people.map((person) => [person.id, standingOf(person, truth, settings)]));
    for (const account of accounts) {
      const owner = ownerOf(account);
      if (owner !== undefined) this.own.set(owner, account);
    }
    this.protectedNames = new Set(settings.protectedAccounts.map(sameness));
  }

  all(): Expectations {
    const { truth, accounts } = this.at;
    const isEmptied = !truth.people.some(({ isMember }) => isMember);
    const byPerson = new Map<string, Expectation>();
    const mayEnd = new Set<string>();
    const free = this.whoGetsTheirName();
    for (const person of truth.people) {
      const standing = this.standings.get(person.id) as Standing;
      const from = this.own.get(person.id);
      const expectation = isEmptied ? ({ must: 'stay', from } as const) : this.of(person, standing, from, free);
      byPerson.set(person.id, expectation);
      if (expectation.must === 'end' || expectation.must === 'stayOrEnd') mayEnd.add(person.id);
    }
    if (this.areTooMany(byPerson)) for (const id of mayEnd) if (!this.at.released.has(id)) mayEnd.delete(id);
    // The accounts of whoever is not to be found at all stay as they are.
    for (const [owner, from] of this.own) if (!byPerson.has(owner)) byPerson.set(owner, { must: 'stay', from });
    const touchable = new Set<string>();
    for (const { must, from } of byPerson.values()) if (from && must !== 'stay') touchable.add(from.id);
    const wanted = [...this.standings].filter(([, { is }]) => is === 'wanted');
    const untouchable = accounts.filter((account) => {
      if (this.isProtected(account)) return true;
      if (touchable.has(account.id)) return false;
      return !wanted.some(([id, standing]) => !this.own.has(id) && this.matches(account, standing as Standing & { is: 'wanted' }));
    });
    return { byPerson, standings: this.standings, untouchable: new Set(untouchable.map(({ id }) => id)), mayEnd };
  }

  /** More than five and more than five percent: nobody is switched off before somebody has agreed to it. */
  private areTooMany(byPerson: ReadonlyMap<string, Expectation>): boolean {
    const { settings, released } = this.at;
    const leavers = [...byPerson].filter(([id, { must }]) => must === 'end' && !released.has(id)).length;
    const linked = [...this.own.values()].filter(({ active }) => active === true).length;
    return settings.thresholds === 'usual' && leavers > 5 && leavers * 100 > 5 * linked;
  }

  private of(person: Person, standing: Standing, from: Account | undefined, free: ReadonlySet<string>): Expectation {
    const link = this.at.links.get(person.id) ?? 'none';
    if (from && this.isProtected(from)) return { must: 'stay', from };
    switch (standing.is) {
      case 'faulty':
        return this.withoutValues(from, link);
      case 'excluded':
      case 'nested':
        return { must: 'stay', from };
      case 'gone': {
        if (!from || link === 'none' || from.active !== true) return { must: 'stay', from };
        const policy = this.at.settings.leavers[standing.because];
        if (policy !== 'deactivate') return { must: 'stay', from };
        return link === 'maybe' || this.at.leftAlone.has(person.id) ? { must: 'stayOrEnd', from } : { must: 'end', from };
      }
      case 'wanted': {
        if (this.protectedNames.has(sameness(standing.userName))) return this.withoutValues(from, link);
        if (this.hasRival(person, standing)) return { must: 'notEnd', from };
        if (from) return free.has(person.id) ? { must: 'agree', person, standing, from } : { must: 'notEnd', from };
        const matching = this.at.accounts.filter((account) => this.matches(account, standing));
        const [match] = matching;
        if (matching.length > 1) return { must: 'stay' };
        // Somebody else's: only a name that its owner is about to give up can be had.
        if (match && ownerOf(match) !== undefined)
          return free.has(person.id) && this.at.settings.matching === 'userName' ? { must: 'agree', person, standing } : { must: 'notEnd' };
        if (match && this.isProtected(match)) return { must: 'stay' };
        return free.has(person.id) ? { must: 'agree', person, standing, from: match } : { must: 'notEnd', from: match };
      }
    }
  }

  /** Whoever is back is switched on, though what the directory says of them can't be written. */
  private withoutValues(from: Account | undefined, link: Link): Expectation {
    if (from && from.active !== true && link === 'linked') return { must: 'return', from };
    return from && link === 'maybe' ? { must: 'notEnd', from } : { must: 'stay', from };
  }

  /** Two who yield the same user name or address: who gets it is a matter of order, which the model leaves open. */
  private hasRival(person: Person, standing: Standing & { is: 'wanted' }): boolean {
    const { accounts, settings } = this.at;
    const name = sameness(standing.userName);
    const email = standing.fields.get('email')?.toLowerCase();
    for (const [id, other] of this.standings) {
      if (id === person.id) continue;
      // Whoever is disabled and has an account keeps its name and address.
      const claims =
        other.is === 'wanted'
          ? other
          : other.is === 'gone' && other.because === 'disabled' && this.own.has(id)
            ? this.asIfEnabled(id)
            : undefined;
      if (!claims) continue;
      if (sameness(claims.userName) === name) return true;
      if (email !== undefined && claims.fields.get('email')?.toLowerCase() === email) return true;
    }
    if (!this.at.uniqueEmails || email === undefined || settings.fields.email === undefined) return false;
    return accounts.some((account) => ownerOf(account) !== person.id && held(account, 'email')?.toLowerCase() === email);
  }

  private asIfEnabled(id: string): (Standing & { is: 'wanted' }) | undefined {
    const { truth, settings } = this.at;
    const person = truth.people.find((one) => one.id === id) as Person;
    const standing = standingOf({ ...person, accountEnabled: true }, truth, settings);
    return standing.is === 'wanted' ? standing : undefined;
  }

  /** Whoever has their name already, or can have it: because nobody has it, or because its holder, in turn, gets another one. */
  private whoGetsTheirName(): Set<string> {
    const wanting = new Map<string, string>();
    for (const [id, standing] of this.standings) if (standing.is === 'wanted') wanting.set(id, sameness(standing.userName));
    const free = new Set(wanting.keys());
    const holders = (name: string) => this.at.accounts.filter((account) => sameness(account.userName) === name);
    for (let before = -1; before !== free.size;) {
      before = free.size;
      for (const id of free) {
        const name = wanting.get(id) as string;
        const own = this.own.get(id);
        const inTheWay = holders(name).filter((account) => account !== own && !this.isAdoptable(account, id));
        const givesWay = (account: Account) => {
          const owner = ownerOf(account);
          return (
            owner !== undefined &&
            free.has(owner) &&
            this.at.links.get(owner) === 'linked' &&
            wanting.get(owner) !== name &&
            !this.isProtected(account)
          );
        };
        if (!inTheWay.every(givesWay)) free.delete(id);
      }
    }
    return free;
  }

  private isAdoptable(account: Account, id: string): boolean {
    const standing = this.standings.get(id);
    return ownerOf(account) === undefined && !this.own.has(id) && standing?.is === 'wanted' && this.matches(account, standing);
  }

  private matches(account: Account, standing: Standing & { is: 'wanted' }): boolean {
    if (this.at.settings.matching === 'userName') return sameness(account.userName) === sameness(standing.userName);
    const email = standing.fields.get('email')?.toLowerCase();
    return email !== undefined && held(account, 'email')?.toLowerCase() === email;
  }

  private isProtected({ id, userName }: Account): boolean {
    return this.protectedNames.has(sameness(userName)) || this.at.settings.protectedAccounts.includes(id);
  }
}
