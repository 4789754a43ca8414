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
    if (facts.filter === 'ignored' || facts.filter === 'refused') return this.byWalk(userName, signal);
    const found = await this.byFilter(userName, signal);
    if (!found) return this.byWalk(userName, signal);
    if (found.length > 0 || facts.namesDifferByCase || facts.filterIsExact === false) return found;
    // The filter may tell cases apart where uniqueness doesn't: nobody under this spelling is no proof that the name is free.
    const lower = userName.toLowerCase();
    const others = lower === userName ? [] : ((await this.byFilter(lower, signal)) ?? []);
    if (others.length > 0) return others;
    if (facts.filterIsExact === undefined) await this.probe(signal);
    return facts.filterIsExact ? this.byWalk(userName, signal) : [];
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

  /** Whether the filter tells cases apart, found out with an account that is there. Stays unknown where there is none whose name has a case. */
  async probe(signal: AbortSignal): Promise<void> {
    const { facts } = this.memory;
    if (facts.filter === 'ignored' || facts.filter === 'refused') return;
    const names = (await this.accounts.first(signal)).accounts.map(({ userName }) => userName);
    const sample = names.find((name) => swapped(name) !== name && swapped(name).toLowerCase() === name.toLowerCase());
    if (sample === undefined || ((await this.byFilter(sample, signal)) ?? []).length === 0) return;
    facts.filterIsExact = !((await this.byFilter(swapped(sample), signal)) ?? []).some(({ userName }) => userName === sample);
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
