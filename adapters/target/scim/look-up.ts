import type { Account } from '../../../domain/account';
import { userNameKeyOf } from '../../../domain/mapping/user-name-key';
import type { Accounts } from './listing';
import type { Memory } from './memory';

/** Finds accounts by their user names, by a filter where the server follows it and by walking everybody where not. */
export class LookUp {
  private nextWalk: { asked: Set<string>; found: Promise<Map<string, Account[]>> } | undefined;
  private lastWalk: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly accounts: Accounts,
    private readonly memory: Memory,
  ) {}

  /** The form in which two names are the same here. */
  key(userName: string): string {
    return this.memory.facts.namesDifferByCase ? userName.trim().normalize('NFC') : userNameKeyOf(userName);
  }

  async byUserName(userName: string, signal: AbortSignal): Promise<Account[]> {
    const { facts } = this.memory;
    if (this.mustWalk()) return this.byWalk(userName, signal);
    const found = await this.byFilter(userName, signal);
    if (!found) return this.byWalk(userName, signal);
    if (found.length > 0) return found;
    if (facts.filter === undefined || (facts.filterIsExact === undefined && !facts.namesDifferByCase)) await this.probe(signal);
    if (this.mustWalk()) return this.byWalk(userName, signal);
    // The filter may tell cases apart where uniqueness doesn't: nobody under this spelling is no proof that the name is free.
    return facts.filterIsExact && !facts.namesDifferByCase ? this.byWalk(userName, signal) : [];
  }

  private mustWalk(): boolean {
    const { filter } = this.memory.facts;
    return filter === 'ignored' || filter === 'refused';
  }

  /** Undefined where the server doesn't follow the filter, which every row shows. */
  private async byFilter(userName: string, signal: AbortSignal): Promise<Account[] | undefined> {
    const { facts } = this.memory;
    const rows = await this.accounts.filtered(`userName eq ${JSON.stringify(userName)}`, signal);
    if (!rows) {
      facts.filter = 'refused';
      return undefined;
    }
    const key = this.key(userName);
    const found = rows.filter((account) => this.key(account.userName) === key);
    if (found.length < rows.length) {
      facts.filter = 'ignored';
      return undefined;
    }
    if (found.length > 0) facts.filter = 'works';
    return found;
  }

  /**
   * Whether the filter works and tells cases apart, found out with an account that is there. Unknown where nobody is there; the latter also where no name
   * has a case.
   */
  async probe(signal: AbortSignal): Promise<void> {
    const { facts } = this.memory;
    const names = (await this.accounts.first(signal)).accounts.map(({ userName }) => userName).filter(Boolean);
    const cased = names.find((name) => swapped(name) !== name && swapped(name).toLowerCase() === name.toLowerCase());
    const sample = cased ?? names[0];
    const found = sample === undefined ? undefined : await this.byFilter(sample, signal);
    if (!found) return;
    if (found.length === 0)
      facts.filter = 'refused'; // without a word: it doesn't find whoever is there
    else if (cased !== undefined)
      facts.filterIsExact = !((await this.byFilter(swapped(cased), signal)) ?? []).some(({ userName }) => userName === cased);
  }

  /** One walk serves all who asked before it began; it begins after the one before it, so that it shows what was written in between. */
  private async byWalk(userName: string, signal: AbortSignal): Promise<Account[]> {
    const key = this.key(userName);
    const next = (this.nextWalk ??= this.startWalk(signal));
    next.asked.add(key);
    return (await next.found).get(key) ?? [];
  }

  private startWalk(signal: AbortSignal): { asked: Set<string>; found: Promise<Map<string, Account[]>> } {
    const asked = new Set<string>();
    const found = this.lastWalk.then(() => {
      this.nextWalk = undefined;
      return this.walk(asked, signal);
    });
    this.lastWalk = found.catch(() => undefined);
    return { asked, found };
  }

  private async walk(asked: ReadonlySet<string>, signal: AbortSignal): Promise<Map<string, Account[]>> {
    const found = new Map<string, Account[]>();
    for await (const { accounts } of this.accounts.pages(signal)) {
      for (const account of accounts) {
        const key = this.key(account.userName);
        if (asked.has(key)) found.set(key, [...(found.get(key) ?? []), account]);
      }
    }
    return found;
  }
}

function swapped(name: string): string {
  return name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
}
