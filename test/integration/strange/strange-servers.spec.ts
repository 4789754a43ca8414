import { forAllTests } from '../opened';
import { addCustomer, startWorld, type Entra, type Lms, type World } from '../sync/world';
import type { User } from './strange-accounts';
import { usual, type Habits } from './strange-habits';
import { startStrangeLms, type StrangeLms } from './strange-lms';
import { startStrangeTenant, type Someone, type StrangeTenant } from './strange-tenant';

jest.setTimeout(120_000);

/** Habits, and what of an account can't be had because of them. */
type Case = [
  habit: string,
  habits: Partial<Habits>,
  lacks?: readonly ('title' | 'enterprise' | 'manager' | 'custom' | 'externalId' | 'phone')[],
];

const cases: Case[] = [
  [
    'ignores filters, pages short, repeats rows, says nothing of pages, and closes each connection',
    { filter: 'all', count: 3, defaultPage: 3, repeatsRows: 1, pagingFields: false, totalResults: 'none', closes: true, chunked: true },
  ],
  [
    'fails on filters and on any count, answers a BOM, numbers as text, and "True"',
    { filter: 500, count: { fails: 500 }, defaultPage: 4, bom: true, numbersAsText: true, active: 'text', noResourcesWhenNone: true },
  ],
  [
    'finds nobody by a filter, answers in Latin 1, and errors as HTML without a reason, 500 for all of them',
    { filter: 'none', latin1: true, contentType: 'application/json; charset=iso-8859-1', errors: 'html', conflict: 500, unknownId: 500 },
  ],
  [
    'takes parts of a name for the name, packs its answers, and says the page is all there is',
    { filter: 'contains', packs: 'deflate', chunked: true, totalResults: 'page', count: 3, conflict: 400, errors: 'other' },
  ],
  [
    'makes ids of user names, answers nothing to writes, and does not keep our id',
    { id: 'userName', changeAnswers: 'nothing', createAnswers: 'nothing', keepsExternalId: false },
    ['externalId'],
  ],
  [
    'has numbers for ids, knows only PUT with If-Match, and needs a formatted name',
    { id: 'number', patch: 405, etags: 'required', needsFormatted: true },
  ],
  [
    'answers a new account’s id and nothing else of it, and a change with what was before',
    { createAnswers: 'id', changeAnswers: 'before' },
  ],
  ['takes a manager with a new account only, and has no PUT', { manager: 'create', put: false }, ['manager']],
  ['takes `remove` for done and does nothing', { remove: 'ignored', createAnswers: 'ok' }],
  [
    'drops the enterprise extension, halves of a bad PATCH stay, and null is stored',
    { drops: ['enterprise'], halfApplies: true, nulls: 'stored' },
    ['enterprise', 'manager'],
  ],
  [
    'takes a manager by its value only, leaves "" of whoever is removed, and lowers names',
    { manager: 'value', managerGone: 'empty', remove: 'empties', lowersNames: true, trimsNames: true },
  ],
  ['has limits that it tells as a date', { limit: { requests: 15, windowMs: 1000, announces: 'date' }, etags: 'checked', shuffles: true }],
  [
    'has limits that it does not tell, and refuses what it does not know',
    { limit: { requests: 25, windowMs: 1000, announces: 'nothing' }, refusesUnknown: true, discovery: false },
  ],
  [
    'tells names apart by case, and clears nothing by PATCH',
    { names: 'sensitive', filter: 'exact', remove: 'refused', etags: 'required412' },
  ],
];

let world: World;
let lms: StrangeLms;
let tenant: StrangeTenant;
let customers = 0;
forAllTests(startWorld, (started) => (world = started), 900_000);
afterEach(() => Promise.all([lms.close(), tenant.close()]));

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function accountOf({ userPrincipalName }: Someone): User[] {
  return lms.accounts.users.filter(({ userName }) => String(userName).trim().toLowerCase() === userPrincipalName.toLowerCase());
}

const nameOf = (user: User | undefined) => (typeof user?.userName === 'string' ? user.userName.toLowerCase() : 'nobody');

/** What an account shows of what is synced; the manager as the user name of whomever it points at. */
function holds(user: User): Record<string, unknown> {
  const part = (user[enterprise] ?? {}) as { department?: string; manager?: { value?: string | number } };
  const boss = part.manager?.value;
  return plain({
    active: user.active === true,
    externalId: user.externalId,
    givenName: (user.name as { givenName?: string } | undefined)?.givenName,
    displayName: user.displayName,
    title: user.title,
    email: (user.emails as { value?: string; type?: string }[] | undefined)?.find(({ type }) => type === 'work')?.value,
    department: part.department,
    location: (user[usual.customSchema] as { location?: string } | undefined)?.location,
    manager: boss ? nameOf(lms.accounts.users.find(({ id }) => String(id) === String(boss))) : undefined,
  });
}

function demanded(someone: Someone, lacks: readonly string[]): Record<string, unknown> {
  const boss = someone.managerId ? tenant.people.get(someone.managerId) : undefined;
  const isThere = boss && boss.accountEnabled && tenant.members.includes(boss.id) && !tenant.deleted.has(boss.id);
  return plain({
    active: true,
    externalId: lacks.includes('externalId') ? undefined : someone.id,
    givenName: someone.givenName,
    displayName: someone.displayName,
    title: lacks.includes('title') ? undefined : someone.jobTitle,
    email: someone.mail,
    department: lacks.includes('enterprise') ? undefined : someone.department,
    location: lacks.includes('custom') ? undefined : someone.officeLocation,
    manager: isThere && !lacks.includes('manager') ? boss.userPrincipalName.toLowerCase() : undefined,
  });
}

/** A manager whom the LMS takes now and then is not compared. */
const without = (lacks: readonly string[], { manager, ...rest }: Record<string, unknown>) =>
  lacks.includes('manager') ? rest : plain({ ...rest, manager });

const plain = (values: object) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ''));

describe('An LMS of the wild', () => {
  test.each(cases)('%s', async (_habit, habits, lacks = []) => {
    customers += 1;
    [lms, tenant] = await Promise.all([startStrangeLms(habits), startStrangeTenant()]);
    const boss = tenant.hire('Boss');
    const people = Array.from({ length: 9 }, (_, n) => tenant.hire(n % 2 ? `P${n}` : `p.ö'${n}`, { managerId: boss.id }));
    const [p0, p1, p2, p3, p4, p5, p6] = people as [Someone, Someone, Someone, Someone, Someone, Someone, Someone];
    // By hand: one who is to be adopted, and some who are nobody's business.
    lms.accounts.add({ userName: p0.userPrincipalName, nickName: 'kept', emails: [{ value: 'home@x.example', type: 'home' }] });
    const strangers = ['admin@strange.example', 'xP1@strange.example', `${p1.userPrincipalName}.au`, 'zz'].map((userName) =>
      lms.accounts.add({ userName, displayName: 'by hand', externalId: `hand-${userName}` }),
    );
    const before = structuredClone(strangers);

    const customer = await addCustomer(world, `strange-${customers}`, tenant as unknown as Entra, lms as unknown as Lms, {
      thresholds: { leavers: { count: 50, percent: 50 } },
    });
    await customer.goLive();
    const expected = async (who: Someone[], gone: Someone[] = []) => {
      const shown = Object.fromEntries(
        who.map((one) => [one.userPrincipalName, accountOf(one).map((user) => without(lacks, holds(user)))]),
      );
      expect(shown).toEqual(Object.fromEntries(who.map((one) => [one.userPrincipalName, [demanded(one, lacks)]])));
      for (const one of gone) expect(accountOf(one).map(({ active }) => active)).toEqual([false]);
      expect(strangers).toEqual(before);
      expect(lms.accounts.users).toHaveLength(who.length + gone.length + strangers.length);
    };

    const first = await customer.sync();
    expect(first).toMatchObject({ outcome: 'succeeded', done: { failed: 0 } });
    await expected([boss, ...people]);
    expect(accountOf(p0)[0]).toMatchObject({
      nickName: 'kept',
      emails: expect.arrayContaining([expect.objectContaining({ value: 'home@x.example' })]),
    });

    let writes = lms.writes();
    expect(await customer.sync()).toMatchObject({ outcome: 'succeeded' });
    expect(lms.writes() - writes).toBe(0);

    // A day's changes.
    Object.assign(p1, { userPrincipalName: 'renamed@strange.example', mail: 'renamed@strange.example', displayName: 'Re Named' });
    Object.assign(p2, { managerId: p3.id, jobTitle: 'Head' });
    Object.assign(p4, { managerId: undefined, jobTitle: null, department: null, officeLocation: null });
    tenant.leave(p5.id);
    p6.accountEnabled = false;
    const newcomer = tenant.hire('New', { managerId: p2.id });
    const here = [boss, p0, p1, p2, p3, p4, ...people.slice(7), newcomer];
    const churn = await customer.sync();
    expect(churn).toMatchObject({ outcome: 'succeeded', done: { failed: 0 } });
    await expected(here, [p5, p6]);

    // Back again, and under another manager.
    p6.accountEnabled = true;
    tenant.members.push(p5.id);
    p3.managerId = p0.id;
    await customer.sync();
    await expected([...here, p5, p6]);

    writes = lms.writes();
    expect(await customer.sync()).toMatchObject({ outcome: 'succeeded' });
    expect(lms.writes() - writes).toBe(0);
  });
});
