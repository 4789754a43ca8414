/** Whoever is excluded: situation 23. */
import { title } from './sentences';
import { accountOf, entra, live, lms, manager, managerOf, person, reportsOf, withoutReports, writes } from './situation';

jest.setTimeout(120_000);

describe(title(23), () => {
  // An exclusion group: not yet.
  const robots = { scope: { exclude: [[{ attribute: 'department', operator: 'EQUALS', value: 'Robots' }]] } };

  test('excluded by a rule is never created; already linked is unlinked and left as it is, and the run says so', async () => {
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
    'the account of an excluded manager is left as it is; by policy those who report to them have it %s',
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

  test('on the protected list is never created and never linked; already linked is unlinked and left as it is, by user name or by account', async () => {
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

  test('whoever left the group and is put on the protected list is unlinked too, so that nobody has them as manager any more', async () => {
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

  test('the account of somebody excluded is not taken over by whoever gets its user name', async () => {
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
