import type { JournalEntry } from '../../../sandbox/lms/journal';
import type { Beginning, Expectation, Expectations } from './expected';
import { fieldNames, held, managerIn, ownerOf, sameness, type Account, type Person } from './truth';

/** Attributes that the LMS doesn't keep, by the names of truth.ts, and `manager`. */
export type NotKept = ReadonlySet<string>;

/**
 * What was wrong at any moment of a run, however it ended: a sentence for each write that should never have been. Never a name: ids find them. `doubted`: accounts that a run
 * before may have changed unheard, which may be told once more what they are already.
 */
export function wrongMoments(
  journal: readonly JournalEntry[],
  before: readonly Account[],
  { untouchable, mayEnd, byPerson }: Expectations,
  doubted: ReadonlySet<string>,
): string[] {
  const owners = new Map(before.map((account) => [account.id, ownerOf(account)]));
  const wrong: string[] = [];
  for (const { seq, by, did, id, active, was, unchanged } of journal) {
    if (by !== 'client') continue;
    // On some servers a rename changes the id.
    const known = was?.id ?? id;
    if (was?.id !== undefined) {
      owners.set(id, owners.get(was.id));
      if (untouchable.has(was.id)) untouchable.add(id);
    }
    const owner = owners.get(known);
    if (did === 'delete') wrong.push(`write ${seq} deleted account ${id}`);
    if (untouchable.has(known) && !(unchanged && doubted.has(known)))
      wrong.push(`write ${seq} touched account ${id}, which is nobody's to change (owner ${owner ?? 'nobody'})`);
    const becameInactive = did === 'create' ? active !== true : was?.active === true && active !== true;
    if (becameInactive && !(owner !== undefined && mayEnd.has(owner)))
      wrong.push(
        `write ${seq} left account ${id} inactive, whose owner ${owner ?? '(not known)'} ${owner ? `must ${byPerson.get(owner)?.must}` : ''}`,
      );
  }
  return wrong;
}

/** What differs from the model after a clean run, in a sentence each. */
export function differences(beginning: Beginning, expectations: Expectations, after: readonly Account[], notKept: NotKept): string[] {
  const wrong: string[] = [];
  const byOwner = new Map<string, Account[]>();
  for (const account of after) {
    const owner = ownerOf(account);
    if (owner !== undefined) byOwner.set(owner, [...(byOwner.get(owner) ?? []), account]);
  }
  const now = new Map(after.map((account) => [account.id, account]));
  for (const [owner, accounts] of byOwner) {
    if (accounts.length > 1) wrong.push(`${owner} has ${accounts.length} accounts`);
    if (!expectations.byPerson.has(owner)) wrong.push(`account ${accounts[0]?.id} belongs to ${owner}, whom nobody knows`);
  }
  const known = new Set(beginning.accounts.map(({ id }) => id));
  for (const account of after)
    if (!known.has(account.id) && ownerOf(account) === undefined) wrong.push(`account ${account.id} has come from nowhere`);

  for (const [id, expectation] of expectations.byPerson) {
    const [account] = byOwner.get(id) ?? [];
    for (const fault of faultsOf(expectation, account)) wrong.push(`${id} (must ${expectation.must}): ${fault}`);
  }
  const owned = new Set([...expectations.byPerson.values()].flatMap(({ from }) => (from ? [from.id] : [])));
  for (const before of beginning.accounts) {
    if (owned.has(before.id)) continue;
    const account = now.get(before.id);
    if (expectations.untouchable.has(before.id) && JSON.stringify(account) !== JSON.stringify(before))
      wrong.push(`account ${before.id}, nobody's, is no longer as it was`);
    if (!account) wrong.push(`account ${before.id} is gone`);
  }
  return wrong;

  function faultsOf(expectation: Expectation, account: Account | undefined): string[] {
    const { must, from } = expectation;
    switch (must) {
      case 'stay':
        return JSON.stringify(account) === JSON.stringify(from)
          ? []
          : [from ? 'the account is no longer as it was' : 'there is an account'];
      case 'end':
        return besidesActive(from, account, false);
      case 'return':
        return besidesActive(from, account, true);
      case 'stayOrEnd':
        return JSON.stringify(account) === JSON.stringify(from) ? [] : besidesActive(from, account, false);
      case 'notEnd':
        return from?.active === true && (account ?? now.get(from.id))?.active !== true ? ['the account is not active any more'] : [];
      case 'agree':
        return agreeing(expectation, account);
    }
  }

  function besidesActive(from: Account, account: Account | undefined, active: boolean): string[] {
    if (!account) return ['the account is gone'];
    if (account.active !== active) return [active ? 'the account is not active again' : 'the account is still active'];
    const changed = fieldNames.filter((field) => held(account, field) !== held(from, field));
    if (sameness(account.userName) !== sameness(from.userName)) changed.push('userName');
    if (managerIn(account) !== managerIn(from)) changed.push('manager');
    return changed.length > 0 ? [`besides active, ${changed.join(', ')} changed`] : [];
  }

  function agreeing({ standing, person, from }: Expectation & { must: 'agree' }, account: Account | undefined): string[] {
    if (!account) return ['there is no account'];
    const wrong: string[] = [];
    if (from && account.id !== from.id && sameness(from.id) !== sameness(from.userName))
      wrong.push(`it is account ${account.id} instead of ${from.id}`);
    if (account.active !== true) wrong.push('it is not active');
    if (sameness(account.userName) !== sameness(standing.userName)) wrong.push('the user name differs');
    for (const field of fieldNames) {
      if (notKept.has(field)) continue;
      const setting = beginning.settings.fields[field];
      const value = standing.fields.get(field);
      const before = held(from, field);
      let expected = before;
      if (setting && !(setting.apply === 'onlyAtCreation' && from)) {
        const keeps = setting.whenEmpty === 'keep' || standing.doubtful.has(field);
        expected = value ?? (keeps ? before : undefined);
      }
      const isForgotten = setting !== undefined && value === undefined && beginning.forgotten.has(field);
      if (held(account, field) !== expected && !(isForgotten && held(account, field) === before))
        wrong.push(`${field} is ${show(held(account, field))} instead of ${show(expected)}, was ${show(before)}`);
    }
    const manager = managerOf(person, managerIn(from));
    if (manager !== 'open' && !notKept.has('manager') && managerIn(account) !== manager)
      wrong.push(`the manager is ${show(managerIn(account))} instead of ${show(manager)}, was ${show(managerIn(from))}`);
    return wrong;
  }

  /** Whom the account must show as manager: an account's id, nobody, or whatever the model leaves open. */
  function managerOf({ id, managerId }: Person, before: string | undefined): string | undefined {
    const { settings, truth, links } = beginning;
    if (settings.managerReference === 'leave') return before;
    const shown =
      truth.people.some((other) => other.id === managerId && !other.isDeleted) ||
      (managerId !== null && truth.contacts.includes(managerId));
    if (managerId === null || !shown) return undefined;
    const unavailable = settings.managerUnavailable === 'clear' ? undefined : before;
    const loop = loopOf(id);
    // A loop that runs through people without an account of Rollcall's is none in the LMS.
    if (loop.length > 0) return loop.every((one) => expectations.byPerson.get(one)?.must === 'agree') ? unavailable : 'open';
    const expectation = expectations.byPerson.get(managerId);
    const [account] = byOwner.get(managerId) ?? [];
    if (!expectation || !account || account.active !== true) return unavailable;
    if (expectation.must === 'agree') return account.id;
    const link = links.get(managerId) ?? 'none';
    if (link === 'maybe' || expectation.must === 'notEnd' || expectation.must === 'stayOrEnd') return 'open';
    const standing = expectations.standings.get(managerId);
    // Whom a rule or the protected list keeps out is not Rollcall's to point at, nor is an account that it never linked.
    if (link === 'none' || standing?.is === 'excluded') return unavailable;
    return standing?.is === 'wanted' ? 'open' : account.id;
  }

  /** Everybody who is their own manager by way of one another, from `start` on; nobody where `start` is not. */
  function loopOf(start: string): string[] {
    const managerOf = new Map(beginning.truth.people.map(({ id, managerId }) => [id, managerId]));
    const path = [start];
    for (let at = managerOf.get(start); at && !path.includes(at); at = managerOf.get(at)) path.push(at);
    return managerOf.get(path.at(-1) as string) === start ? path : [];
  }
}

const show = (value: string | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value));
