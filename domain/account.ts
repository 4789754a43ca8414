/**
 * Values of an account's fields by name: a core field's (`domain/configuration/configuration.ts`), or `custom.<name>`.
 * Always text; a field without a value is absent, never empty.
 */
export type Fields = Readonly<Record<string, string>>;

/** What the LMS should hold for one person: the outcome of the mapping. */
export interface DesiredAccount {
  userName: string;
  active: boolean;
  /** The directory's immutable object id. */
  externalId: string;
  fields: Fields;
  /** Fields that are written when the account is created and never again. */
  onlyAtCreation: readonly string[];
  /** Fields that keep what the LMS holds where the directory has no value. */
  keptWhenEmpty: readonly string[];
}

/** Whom a manager reference points at; targets differ in which of these they want. */
export interface ManagerReference {
  accountId: string;
  userName: string;
}

/** An account as the target shows it. */
export interface Account {
  /** The target's own id. */
  accountId: string;
  userName: string;
  externalId?: string;
  active: boolean;
  fields: Fields;
  managerAccountId?: string;
}

/** What is to be written to one account that is there. Only what differs. */
export interface AccountChange {
  userName?: string;
  externalId?: string;
  active?: boolean;
  set: Fields;
  clear: readonly string[];
  /** `null` clears it. */
  manager?: ManagerReference | null;
}
