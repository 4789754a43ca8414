/** Situations that a sync meets, by the numbers of the list that they were gathered in; each title is the right outcome. */
import {
  accountOf,
  deactivations,
  entra,
  isActive,
  live,
  lms,
  manager,
  managerOf,
  person,
  reportsOf,
  withoutReports,
  world,
  writes,
} from './situation';

jest.setTimeout(120_000);

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

  test('23: whoever left the group and is put on the protected list is unlinked too, so that nobody has them as manager any more', async () => {
    const acme = await live({ leavers: { leftGroup: 'hold' } });
    const { id } = manager();
    const reports = reportsOf(id).map((report) => report.id);
    const account = accountOf(id);
    expect(new Set(reports.map(managerOf))).toEqual(new Set([account?.id]));
    entra.leave({ id });
    expect(await acme.sync()).toMatchObject({ outcome: 'held', plan: { deactivate: 0, held: 1 } });
    await acme.update('configure', {
      configuration: { ...acme.configuration, protectedAccounts: [String(account?.userName), ...acme.configuration.protectedAccounts] },
      by: 'Jo',
    });
    expect(await acme.sync()).toMatchObject({ outcome: 'succeeded', plan: { unlink: 1, held: 0 }, done: { managers: reports.length } });
    expect((await acme.lookUp('changes', { kind: 'unlink' })).rows.map(({ cause }) => cause)).toEqual(['protected']);
    expect(accountOf(id)).toEqual(account);
    expect(reports.map(managerOf)).toEqual(reports.map(() => undefined));
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
