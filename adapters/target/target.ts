import type { FailureCode } from '../../domain/failures';
import type { Account, AccountChange, DesiredAccount, ManagerReference } from '../../domain/account';

export interface Written {
  /** As the target shows it afterwards. Its id may be another one than before: some servers make it of the user name. */
  account: Account;
  /** Fields that were sent and that the answer shows not to be kept; reported once per customer, then left out. `externalId` and `manager` count as fields. */
  notKept: string[];
  /** Values that the server refused; the account was written without them. Absent where there are none. */
  refused?: RefusedField[];
}

export interface RefusedField {
  field: string;
  /** The server's words, shortened and without personal values. */
  detail: string;
  /** What it is where it isn't `TargetValueRefused`. */
  code?: FailureCode;
  /** To be tried again in each run, for the person isn't as they should be without it. `userName` and `active` are then what `account` shows. */
  isDue?: true;
}

/** What was found out about a server and is worth remembering per customer; each kind of target has its own keys. Plain JSON. */
export type TargetMemory = Readonly<Record<string, unknown>>;

export interface AccountPage {
  accounts: Account[];
  /** All accounts, where the target says so. */
  total?: number;
}

/** One customer's LMS. Throws `Failure`s of domain/failures.ts and nothing else, an aborted `signal` excepted; retrying is the caller's. */
export interface Target {
  /** Reads what the server says of itself, and proves that the credential is accepted. */
  discover(signal: AbortSignal): Promise<{ findings: string[] }>;
  /** Asks for a write that can change nobody. Whether the answer tells that the credential may write; throws `TargetRefusesWrites` where it may not. */
  tryWriting(signal: AbortSignal): Promise<boolean>;
  /** Asks for something that is about nobody in particular; throws where the LMS is out. */
  answers(signal: AbortSignal): Promise<void>;
  /** Every account, page by page, each once. */
  accounts(signal: AbortSignal): AsyncIterable<AccountPage>;
  /** Accounts whose user name equals by the target's own rules; each row that comes back was checked. */
  findByUserName(userName: string, signal: AbortSignal): Promise<Account[]>;
  /** Accounts with this `externalId`, as far as the target can be asked for it; each row that comes back was checked. */
  findByExternalId(externalId: string, signal: AbortSignal): Promise<Account[]>;
  get(accountId: string, signal: AbortSignal): Promise<Account | undefined>;
  /**
   * Throws `TargetUserNameTaken` when it is, and `TargetValueRefused` where the person can't be made even without what isn't required.
   * After `TargetUnavailable` the account may be there all the same: look for it before a second try.
   */
  create(desired: DesiredAccount, manager: ManagerReference | undefined, signal: AbortSignal): Promise<Written>;
  /** `whole` is what the account should hold in all, for servers that only take it whole. Throws `TargetAccountMissing` when the account is gone. */
  update(
    accountId: string,
    change: AccountChange,
    whole: { desired: DesiredAccount; manager?: ManagerReference },
    signal: AbortSignal,
  ): Promise<Written>;
  /** The form in which two user names are the same to this target: for SCIM trimmed NFC lower case, unless the server was found to tell cases apart. */
  userNameKey(userName: string): string;
  /**
   * False where accounts were seen that share a name: whoever is created twice is there twice, and nothing says so. Until then the protocol's word counts
   * (RFC 7643, 4.1.1: a user name MUST be unique).
   */
  keepsNamesUnique(): boolean;
  /** Whether the fields that `notKept` named are still worth sending. */
  keeps(field: string): boolean;
  /** Those that are not, by what is known so far. */
  notKept(): string[];
  /** Whether two texts of a field are one value to the target, such as `01.50` and `1.5` of a number. */
  isSameValue(field: string, one: string, other: string): boolean;
  /** What was found out so far; the caller stores it and hands it over next time. */
  memory(): TargetMemory;
  close(): Promise<void>;
}
