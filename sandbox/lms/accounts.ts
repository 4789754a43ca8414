import { randomUUID } from 'node:crypto';
import { addresses, isSame, makeAccount, type Account } from './account';
import { AccountIndex } from './account-index';
import { Journal, type JournalEntry } from './journal';
import type { KeptAccounts } from './kept-accounts';
import { ScimError, type UserAttributes } from './scim';

/** When two accounts clash. */
export interface Rules {
  trimsUserNames: boolean;
  caseSensitiveUserNames: boolean;
  allowsDuplicateUserNames: boolean;
  uniqueEmails: boolean;
  uniqueExternalIds: boolean;
  idEqualsUserName: boolean;
}

export interface AccountsOptions {
  /** Of the server, such as `http://127.0.0.1:4001/scim/v2`. */
  baseUrl: string;
  rules?: Partial<Rules>;
  kept?: KeptAccounts;
}

export const usualRules: Rules = {
  trimsUserNames: false,
  caseSensitiveUserNames: false,
  allowsDuplicateUserNames: false,
  uniqueEmails: false,
  uniqueExternalIds: false,
  idEqualsUserName: false,
};

type By = JournalEntry['by'];

/** All accounts of one LMS, in the order in which they were made. Every change takes effect at once and whole. */
export class Accounts {
  readonly journal = new Journal();
  /** By whichever way. The sync never deletes, and tests say so. */
  deletions = 0;
  private rules: Rules;
  private list: Account[] = [];
  private readonly byId = new Map<string, Account>();
  private readonly userNames = new AccountIndex();
  private readonly externalIds = new AccountIndex();
  private readonly mails = new AccountIndex();

  constructor(private readonly options: AccountsOptions) {
    this.rules = { ...usualRules, ...options.rules };
    for (const { id, meta, ...attributes } of options.kept?.load() ?? []) {
      const version = Number(/\d+/.exec(meta.version)?.[0] ?? 1);
      this.enter(this.made(id, attributes, JSON.stringify(attributes), meta.created, meta.lastModified, version));
    }
  }

  get size(): number {
    return this.list.length;
  }

  get(id: string): Account | undefined {
    return this.byId.get(id);
  }

  all(): readonly Account[] {
    return this.list;
  }

  /** `count` accounts from the one at `from` (0 is the first). */
  page(from: number, count: number): readonly Account[] {
    return this.list.slice(from, from + count);
  }

  withUserName(userName: string): readonly Account[] {
    return this.userNames.get(this.nameKey(userName));
  }

  withExternalId(externalId: string): readonly Account[] {
    return this.externalIds.get(externalId);
  }

  withEmail(email: string): readonly Account[] {
    return this.mails.get(email.toLowerCase());
  }

  /** Throws `ScimError` 409 where the name is taken. */
  create(attributes: UserAttributes, by: By): Account {
    const at = new Date().toISOString();
    if (this.rules.trimsUserNames) attributes = { ...attributes, userName: attributes.userName.trim() };
    const { userName } = attributes;
    this.refuseClash(attributes);
    const account = this.made(this.rules.idEqualsUserName ? userName : randomUUID(), attributes, JSON.stringify(attributes), at, at, 1);
    if (this.byId.has(account.id)) throw taken('id', account.id);
    this.enter(account);
    this.options.kept?.put(account.json);
    this.journal.add({ did: 'create', by, id: account.id, userName, active: account.active }, at);
    return account;
  }

  /** Puts new attributes in the place of all old ones. Nothing changes, not even the version, where they are the same. */
  write(account: Account, attributes: UserAttributes, by: By): Account {
    const at = new Date().toISOString();
    if (this.rules.trimsUserNames) attributes = { ...attributes, userName: attributes.userName.trim() };
    const { userName } = attributes;
    const before = { id: account.id, userName: account.userName, active: account.active };
    const text = JSON.stringify(attributes);
    if (isSame(account, text)) {
      this.journal.add({ did: 'update', by, ...before, unchanged: true }, at);
      return account;
    }
    this.refuseClash(attributes, account);
    const id = this.rules.idEqualsUserName ? userName : account.id;
    if (id !== account.id && this.byId.has(id)) throw taken('id', id);
    this.leaveIndexes(account);
    Object.assign(account, this.made(id, attributes, text, account.created, at, account.version + 1));
    this.enterIndexes(account);
    if (id !== before.id) this.options.kept?.remove(before.id);
    this.options.kept?.put(account.json);
    const after = { id, userName, active: account.active };
    this.journal.add({ did: 'update', by, ...after, was: differing(before, after) }, at);
    return account;
  }

  delete(account: Account, by: By): void {
    this.deletions++;
    this.leaveIndexes(account);
    this.list.splice(this.list.indexOf(account), 1);
    this.options.kept?.remove(account.id);
    this.journal.add({ did: 'delete', by, id: account.id, userName: account.userName, active: account.active }, new Date().toISOString());
  }

  clear(): void {
    this.list = [];
    for (const index of [this.byId, this.userNames, this.externalIds, this.mails]) index.clear();
    this.deletions = 0;
    this.options.kept?.clear();
  }

  /** Other rules from now on; clashes among the accounts that are there stay. */
  follow(rules: Rules): void {
    this.rules = rules;
    this.userNames.clear();
    for (const account of this.list) this.userNames.add(this.nameKey(account.userName), account);
  }

  private refuseClash({ userName, externalId, emails }: UserAttributes, self?: Account): void {
    const { rules } = this;
    if (!rules.allowsDuplicateUserNames && this.userNames.isTaken(this.nameKey(userName), self)) throw taken('userName', userName);
    if (rules.uniqueExternalIds && externalId !== undefined && this.externalIds.isTaken(externalId, self))
      throw taken('externalId', externalId);
    if (!rules.uniqueEmails) return;
    for (const email of addresses(emails)) if (this.mails.isTaken(email, self)) throw taken('emails', email);
  }

  private nameKey(userName: string): string {
    const name = this.rules.trimsUserNames ? userName.trim() : userName;
    return this.rules.caseSensitiveUserNames ? name : name.toLowerCase();
  }

  private made(id: string, attributes: UserAttributes, text: string, created: string, lastModified: string, version: number): Account {
    const location = `${this.options.baseUrl}/Users/${encodeURIComponent(id)}`;
    return makeAccount({ id, attributes, text, created, lastModified, location, version });
  }

  private enter(account: Account): void {
    this.list.push(account);
    this.enterIndexes(account);
  }

  private enterIndexes(account: Account): void {
    this.byId.set(account.id, account);
    this.userNames.add(this.nameKey(account.userName), account);
    if (account.externalId !== undefined) this.externalIds.add(account.externalId, account);
    for (const email of account.emails) this.mails.add(email, account);
  }

  private leaveIndexes(account: Account): void {
    this.byId.delete(account.id);
    this.userNames.remove(this.nameKey(account.userName), account);
    if (account.externalId !== undefined) this.externalIds.remove(account.externalId, account);
    for (const email of account.emails) this.mails.remove(email, account);
  }
}

function differing<T extends object>(before: T, after: T): Partial<T> | undefined {
  const entries = (Object.keys(before) as (keyof T)[]).filter((key) => before[key] !== after[key]).map((key) => [key, before[key]]);
  return entries.length > 0 ? (Object.fromEntries(entries) as Partial<T>) : undefined;
}

function taken(attribute: string, value: string): ScimError {
  return new ScimError(409, 'uniqueness', `Another account has the ${attribute} '${value}'`);
}
