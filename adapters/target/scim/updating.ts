import type { Account, AccountChange, ManagerReference } from '../../../domain/account';
import { Failure } from '../../../domain/failure';
import type { RefusedField, Written } from '../target';
import type { Item, Items, ManagerForm } from './items';
import type { Memory } from './memory';
import { fieldsNamed, isNowhere, isUniqueness, saying, type Refusal } from './refusal';
import { aboutOf, dropped, droppedSilently, isNotKept } from './refused-attribute';
import type { Sender, Sending, Shown } from './sending';

/** Answered as if it were done. */
export class Ignored extends Failure {
  constructor(field: string) {
    super('TargetRefused', `It answered as if it had changed ${field}, and did not.`);
  }
}

/** Of a write that is under way: what became of the fields that could not be written. */
class Outcome {
  readonly refused: RefusedField[] = [];
  readonly notKept: string[] = [];
  readonly left = new Set<Item>();
  shown: Shown | undefined;
  /** Whether the account shows any of it. */
  isMade = false;
  /** Of what the person can't do without: theirs, unless something is made. */
  failure: Failure | undefined;
  /** Goes with whatever is sent, for the account has no formatted name and the server wants one. */
  formatted: Item | undefined;

  constructor(private readonly change: AccountChange) {}

  textOf(field: string): string | undefined {
    const { set, externalId, manager } = this.change;
    return field === 'manager' ? manager?.accountId : field === 'externalId' ? externalId : set[field];
  }

  written(account: Account): Written {
    return { account, notKept: this.notKept, ...(this.refused.length > 0 && { refused: this.refused }) };
  }
}

/**
 * Changes accounts, and believes in a change only when the account shows it. What a server refuses is written without, what it doesn't take by
 * PATCH is written by PUT, and what it doesn't keep either way is remembered.
 */
export class Updates {
  /** While one write finds out in which form the server takes a manager, the others wait for it, so as not to find out each for itself. */
  private trial: Promise<unknown> | undefined;

  constructor(
    private readonly sender: Sender,
    private readonly memory: Memory,
    private readonly items: Items,
    private readonly isRequired: (field: string) => boolean,
  ) {}

  async update(change: AccountChange, sending: Sending): Promise<Written> {
    if (this.mustTry(change) && this.trial) await this.trial;
    const written = this.make(change, sending);
    if (this.mustTry(change)) {
      const trial = written.catch(() => undefined);
      this.trial = trial;
      void trial.then(() => {
        if (this.trial === trial) this.trial = undefined;
      });
    }
    return written;
  }

  /** Whether a manager is to be set, and in which form is not known yet. */
  private mustTry({ manager }: AccountChange): boolean {
    const { notKept, facts, putOnly } = this.memory;
    return (
      manager !== undefined &&
      manager !== null &&
      !notKept.has('manager') &&
      facts.managerForm === undefined &&
      !facts.patchRefused &&
      !putOnly.has('manager')
    );
  }

  private async make(change: AccountChange, sending: Sending): Promise<Written> {
    const outcome = new Outcome(change);
    const items = this.items.of(change);
    const manager = this.memory.notKept.has('manager') ? undefined : change.manager;
    const isTried = this.mustTry(change);
    if (manager !== undefined && !isTried)
      items.push(this.items.manager(manager, this.memory.facts.managerForm === 'value' ? 'value' : 'object'));
    await this.write(items, outcome, sending);
    if (isTried) await this.tryManager(manager as ManagerReference, outcome, sending);
    if (outcome.failure && !outcome.isMade) throw outcome.failure;
    const account = outcome.shown?.account ?? (await this.sender.read(sending));
    return outcome.written(this.items.asSent(account, change.set));
  }

  /** Sets the manager of an account in whichever form the server takes. */
  async setManager(manager: ManagerReference, sending: Sending): Promise<Written> {
    return this.update({ set: {}, clear: [], manager }, sending);
  }

  private async write(items: Item[], outcome: Outcome, sending: Sending): Promise<void> {
    await this.apply(items, 'patch', outcome, sending);
    const made = () => items.filter((item) => !outcome.left.has(item));
    let missing = await this.missing(made(), outcome, sending);
    this.learn(
      made().filter((item) => !missing.includes(item)),
      outcome,
    );
    const isPatched = ({ fields }: Item) => fields.every((field) => this.memory.patched.has(field));
    const isKnown = ({ fields }: Item) => fields.every((field) => this.memory.isDoubted(field, outcome.textOf(field)));
    // One server takes what is set by PATCH, and answers to `remove` as if it had.
    const untried = outcome.shown?.viaPut ? [] : missing.filter((item) => item.clears || !(isPatched(item) || isKnown(item)));
    if (untried.length > 0) {
      await this.apply(untried, 'put', outcome, sending);
      const still = await this.missing(untried, outcome, sending);
      for (const item of untried)
        if (!still.includes(item) && !outcome.left.has(item) && !isPatched(item))
          item.fields.forEach((field) => this.memory.putOnly.add(field));
      missing = missing.filter((item) => !untried.includes(item) || still.includes(item));
    }
    outcome.isMade = made().some((item) => item.fields.length > 0 && !missing.includes(item));
    for (const item of missing) if (!outcome.left.has(item)) this.conclude(item, outcome);
  }

  /** Sends the items together; where they are refused, finds out which of them are, and makes the others. */
  private async apply(items: readonly Item[], by: 'patch' | 'put', outcome: Outcome, sending: Sending): Promise<void> {
    if (items.length === 0) return;
    const result = await this.send(outcome.formatted ? [...items, outcome.formatted] : items, by, outcome, sending);
    if ('account' in result) {
      outcome.shown = result;
      sending.accountId = result.account.accountId || sending.accountId; // one server's ids are its user names
      if (outcome.formatted) this.memory.facts.needsNameFormatted = true;
      return;
    }
    if (result.told !== undefined) return items.forEach((item) => this.leave(item, result, outcome, sending));
    if (!outcome.formatted && !isNowhere(result) && this.wantsFormatted(result) && items.every(({ fields }) => fields.length > 0)) {
      outcome.formatted = this.items.formatted();
      return this.apply(items, by, outcome, sending);
    }
    const [first, ...others] = items;
    if (first && others.length === 0) return this.refuse(first, result, by, outcome, sending);
    const named = new Set(
      fieldsNamed(
        result,
        items.flatMap(({ fields }) => fields),
      ),
    );
    const suspects = items.filter(({ fields }) => !fields.includes('active') && fields.some((field) => named.has(field)));
    const parts =
      suspects.length > 0 && suspects.length < items.length
        ? [items.filter((item) => !suspects.includes(item)), ...suspects.map((item) => [item])]
        : halves(items);
    for (const part of parts) await this.apply(part, by, outcome, sending);
  }

  /** Once a part is made, what the rest is refused for is the rest's alone. */
  private async send(items: readonly Item[], by: 'patch' | 'put', outcome: Outcome, sending: Sending): Promise<Shown | Refusal> {
    try {
      return await this.sender.send(items, by, sending);
    } catch (error) {
      if (!outcome.shown || !(error instanceof Failure) || error.code !== 'TargetRefused') throw error;
      return { status: error.status ?? 0, told: error.message };
    }
  }

  /** Also of accounts that somebody made otherwise, without one. */
  private wantsFormatted({ words }: Refusal): boolean {
    return words === undefined ? this.memory.facts.needsNameFormatted === true : /formatted/i.test(words);
  }

  /** One item alone was refused. */
  private async refuse(item: Item, refusal: Refusal, by: 'patch' | 'put', outcome: Outcome, sending: Sending): Promise<void> {
    const isAboutPath =
      item.clears || item.fields.includes('manager') || refusal.scimType === 'invalidPath' || refusal.scimType === 'noTarget';
    const isPutTried = by === 'put' || isNowhere(refusal) || this.memory.facts.patchRefused === true;
    if (isPutTried || !isAboutPath || item.fields.some((field) => this.memory.putOnly.has(field)))
      return this.leave(item, refusal, outcome, sending);
    await this.apply([item], 'put', outcome, sending);
    if (!outcome.left.has(item) && outcome.shown && item.unshown(outcome.shown.account).length === 0)
      item.fields.forEach((field) => this.memory.putOnly.add(field));
  }

  /** Written without it. Without some things the person isn't as they should be: those are their failure where nothing else is made, and due in the next run where it is. */
  private leave(item: Item, refusal: Refusal, outcome: Outcome, sending: Sending): void {
    outcome.left.add(item);
    const { fields, isNeeded } = item;
    const { status, told } = refusal;
    const isTaken = fields.includes('userName') && isUniqueness(refusal);
    const detail = saying(refusal, sending.personal, fields);
    const needed = isNeeded ? fields[0] : fields.find(this.isRequired);
    const isPersons = (isNowhere(refusal) && !fields.includes('manager')) || told !== undefined;
    const isDue = needed !== undefined || isPersons;
    if (isTaken) outcome.failure ??= new Failure('TargetUserNameTaken', undefined, { status });
    else if (isPersons) outcome.failure ??= new Failure('TargetRefused', detail, { status });
    else if (needed !== undefined) outcome.failure ??= new Failure('TargetValueRefused', `${needed}: ${detail}`, { status });
    if (fields.includes('active') && outcome.failure) throw outcome.failure; // the first to be tried: nothing is made yet
    const textOf = (field: string) => outcome.textOf(field);
    const sent = fields.flatMap((field) => textOf(field) ?? []);
    const about = isDue ? 'value' : aboutOf(refusal, fields, sent);
    if (isNotKept(about, fields, textOf, this.memory)) return this.forget(fields, outcome);
    outcome.refused.push(
      ...fields.map((field) => ({ field, detail, ...(isTaken && { code: 'TargetUserNameTaken' as const }), ...(isDue && { isDue }) })),
    );
  }

  /** The items that the account doesn't show. An answer that shows less than was written is checked by reading the account. */
  private async missing(items: readonly Item[], outcome: Outcome, sending: Sending): Promise<Item[]> {
    const { shown } = outcome;
    if (!shown) return [];
    const absent = items.filter((item) => item.unshown(shown.account).length > 0);
    if (absent.length === 0 || shown.isRead) return absent;
    const account = await this.sender.read(sending);
    outcome.shown = { ...shown, account, isRead: true };
    return absent.filter((item) => item.unshown(account).length > 0);
  }

  private learn(made: readonly Item[], { shown }: Outcome): void {
    for (const { fields, clears } of made) {
      if (!clears) this.memory.sawKept(fields);
      if (!clears && shown && !shown.viaPut) fields.forEach((field) => this.memory.patched.add(field));
    }
  }

  /** Written by PATCH and by PUT, and not there. */
  private conclude(item: Item, outcome: Outcome): void {
    const { clears, isNeeded } = item;
    const { account } = outcome.shown as Shown;
    for (const field of item.unshown(account)) {
      if (isNeeded) {
        const failure = new Ignored(field);
        if (field === 'active' || !outcome.isMade) throw failure;
        outcome.refused.push({ field, detail: failure.message, isDue: true });
        continue;
      }
      const isAbsent =
        field === 'manager'
          ? account.managerAccountId === undefined
          : field === 'externalId'
            ? account.externalId === undefined
            : account.fields[field] === undefined;
      if (clears) outcome.refused.push({ field, detail: 'The LMS keeps the value though it was to be cleared.' });
      else if (!isAbsent) outcome.refused.push({ field, detail: 'The LMS shows another value than the one that was written.' });
      else if (this.memory.kept.has(field)) outcome.refused.push({ field, detail: droppedSilently });
      else {
        const made = dropped(field, outcome.textOf(field), this.memory);
        if (made === 'notKept') this.forget([field], outcome);
        else if (made === 'refused') outcome.refused.push({ field, detail: droppedSilently });
      }
    }
  }

  private forget(fields: readonly string[], outcome: Outcome): void {
    for (const field of fields) this.memory.notKept.add(field);
    outcome.notKept.push(...fields);
  }

  /** Which form a server takes shows only by trying: the first that the account then shows is remembered. */
  private async tryManager(manager: ManagerReference, outcome: Outcome, sending: Sending): Promise<void> {
    let refusal: Refusal | undefined;
    let item = this.items.manager(manager, 'object');
    for (const form of ['object', 'value'] satisfies ManagerForm[]) {
      item = this.items.manager(manager, form);
      const result = await this.send([item], 'patch', outcome, sending);
      if (!('account' in result)) {
        if (isNowhere(result) || result.told !== undefined) return this.leave(item, result, outcome, sending);
        refusal = result;
        continue;
      }
      outcome.shown = result;
      if ((await this.missing([item], outcome, sending)).length > 0) continue;
      if (!outcome.shown.viaPut) this.memory.facts.managerForm = form;
      outcome.isMade = true;
      return this.memory.sawKept(['manager']);
    }
    const whole = this.memory.facts.patchRefused ? refusal : await this.send([item], 'put', outcome, sending);
    if (whole && !('account' in whole)) return this.leave(item, whole, outcome, sending);
    if (whole) outcome.shown = whole;
    if ((await this.missing([item], outcome, sending)).length > 0) return this.conclude(item, outcome);
    outcome.isMade = true;
    this.memory.facts.managerForm = 'none';
    this.memory.putOnly.add('manager');
    this.memory.sawKept(['manager']);
  }
}

function halves<T>(items: readonly T[]): T[][] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
