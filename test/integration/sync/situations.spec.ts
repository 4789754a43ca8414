/** Situations that a sync meets, by the numbers of the list that they were gathered in; each title is the right outcome. */
import { randomUUID } from 'node:crypto';
import { startEntra } from '../../../sandbox/entra/entra';
import { usualCustomFields } from '../../../sandbox/lms/custom-fields';
import { startLms } from '../../../sandbox/lms/lms';
import { urn } from '../../../sandbox/lms/scim';
import { forAllTests, forEachTest } from '../opened';
import { addCustomer, startWorld, type Entra, type Lms, type World } from './world';

jest.setTimeout(120_000);

/** Whoever the people are, the outcome is the same: `ROLLCALL_SEED=7 npx jest …` makes others. */
const seed = Number(process.env.ROLLCALL_SEED ?? 1);

let world: World;
let entra: Entra;
let lms: Lms;
let customers = 0;

forAllTests(startWorld, (started) => (world = started), 900_000);
forEachTest(
  () => startEntra({ population: { size: 12, seed, awkward: false } }),
  (started) => (entra = started),
);
forEachTest(
  () => startLms({ kind: 'lean' }),
  (started) => (lms = started),
);
beforeEach(() => {
  customers += 1;
});
afterEach(() => lms.close()); // some tests have another one by then

type Customer = Awaited<ReturnType<typeof addCustomer>>;

/** Live, and everybody synced once. */
async function live(changes: object = {}): Promise<Customer> {
  const customer = await addCustomer(world, `customer-${customers}`, entra, lms, changes);
  await customer.goLive();
  await customer.sync();
  return customer;
}
const members = () => [...entra.tenant.group.members.all()].flatMap((id) => entra.tenant.find(id)?.person ?? []);
const person = (n: number) => members()[n] as NonNullable<ReturnType<typeof members>[number]>;
const reportsOf = (id: string) => members().filter(({ managerId }) => managerId === id);
/** Somebody whom nobody reports to: what happens to them happens to nobody else. */
const withoutReports = () => members().find(({ id }) => reportsOf(id).length === 0) as ReturnType<typeof person>;
const manager = () => members().find(({ id }) => reportsOf(id).length > 0) as ReturnType<typeof person>;
const accountOf = (id: string) => lms.accounts().find(({ externalId }) => externalId === id);
const isActive = (id: string) => accountOf(id)?.active;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const managerOf = (id: string) => (accountOf(id)?.[enterprise] as { manager?: { value?: string } } | undefined)?.manager?.value;
const writes = () => lms.journal({ by: 'client' }).length;
const deactivations = () => lms.journal({ by: 'client' }).filter(({ active, was }) => active === false && was?.active === true).length;

describe('who is who', () => {
  test('2: a UPN given to somebody else on the day that its owner is renamed leads to two persons', async () => {
    const acme = await live();
    const owner = person(0);
    const upn = owner.userPrincipalName;
    const own = accountOf(owner.id)?.id;
    entra.rename({ id: owner.id, userPrincipalName: `renamed.${upn}`, mail: `renamed.${upn}` });
    const [heir = ''] = entra.hire({ attributes: { userPrincipalName: upn, mail: upn } }).ids;
    await acme.sync();
    expect(accountOf(owner.id)).toMatchObject({ id: own, userName: `renamed.${upn}` });
    expect(accountOf(heir)).toMatchObject({ userName: upn });
    expect(accountOf(heir)?.id).not.toBe(own);
  });

  test('3: restored under a new UPN means renamed and reactivated, never created again', async () => {
    const acme = await live();
    const { id, userPrincipalName: upn } = person(3);
    const own = accountOf(id)?.id;
    entra.delete({ id });
    await acme.sync();
    expect(isActive(id)).toBe(false);
    entra.restore({ id, userPrincipalName: `back.${upn}` });
    await acme.sync();
    expect(accountOf(id)).toMatchObject({ id: own, active: true, userName: `back.${upn}` });
    expect(lms.accounts()).toHaveLength(12);
  });

  test('4: marriage changes UPN and mail of the same account', async () => {
    const acme = await live();
    const { id } = withoutReports();
    const own = accountOf(id)?.id;
    entra.rename({ id, userPrincipalName: 'new.name@northwind.example', mail: 'new.name@northwind.example', surname: 'Name' });
    const report = await acme.sync();
    expect(report.done).toMatchObject({ updated: 1, created: 0 });
    expect(accountOf(id)).toMatchObject({ id: own, userName: 'new.name@northwind.example', name: { familyName: 'Name' } });
  });

  test('5: renamed onto a user name that another account holds is a problem, with no write to either', async () => {
    lms.addAccounts([{ userName: 'taken@northwind.example', displayName: 'by hand' }]);
    const acme = await live();
    const before = writes();
    entra.rename({ id: person(2).id, userPrincipalName: 'taken@northwind.example' });
    const report = await acme.sync();
    expect(report.done.failed).toBe(1);
    expect(report.problems).toEqual({ TargetUserNameTaken: 1 });
    expect(lms.accounts().find(({ userName }) => userName === 'taken@northwind.example')).toMatchObject({ displayName: 'by hand' });
    expect(writes()).toBe(before);
  });

  test('6: two members who swap user names both end right', async () => {
    const acme = await live();
    const [one, other] = [person(4), person(5)].map(({ id, userPrincipalName }) => ({ id, upn: userPrincipalName }));
    entra.swapNames({ one: one?.id ?? '', other: other?.id ?? '' });
    await acme.sync();
    expect(accountOf(one?.id ?? '')?.userName).toBe(other?.upn);
    expect(accountOf(other?.id ?? '')?.userName).toBe(one?.upn);
  });

  test('7: only the letter case of a user name differs: no write', async () => {
    const acme = await live();
    const { id, userPrincipalName } = person(6);
    const before = writes();
    entra.rename({ id, userPrincipalName: userPrincipalName.toUpperCase() });
    await acme.sync();
    expect(writes()).toBe(before);
  });

  test('8: most UPNs change at once: held, nobody renamed, and released by one decision', async () => {
    const acme = await live({ thresholds: { renames: { count: 3, percent: 5 } } });
    for (const { id, userPrincipalName } of members())
      entra.rename({ id, userPrincipalName: userPrincipalName.replace('@', '@x.onmicrosoft.com.') });
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'held', plan: { held: 12, update: 0 } });
    expect(lms.accounts().some(({ userName }) => String(userName).includes('onmicrosoft'))).toBe(false);
    const { rows } = await acme.lookUp('holds');
    expect(rows).toHaveLength(12);
    expect(rows[0]).toMatchObject({ kind: 'rename', code: 'ThresholdRenames', state: 'open' });
    await acme.update('decideHolds', { decision: 'release', holds: 'all', by: 'Jo', reason: 'the domain moved' });
    expect((await acme.sync()).done.updated).toBe(12);
  });

  test('9: two members share one mail: the second is a problem, never two links to one account', async () => {
    const acme = await live();
    const [heir = ''] = entra.hire({ attributes: { mail: person(0).mail } }).ids;
    const report = await acme.sync();
    expect(report.problems).toEqual({ EmailDuplicate: 1 });
    expect(accountOf(heir)).toBeUndefined();
    expect((await acme.lookUp('problems')).rows).toMatchObject([{ memberId: heir, code: 'EmailDuplicate' }]);
  });
});

describe('who belongs', () => {
  test('12: the UPN of a soft-deleted user is never written and never matched', async () => {
    const acme = await live();
    const { id, userPrincipalName } = person(3);
    entra.set({ id, attributes: { userPrincipalName: `${id.replaceAll('-', '')}${userPrincipalName}` } });
    const report = await acme.sync();
    expect(report.problems).toMatchObject({ UserNameInvalid: 1 });
    expect(accountOf(id)).toMatchObject({ userName: userPrincipalName, active: true });
  });

  test('13: a guest is excluded with the reason, and never touches an account that happens to have its mail', async () => {
    lms.addAccounts([{ userName: 'guest@elsewhere.example', active: true }]);
    const acme = await live();
    entra.hire({
      attributes: {
        userType: 'Guest',
        userPrincipalName: 'guest_elsewhere.example#EXT#@northwind.example',
        mail: null,
        otherMails: ['guest@elsewhere.example'],
      },
    });
    const before = writes();
    await acme.sync();
    expect(writes()).toBe(before);
    expect((await acme.lookUp('excluded')).rows).toMatchObject([
      { userName: 'guest_elsewhere.example#EXT#@northwind.example', reason: 'guest' },
    ]);
  });

  test('14 and 15: disabled when first seen is not created; disabled later is deactivated, enabled again reactivated', async () => {
    const acme = await live();
    const [hired = ''] = entra.hire({ attributes: { accountEnabled: false } }).ids;
    const { id } = person(1);
    entra.disable({ id });
    await acme.sync();
    expect(accountOf(hired)).toBeUndefined();
    expect(isActive(id)).toBe(false);
    entra.enable({ id });
    await acme.sync();
    expect(isActive(id)).toBe(true);
  });

  test('16: left, disabled and deleted are told apart; whoever is not to be found at all is held', async () => {
    const acme = await live();
    const [left, disabled, deleted, purged] = [person(2), person(3), person(4), person(5)].map(({ id }) => id) as [
      string,
      string,
      string,
      string,
    ];
    entra.leave({ id: left });
    entra.disable({ id: disabled });
    entra.delete({ id: deleted });
    entra.purge({ id: purged });
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'held', plan: { deactivate: 3, held: 1 } });
    expect([left, disabled, deleted, purged].map(isActive)).toEqual([false, false, false, true]);
    const { rows } = await acme.lookUp('changes', { kind: 'deactivate' });
    expect(Object.fromEntries(rows.map(({ memberId, cause, code }) => [memberId, cause ?? code]))).toEqual({
      [left]: 'leftGroup',
      [disabled]: 'disabled',
      [deleted]: 'deleted',
      [purged]: 'LeaverUnconfirmed',
    });
  });

  test('16: a cause whose policy is grace days, hold or leave deactivates nobody now', async () => {
    const acme = await live({ leavers: { leftGroup: { graceDays: 3 }, disabled: 'hold', deleted: 'leave' } });
    const [left, disabled, deleted] = [person(2), person(3), person(4)].map(({ id }) => id) as [string, string, string];
    entra.leave({ id: left });
    entra.disable({ id: disabled });
    entra.delete({ id: deleted });
    const report = await acme.sync();
    expect(report.plan).toMatchObject({ deactivate: 0, held: 1 });
    expect([left, disabled, deleted].map(isActive)).toEqual([true, true, true]);
    expect((await acme.lookUp('holds')).rows).toMatchObject([{ memberId: disabled, code: 'LeaverByPolicy', cause: 'disabled' }]);
    // Three days later, and after somebody decided.
    await world.database.rows(`update link set leaving_since = leaving_since - interval '73 hours' where member_id = any($1::uuid[])`, [
      [left, deleted],
    ]);
    await acme.update('decideHolds', { decision: 'release', holds: 'all', by: 'Jo', reason: 'gone for good' });
    expect((await acme.sync()).done).toMatchObject({ deactivated: 2 });
    expect([left, disabled, deleted].map(isActive)).toEqual([false, false, true]);
  });

  test('16: a flood of leavers is held as a whole, joiners go on meanwhile, and rejected people stay as they are', async () => {
    const acme = await live({ thresholds: { leavers: { count: 2, percent: 10 } } });
    const gone = [person(2), person(3), person(4)].map(({ id }) => id);
    for (const id of gone) entra.leave({ id });
    const [hired = ''] = entra.hire({}).ids;
    expect(await acme.sync()).toMatchObject({ outcome: 'held', plan: { held: 3, deactivate: 0 }, done: { created: 1 } });
    expect(gone.map(isActive)).toEqual([true, true, true]);
    expect(isActive(hired)).toBe(true);
    expect((await acme.lookUp('holds')).rows.map(({ code }) => code)).toEqual(gone.map(() => 'ThresholdLeavers'));
    await acme.update('decideHolds', { decision: 'reject', holds: 'all', by: 'Jo', reason: 'the group was wrong' });
    expect((await acme.sync()).plan).toMatchObject({ held: 0, deactivate: 0 });
    expect(gone.map(isActive)).toEqual([true, true, true]);
  });

  test('a flood of joiners after the first sync is held, and released by one decision', async () => {
    const acme = await live({ thresholds: { additions: { count: 3, percent: 20 } } });
    entra.hire({ count: 4 });
    expect(await acme.sync()).toMatchObject({ outcome: 'held', plan: { held: 4, create: 0 } });
    expect(lms.accounts()).toHaveLength(12);
    await acme.update('decideHolds', { decision: 'release', holds: 'all', by: 'Jo', reason: 'a new branch' });
    expect((await acme.sync()).done).toMatchObject({ created: 4 });
  });

  test('17: left and came back between two runs: nothing', async () => {
    const acme = await live();
    const { id } = person(2);
    entra.leave({ id });
    entra.join({ id });
    const before = writes();
    await acme.sync();
    expect(writes()).toBe(before);
  });

  test('18: removed directly but still reached through a nested group is held as StillNestedMember', async () => {
    const acme = await live();
    const { id } = person(2);
    entra.addNested({ id });
    const report = await acme.sync();
    expect(report.plan).toMatchObject({ deactivate: 0, held: 1 });
    expect((await acme.lookUp('holds')).rows).toMatchObject([{ memberId: id, code: 'StillNestedMember' }]);
    expect(isActive(id)).toBe(true);
  });

  test('19: a member whom the pages miss is not a leaver', async () => {
    const acme = await live();
    const { id } = person(7);
    entra.controls.faults.add({ kind: 'memberFallsOut', with: { id } });
    const report = await acme.sync();
    expect(report.plan).toMatchObject({ deactivate: 0, held: 0 });
    expect(isActive(id)).toBe(true);
  });

  test('20: 200 with no members at all changes nobody', async () => {
    const acme = await live();
    entra.controls.faults.add({ kind: 'emptyOk', match: { path: '/members' } });
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'failed', because: 'MembersMissing' });
    expect(deactivations()).toBe(0);
  });

  test('20: a group that really was emptied is held, by name', async () => {
    const acme = await live();
    entra.emptyGroup({});
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'held', plan: { held: 12, deactivate: 0 } });
    const { rows } = await acme.lookUp('holds');
    expect(rows.map(({ code }) => code)).toEqual(rows.map(() => 'GroupEmptied'));
    expect(rows.map(({ userName }) => userName).sort()).toEqual(
      lms
        .accounts()
        .map(({ userName }) => userName)
        .sort(),
    );
    expect(deactivations()).toBe(0);
  });

  const robots = { scope: { exclude: [[{ attribute: 'department', operator: 'EQUALS', value: 'Robots' }]] } };

  test('23: excluded by a rule is never created; already linked is unlinked and left as it is, and the run says so', async () => {
    const acme = await live();
    const { id } = withoutReports();
    const account = JSON.stringify(accountOf(id));
    entra.set({ id, attributes: { department: 'Robots', jobTitle: 'Welder', accountEnabled: false } });
    const [hired = ''] = entra.hire({ attributes: { department: 'Robots' } }).ids;
    await acme.update('configure', { configuration: { ...acme.configuration, ...robots }, by: 'Jo' });
    const before = writes();
    const report = await acme.sync();
    const excluded = (await acme.lookUp('excluded')).rows;
    expect(excluded.map(({ memberId }) => memberId)).toEqual([id, hired].sort());
    expect(report).toMatchObject({ plan: { unlink: 1, create: 0, deactivate: 0 }, done: { unlinked: 1 } });
    expect((await acme.lookUp('changes', { kind: 'unlink' })).rows).toMatchObject([
      { memberId: id, outcome: 'done', cause: excluded[0]?.reason },
    ]);
    entra.leave({ id });
    expect((await acme.sync()).plan).toMatchObject({ deactivate: 0, held: 0 });
    expect(writes()).toBe(before);
    expect(JSON.stringify(accountOf(id))).toBe(account);
    expect(accountOf(hired)).toBeUndefined();
  });

  test.each([
    ['cleared', 'clear'],
    ['kept', 'keep'],
  ] as const)(
    '23: the account of an excluded manager is left as it is; by policy those who report to them have it %s',
    async (_title, unavailable) => {
      const acme = await live({ manager: { unavailable } });
      const { id } = manager();
      const account = accountOf(id);
      const reports = reportsOf(id).map((report) => report.id);
      expect(new Set(reports.map(managerOf))).toEqual(new Set([account?.id]));
      entra.set({ id, attributes: { department: 'Robots' } });
      await acme.update('configure', { configuration: { ...acme.configuration, ...robots }, by: 'Jo' });
      const before = writes();
      expect(await acme.sync()).toMatchObject({ outcome: 'succeeded', plan: { unlink: 1 } });
      expect(accountOf(id)).toEqual(account);
      expect(new Set(reports.map(managerOf))).toEqual(new Set([unavailable === 'keep' ? account?.id : undefined]));
      expect(writes()).toBe(before + (unavailable === 'keep' ? 0 : reports.length));
    },
  );

  test('23: on the protected list is never created and never linked; already linked is unlinked and left as it is, by user name or by account', async () => {
    const [byName, byAccount] = [person(4), person(5)];
    lms.addAccounts([{ userName: person(6).userPrincipalName, title: 'By hand' }]);
    const acme = await live({ protectedAccounts: [person(6).userPrincipalName.toUpperCase(), person(7).userPrincipalName] });
    expect(lms.accounts().find(({ userName }) => userName === person(6).userPrincipalName)).toMatchObject({ title: 'By hand' });
    expect([6, 7].map((n) => accountOf(person(n).id))).toEqual([undefined, undefined]);
    expect((await acme.lookUp('problems')).rows.map(({ memberId, code }) => [memberId, code])).toEqual(
      [6, 7].map((n) => [person(n).id, 'AccountProtected']),
    );
    const accounts = [byName, byAccount].map(({ id }) => accountOf(id));
    const protectedAccounts = [byName.userPrincipalName, String(accounts[1]?.id), ...acme.configuration.protectedAccounts];
    await acme.update('configure', {
      configuration: { ...acme.configuration, manager: { unavailable: 'keep' }, protectedAccounts },
      by: 'Jo',
    });
    entra.set({ id: byName.id, attributes: { jobTitle: 'Welder' } });
    entra.disable({ id: byAccount.id });
    const before = writes();
    expect((await acme.sync()).plan).toMatchObject({ unlink: 2, deactivate: 0, update: 0 });
    expect((await acme.lookUp('changes', { kind: 'unlink' })).rows.map(({ cause }) => cause)).toEqual(['protected', 'protected']);
    expect(writes()).toBe(before);
    expect([byName, byAccount].map(({ id }) => accountOf(id))).toEqual(accounts);
  });

  test('23: the account of somebody excluded is not taken over by whoever gets its user name', async () => {
    const acme = await live();
    const { id, userPrincipalName } = withoutReports();
    const account = accountOf(id);
    entra.set({ id, attributes: { department: 'Robots', userPrincipalName: 'robot@northwind.example', mail: null } });
    await acme.update('configure', { configuration: { ...acme.configuration, ...robots }, by: 'Jo' });
    await acme.sync();
    const [heir = ''] = entra.hire({ attributes: { userPrincipalName, mail: userPrincipalName } }).ids;
    expect((await acme.sync()).problems).toEqual({ AccountLinkedElsewhere: 1 });
    expect(accountOf(id)).toEqual(account);
    expect(accountOf(heir)).toBeUndefined();
  });
});

describe('the target’s side', () => {
  test('27: accounts made by hand and never linked are untouched and listed', async () => {
    lms.addAccounts([{ userName: 'lms.administrator', displayName: 'By hand' }]);
    const acme = await live();
    entra.churn({ percent: 20, seed: 1 });
    await acme.sync();
    expect(lms.journal({ by: 'client' }).some(({ userName }) => userName === 'lms.administrator')).toBe(false);
    expect((await acme.lookUp('unlinkedAccounts')).rows).toMatchObject([{ userName: 'lms.administrator' }]);
  });

  test.each([
    ['a list item that the LMS lacks', 'learningTracks', 'Compliance;Safety', 'Compliance;Underwater basket weaving'],
    ['a value too long', 'costCentre', 'Harbour', 'Harbour and everything that belongs to it'],
    ['a date in another form', 'startDate', '2026-01-31', 'the last of January'],
  ])('30: %s is a problem on that field, and the person is synced without it', async (_title, field, taken, refused) => {
    await lms.close();
    const customFields = usualCustomFields.map((one) => (one.name === 'costCentre' ? { ...one, maxLength: 20 } : one));
    lms = await startLms({ kind: 'lean', customFields });
    for (const { id } of members()) entra.set({ id, attributes: { employeeType: taken } });
    entra.set({ id: person(0).id, attributes: { employeeType: refused } });
    const acme = await live({ customFields: { [field]: 'employeeType' } });
    expect(accountOf(person(0).id)).toMatchObject({ active: true, userName: person(0).userPrincipalName });
    expect(accountOf(person(1).id)?.[urn.custom]).toEqual({ [field]: taken });
    const { rows } = await acme.lookUp('problems');
    expect(rows).toMatchObject([{ memberId: person(0).id, code: 'TargetValueRefused', detail: expect.stringContaining(field) }]);
  });
});

describe('values', () => {
  test('32: blanks and invisible characters are taken off where that makes two spellings one person; diacritics stay', async () => {
    entra.set({ id: person(1).id, attributes: { displayName: ' Zoë\u00a0Strauß\u200b ', givenName: 'Zoe\u0308 ' } });
    const acme = await live();
    expect(accountOf(person(1).id)).toMatchObject({ displayName: 'Zoë Strauß', name: { givenName: 'Zoë' } });
    const before = writes();
    entra.set({ id: person(1).id, attributes: { displayName: 'Zoë Strauß' } });
    await acme.sync();
    expect(writes()).toBe(before);
  });

  test('33: an attribute that becomes empty is cleared, kept where the mapping says so, and a problem where it is required', async () => {
    const acme = await live({
      fields: {
        title: 'jobTitle',
        department: { value: 'department', whenEmpty: 'keep' },
        givenName: { value: 'givenName', required: true },
        familyName: 'surname',
      },
    });
    const [cleared, kept, required] = [person(1), person(2), person(3)];
    const { department } = kept;
    const { jobTitle: title } = required;
    entra.set({ id: cleared.id, attributes: { jobTitle: null } });
    entra.set({ id: kept.id, attributes: { department: null } });
    entra.set({ id: required.id, attributes: { givenName: null, jobTitle: null } });
    const report = await acme.sync();
    expect(accountOf(cleared.id)?.title).toBeUndefined();
    expect((accountOf(kept.id)?.[enterprise] as { department?: string }).department).toBe(department);
    expect(report.problems).toEqual({ FieldMissing: 1 });
    expect(accountOf(required.id)?.title).toBe(title);
  });

  test('34: every property null is a permission fault: nothing cleared, nobody a leaver', async () => {
    const acme = await live();
    const before = writes();
    entra.permissions({ revoke: ['User.Read.All'] });
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'failed', because: 'MembersUnreadable' });
    expect(writes()).toBe(before);
  });

  test('35: a field mapped only at creation is never overwritten', async () => {
    const acme = await live({ fields: { title: { value: 'jobTitle', apply: 'onlyAtCreation' }, displayName: 'displayName' } });
    const { id, jobTitle } = person(1);
    expect(accountOf(id)?.title).toBe(jobTitle);
    entra.set({ id, attributes: { jobTitle: 'Admiral', displayName: 'Somebody Else' } });
    await acme.sync();
    expect(accountOf(id)).toMatchObject({ title: jobTitle, displayName: 'Somebody Else' });
  });
});

describe('managers', () => {
  const withManager = () => {
    const report = members().find(({ managerId }) => managerId && members().some(({ id }) => id === managerId));
    return { report: report?.id ?? '', boss: report?.managerId ?? '' };
  };

  test('36: a manager who is removed is cleared; a manager’s mail alone reaches every report that shows it', async () => {
    const acme = await live();
    const { report, boss: manager } = withManager();
    expect(managerOf(report)).toBe(accountOf(manager)?.id);
    entra.set({ id: manager, attributes: { mail: 'boss@northwind.example' } });
    await acme.sync();
    const reports = members().filter(({ managerId }) => managerId === manager);
    const custom = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';
    expect(reports.map(({ id }) => (accountOf(id)?.[custom] as { managerEmail?: string }).managerEmail)).toEqual(
      reports.map(() => 'boss@northwind.example'),
    );
    entra.moveToManager({ id: report, managerId: null });
    await acme.sync();
    expect(managerOf(report)).toBeUndefined();
  });

  test('37: a manager outside the group, a contact, oneself or a loop is left empty, a problem at most', async () => {
    const [outsider = ''] = entra.hire({ inGroup: false }).ids;
    const [a, b, c, d, e] = [person(8), person(9), person(10), person(11), person(7)].map(({ id }) => id) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const contact = { id: randomUUID(), type: 'orgContact', displayName: 'Partner', mail: 'partner@partner.example' } as const;
    entra.tenant.others.set(contact.id, contact);
    entra.moveToManager({ id: e, managerId: contact.id });
    entra.moveToManager({ id: a, managerId: outsider });
    entra.moveToManager({ id: b, managerId: b });
    entra.moveToManager({ id: c, managerId: d });
    entra.moveToManager({ id: d, managerId: c });
    const acme = await live();
    expect([a, b, c, d, e].map(managerOf)).toEqual(Array(5).fill(undefined));
    const before = writes();
    const report = await acme.sync();
    expect(writes()).toBe(before);
    expect(report.done.failed).toBe(0);
  });

  test.each([
    ['left empty', 'clear'],
    ['kept', 'keep'],
  ] as const)('37: a manager who is deactivated is by policy %s', async (_title, unavailable) => {
    const acme = await live({ manager: { unavailable } });
    const { id } = manager();
    const reports = reportsOf(id).map((report) => report.id);
    const own = accountOf(id)?.id;
    entra.disable({ id });
    await acme.sync();
    await acme.sync();
    expect(isActive(id)).toBe(false);
    expect(new Set(reports.map(managerOf))).toEqual(new Set([unavailable === 'keep' ? own : undefined]));
  });

  test('38: a manager who arrives later is set in that run by itself', async () => {
    const { report, boss: manager } = withManager();
    entra.leave({ id: manager });
    const acme = await live();
    expect(managerOf(report)).toBeUndefined();
    entra.join({ id: manager });
    await acme.sync();
    expect(managerOf(report)).toBe(accountOf(manager)?.id);
  });
});

describe('time and trust', () => {
  test.each([
    ['consent withdrawn', 'consentWithdrawn', { with: { permission: 'GroupMember.Read.All' } }, 'PermissionMissing'],
    ['secret expired', 'secretExpired', {}, 'SecretExpired'],
    ['secret replaced by a wrong one', 'secretWrong', {}, 'SecretRejected'],
    ['group gone', 'groupGone', {}, 'GroupNotFound'],
  ])('39: %s: nobody is changed, and it goes on by itself afterwards', async (_title, kind, rest, code) => {
    entra.setTokenLifetime(60_000); // so short that MSAL asks for a new token each time
    const acme = await live();
    entra.leave({ id: person(1).id });
    const before = writes();
    const fault = entra.controls.faults.add({ kind, ...rest });
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'failed', because: code });
    expect(writes()).toBe(before);
    entra.controls.faults.remove(fault.id);
    const recovered = await acme.sync();
    expect(recovered).toMatchObject({ outcome: 'succeeded', done: { deactivated: 1 } });
  });
});

describe('what nobody mapped', () => {
  test('is left as it is on an account that is adopted, and on one whose mapping was taken away', async () => {
    const { userPrincipalName } = person(0);
    lms.addAccounts([{ userName: userPrincipalName, nickName: 'Jo', title: 'By hand', active: true }]);
    const acme = await live({ fields: { displayName: 'displayName', department: 'department' }, customFields: {} });
    expect(accountOf(person(0).id)).toMatchObject({
      userName: userPrincipalName,
      nickName: 'Jo',
      title: 'By hand',
      displayName: person(0).displayName,
    });
    const department = (accountOf(person(1).id)?.[enterprise] as { department?: string }).department;
    await acme.update('configure', { configuration: { ...acme.configuration, fields: { displayName: 'displayName' } }, by: 'Jo' });
    await acme.sync();
    expect((accountOf(person(1).id)?.[enterprise] as { department?: string }).department).toBe(department);
  });
});
