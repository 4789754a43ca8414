import type { Account, DesiredAccount, ManagerReference } from '../../../domain/account';
import { Failure } from '../../../domain/failure';
import { failures } from '../../../domain/failures';
import type { RefusedField, Written } from '../target';
import type { Items } from './items';
import type { LookUp } from './look-up';
import type { Memory } from './memory';
import { fieldsNamed, isUniqueness, refusalOf, saying, type Refusal } from './refusal';
import { aboutOf, dropped, droppedSilently, isNotKept, type About } from './refused-attribute';
import type { Resources } from './resource';
import type { Service } from './service';
import type { Answer } from './transport';
import { Ignored, type Updates } from './updating';

/** Without these few an account is of little use, so that they are tried once more before only the user name is left. */
const essential: ReadonlySet<string> = new Set(['givenName', 'familyName', 'displayName', 'email']);

const none: ReadonlySet<string> = new Set();

interface Creating {
  desired: DesiredAccount;
  manager: ManagerReference | undefined;
  signal: AbortSignal;
  /** Left out of what is sent. */
  without: Set<string>;
  refused: RefusedField[];
  notKept: string[];
  /** Whether the latest request had a formatted name because the server wants one. */
  formatted?: boolean;
  /** Not kept, as far as was known when the latest request was made. */
  unsent: ReadonlySet<string>;
  /** Nobody had the user name before. */
  isFree?: boolean;
}

/** Makes accounts, and compares what the server then shows with what was sent. */
export class Creates {
  constructor(
    private readonly service: Service,
    private readonly memory: Memory,
    private readonly resources: Resources,
    private readonly items: Items,
    private readonly lookUp: LookUp,
    private readonly updates: Updates,
    private readonly isRequired: (field: string) => boolean,
  ) {}

  async create(desired: DesiredAccount, manager: ManagerReference | undefined, signal: AbortSignal): Promise<Written> {
    const creating: Creating = {
      desired,
      manager,
      signal,
      without: new Set(this.memory.facts.managerNotInCreate ? ['manager'] : []),
      refused: [],
      notKept: [],
      unsent: none,
    };
    const answer = await this.post(creating);
    if (answer.status < 300) return this.finish(answer, creating);
    return this.createWithout(refusalOf(answer), creating);
  }

  /** Leaves out what the refusals name, one after the other; where they name nothing, makes the account bare and adds the rest to it. */
  private async createWithout(first: Refusal, creating: Creating): Promise<Written> {
    let refusal = first;
    for (;;) {
      const formatted = await this.withNameFormatted(refusal, creating);
      if (formatted) return this.finish(formatted, creating);
      const [isName] = fieldsNamed(refusal, ['userName', 'externalId']);
      const named = this.suspects(refusal, creating);
      if (named.length === 0 && isName)
        throw new Failure('TargetValueRefused', `${isName}: ${saying(refusal, personalOf(creating), [isName])}`, {
          status: refusal.status,
        });
      // The service itself may be gone, which the look-up would say.
      if (named.length === 0 && refusal.status === 404) await this.lookUp.byUserName(creating.desired.userName, creating.signal);
      if (named.length === 0) return this.createBare(refusal, creating);
      const about = aboutOf(
        refusal,
        named,
        named.flatMap((field) => textOf(field, creating) ?? []),
      );
      for (const field of named) this.leaveOut(field, refusal, about, creating);
      const answer = await this.post(creating);
      if (answer.status < 300) return this.finish(answer, creating);
      refusal = refusalOf(answer);
    }
  }

  /** The fields that are named; where what isn't found goes unnamed, the manager. */
  private suspects(refusal: Refusal, creating: Creating): string[] {
    const sent = this.sent(creating);
    const named = fieldsNamed(refusal, sent);
    return named.length === 0 && refusal.status === 404 ? sent.filter((field) => field === 'manager') : named;
  }

  private leaveOut(field: string, refusal: Refusal, about: About, creating: Creating): void {
    const detail = saying(refusal, personalOf(creating), [field]);
    if (this.isRequired(field)) throw new Failure('TargetValueRefused', `${field}: ${detail}`, { status: refusal.status });
    creating.without.add(field);
    if (isNotKept(about, [field], (one) => textOf(one, creating), this.memory)) {
      this.memory.notKept.add(field);
      creating.notKept.push(field);
    } else creating.refused.push({ field, detail });
  }

  /** One server wants a formatted name of everybody. Tried where it says so, or where it has never let anything through. */
  private async withNameFormatted(refusal: Refusal, creating: Creating): Promise<Answer | undefined> {
    const { facts } = this.memory;
    // Of many who are made at once one finds it out, while the others' requests were under way without.
    const isFoundOut = facts.needsNameFormatted === true && !creating.formatted;
    const isSuspected = /formatted/i.test(refusal.words ?? '') || (refusal.words === undefined && !facts.hasWritten);
    if (!isFoundOut && (facts.needsNameFormatted !== undefined || !isSuspected)) return undefined;
    facts.needsNameFormatted = true;
    const answer = await this.post(creating);
    if (answer.status < 300) return answer;
    if (!isFoundOut) facts.needsNameFormatted = undefined;
    return undefined;
  }

  private async createBare(refusal: Refusal, creating: Creating): Promise<Written> {
    const optional = this.sent(creating).filter((field) => !this.isRequired(field));
    for (const kept of [essential, new Set<string>()]) {
      const left = optional.filter((field) => !kept.has(field));
      if (left.length === 0) continue;
      const bare = { ...creating, without: new Set([...creating.without, ...left]) };
      const answer = await this.post(bare);
      if (answer.status < 300) return this.addTo(await this.finish(answer, bare), left, creating);
    }
    throw new Failure(
      refusal.status === 404 ? 'TargetRefused' : 'TargetValueRefused',
      saying(refusal, personalOf(creating), this.sent(creating)),
      { status: refusal.status },
    );
  }

  private async addTo(made: Written, fields: readonly string[], creating: Creating): Promise<Written> {
    const { desired, manager, signal } = creating;
    const set = Object.fromEntries(
      fields.flatMap((field) => (desired.fields[field] === undefined ? [] : [[field, desired.fields[field]]])),
    );
    const change = { set, clear: [], ...(manager && fields.includes('manager') && { manager }) };
    return afterwards(made, fields, () =>
      this.updates.update(change, { accountId: made.account.accountId, signal, personal: personalOf(creating) }),
    );
  }

  private async post(creating: Creating): Promise<Answer> {
    const { desired, manager, signal, without } = creating;
    const { facts, notKept } = this.memory;
    if (facts.createsUnseen) await this.mustBeFree(creating);
    const unsent = (creating.unsent = notKept.size > 0 ? new Set(notKept) : none);
    const resource = this.resources.from(desired, manager, (field) => !without.has(field) && !unsent.has(field));
    creating.formatted = this.memory.facts.needsNameFormatted === true;
    let answer: Answer;
    try {
      answer = await this.service.write({ method: 'POST', path: '/Users', body: JSON.stringify(resource) }, signal, () =>
        personalOf(creating),
      );
    } catch (error) {
      // One server answers 500 where a name is taken.
      if (error instanceof Failure && error.status === 500 && (await this.isElsewhere(desired, signal).catch(() => false)))
        throw taken(500);
      throw error;
    }
    const { status } = answer;
    if (status < 300) return answer;
    // With what a value refers to, a POST may find nothing of it.
    if ((status === 404 && !facts.hasWritten) || status === 405 || status === 501)
      throw new Failure(status === 404 ? 'TargetNotFound' : 'TargetRefusesWrites', saying(refusalOf(answer)), { status });
    const refusal = refusalOf(answer);
    const clash = isUniqueness(refusal) ? await this.clash(refusal, creating) : undefined;
    if (clash) throw clash;
    return answer;
  }

  /** A clear 409 that names nothing else is about the name. None where it is about a field that the person can be made without. */
  private async clash(refusal: Refusal, creating: Creating): Promise<Failure | undefined> {
    const { status, words = '' } = refusal;
    const isAboutName = /user-?name/i.test(words);
    const isAboutOthers = !isAboutName && (/e-?mail|external/i.test(words) || fieldsNamed(refusal, this.sent(creating)).length > 0);
    if (status === 409 && !isAboutOthers) return taken(status);
    if ((await this.lookUp.byUserName(creating.desired.userName, creating.signal)).length > 0) return taken(status);
    if (!isAboutOthers) return taken(status); // by an account that we may not see
    // Whose address or id it is may well be this very person: no second account is made beside.
    const field = /external/i.test(words) ? 'externalId' : /e-?mail/i.test(words) ? 'email' : undefined;
    if (field === undefined) return undefined;
    return new Failure('TargetValueRefused', `${field}: Another account has the value. ${saying(refusal, personalOf(creating), [field])}`, {
      status,
    });
  }

  /** Where an answer doesn't show who was made, only a name that nobody had tells it from an account that was there. */
  private async mustBeFree(creating: Creating): Promise<void> {
    if ((await this.lookUp.byUserName(creating.desired.userName, creating.signal)).length > 0) throw taken(409);
    creating.isFree = true;
  }

  private async isElsewhere(desired: DesiredAccount, signal: AbortSignal): Promise<boolean> {
    return (await this.lookUp.byUserName(desired.userName, signal)).some(({ externalId }) => !isSameId(externalId, desired.externalId));
  }

  private async finish(answer: Answer, creating: Creating): Promise<Written> {
    const { facts } = this.memory;
    const read = this.service.user(answer);
    if (read) delete facts.createsUnseen;
    let account = read ? this.resources.account(read.resource) : await this.made(answer, creating);
    let differing = this.compare(account, creating);
    if (read && differing.some((field) => !this.memory.isDoubted(field, textOf(field, creating)))) {
      const whole = await this.reread(account, creating);
      if (whole) account = whole;
      differing = this.compare(account, creating);
    }
    // Some answer a name that is taken with whoever has it.
    if (account.externalId !== undefined && !isSameId(account.externalId, creating.desired.externalId)) throw taken(answer.status);
    facts.witness ??= account.accountId;
    const { refused, notKept } = creating;
    const isManagerMissing =
      !this.memory.notKept.has('manager') &&
      (differing.includes('manager') ||
        (facts.managerNotInCreate === true && creating.manager !== undefined && !refused.some(({ field }) => field === 'manager')));
    for (const field of differing) if (field !== 'manager') this.conclude(field, account, creating);
    let written: Written = {
      account: this.items.asSent(account, creating.desired.fields),
      notKept,
      ...(refused.length > 0 && { refused }),
    };
    if (account.active !== creating.desired.active) written = await this.correctActive(written, creating);
    return isManagerMissing && creating.manager ? this.addManager(written, creating.manager, creating) : written;
  }

  /** What the answer left out may be shown by a read. The account is made, whatever becomes of that. */
  private async reread({ accountId }: Account, { signal }: Creating): Promise<Account | undefined> {
    const whole = await this.service.get(accountId, signal).catch((error: unknown) => {
      if (isPersons(error)) return undefined;
      throw error;
    });
    return whole && this.resources.account(whole.resource);
  }

  /** What was sent and is not shown as it was sent. What is shown is remembered as kept. */
  private compare(account: Account, { desired, manager, without, unsent }: Creating): string[] {
    const { kept, notKept } = this.memory;
    const differing: string[] = [];
    for (const field in desired.fields) {
      const text = desired.fields[field];
      if (text === undefined || without.has(field) || unsent.has(field)) continue;
      if (account.fields[field] !== text && !this.items.shows(account, field, text)) differing.push(field);
      else if (!kept.has(field) || notKept.has(field)) this.memory.sawKept([field]);
    }
    if (!isSameId(account.externalId, desired.externalId) && !unsent.has('externalId')) differing.push('externalId');
    if (manager && !without.has('manager') && !unsent.has('manager')) {
      if (account.managerAccountId !== manager.accountId) differing.push('manager');
      else if (notKept.has('manager')) this.memory.sawKept(['manager']);
    }
    return differing;
  }

  private conclude(field: string, account: Account, creating: Creating): void {
    const { refused, notKept } = creating;
    const isAbsent = field === 'externalId' ? account.externalId === undefined : account.fields[field] === undefined;
    if (!isAbsent) refused.push({ field, detail: 'The LMS shows another value than the one that was written.' });
    else if (this.memory.kept.has(field)) refused.push({ field, detail: droppedSilently });
    else {
      const is = dropped(field, textOf(field, creating), this.memory);
      if (is === 'refused') refused.push({ field, detail: droppedSilently });
      if (is !== 'notKept') return;
      this.memory.notKept.add(field);
      notKept.push(field);
    }
  }

  /** Some servers drop a manager that comes with a new account and take the same from a PATCH. */
  private async addManager(made: Written, manager: ManagerReference, creating: Creating): Promise<Written> {
    return afterwards(made, ['manager'], async () => {
      const added = await this.updates.setManager(manager, {
        accountId: made.account.accountId,
        signal: creating.signal,
        personal: personalOf(creating),
      });
      if (added.account.managerAccountId === manager.accountId) this.memory.facts.managerNotInCreate = true;
      return added;
    });
  }

  /** Whether somebody is active is never left to what a server takes for granted; but some switch an account on only once its owner has accepted it. */
  private async correctActive(made: Written, creating: Creating): Promise<Written> {
    const { desired, signal } = creating;
    const { accountId } = made.account;
    return afterwards(made, ['active'], () =>
      this.updates.update({ active: desired.active, set: {}, clear: [] }, { accountId, signal, personal: personalOf(creating) }),
    );
  }

  /** The account behind an answer that doesn't show it: ours by our id, by the address that came with it, or because nobody had the name before. */
  private async made(answer: Answer, creating: Creating): Promise<Account> {
    const { desired, signal, isFree } = creating;
    const { location } = answer.headers;
    const id = typeof location === 'string' ? /\/Users\/([^/?#]+)\/?$/.exec(location)?.[1] : undefined;
    const read = id === undefined ? undefined : await this.service.get(decoded(id), signal);
    const there = read && this.resources.account(read.resource);
    if (there && (answer.status === 201 || there.externalId !== undefined)) return there;
    const found = await this.lookUp.byUserName(desired.userName, signal);
    const ours = found.find(({ externalId }) => isSameId(externalId, desired.externalId));
    if (ours) return ours;
    const [only, another] = found.filter(({ externalId }) => externalId === undefined);
    if (only && !another && isFree) return only;
    // Whoever tries again looks for the account first, and judges whose it may be.
    if (only) this.memory.facts.createsUnseen = true;
    const { status } = answer;
    throw new Failure('TargetUnavailable', `It answered HTTP ${status} without the user, and nothing shows that one was made.`, { status });
  }

  private sent({ desired, manager, without }: Creating): string[] {
    const fields = Object.keys(desired.fields).filter((field) => desired.fields[field] !== undefined);
    return [...fields, ...(manager ? ['manager'] : [])].filter((field) => !without.has(field) && !this.memory.notKept.has(field));
  }
}

function textOf(field: string, { desired, manager }: Creating): string | undefined {
  return field === 'manager' ? manager?.accountId : desired.fields[field];
}

function personalOf({ desired, manager }: Pick<Creating, 'desired' | 'manager'>): string[] {
  return personalValues(desired, manager);
}

export function personalValues(desired: DesiredAccount, manager?: ManagerReference): string[] {
  return [
    desired.userName,
    desired.externalId,
    ...Object.values(desired.fields),
    ...(manager ? [manager.accountId, manager.userName] : []),
  ];
}

/** Whoever is made is to be linked: what is done to the account afterwards costs a field, not the person. It is due in the next run, but for what the LMS decides itself. */
async function afterwards(made: Written, fields: readonly string[], add: () => Promise<Written>): Promise<Written> {
  try {
    return joined(made, await add());
  } catch (error) {
    if (!isPersons(error)) throw error;
    const isDue = !(error instanceof Ignored);
    const refused = fields.map((field) => ({ field, detail: error.message, ...(isDue && { isDue: true as const }) }));
    return joined(made, { account: made.account, notKept: [], refused });
  }
}

function isPersons(error: unknown): error is Failure {
  return error instanceof Failure && failures[error.code].reach === 'person';
}

function joined(made: Written, added: Written): Written {
  const refused = [...(made.refused ?? []), ...(added.refused ?? [])];
  return { account: added.account, notKept: [...made.notKept, ...added.notKept], ...(refused.length > 0 && { refused }) };
}

/** Object ids are GUIDs, which some servers write in capitals. */
function isSameId(one: string | undefined, other: string): boolean {
  return one === other || one?.toLowerCase() === other.toLowerCase();
}

function taken(status: number): Failure {
  return new Failure('TargetUserNameTaken', undefined, { status });
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
