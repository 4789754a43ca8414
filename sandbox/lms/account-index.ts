import type { Account } from './account';

/** Accounts by a key that is usually, but not always, one account's alone. */
export class AccountIndex {
  private readonly found = new Map<string, Account | Account[]>();

  get(key: string): readonly Account[] {
    const found = this.found.get(key);
    return found === undefined ? [] : Array.isArray(found) ? found : [found];
  }

  /** Whether anybody but `self` has the key. */
  isTaken(key: string, self?: Account): boolean {
    const found = this.found.get(key);
    if (found === undefined || found === self) return false;
    return Array.isArray(found) ? found.some((account) => account !== self) : true;
  }

  add(key: string, account: Account): void {
    const found = this.found.get(key);
    if (found === undefined) this.found.set(key, account);
    else if (Array.isArray(found)) found.push(account);
    else this.found.set(key, [found, account]);
  }

  remove(key: string, account: Account): void {
    const found = this.found.get(key);
    if (found === account) return void this.found.delete(key);
    if (!Array.isArray(found)) return;
    const rest = found.filter((other) => other !== account);
    this.found.set(key, rest.length === 1 ? (rest[0] as Account) : rest);
  }

  clear(): void {
    this.found.clear();
  }
}
