/** Who is who: situations 2 to 9. */
import { title } from './sentences';
import { accountOf, entra, isActive, live, lms, members, person, withoutReports, world, writes } from './situation';

jest.setTimeout(120_000);

const linkedAccounts = async (customerId: string) =>
  (await world.database.rows<{ account_id: string }>('select account_id from link where customer_id = $1', [customerId])).map(
    ({ account_id }) => account_id,
  );

describe(title(2), () => {
  test('on the same day: the heir gets an account of their own', async () => {
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

  test('while the owner, who has left, still has the account of that name: it is not adopted', async () => {
    const acme = await live({ leavers: { leftGroup: 'hold' } });
    const owner = withoutReports();
    const upn = owner.userPrincipalName;
    const account = accountOf(owner.id);
    entra.leave({ id: owner.id });
    entra.rename({ id: owner.id, userPrincipalName: `renamed.${upn}`, mail: `renamed.${upn}` });
    const [heir = ''] = entra.hire({ attributes: { userPrincipalName: upn, mail: upn } }).ids;
    const before = writes();
    expect((await acme.sync()).problems).toEqual({ AccountLinkedElsewhere: 1 });
    expect(accountOf(owner.id)).toEqual(account);
    expect(accountOf(heir)).toBeUndefined();
    expect(writes()).toBe(before);
  });
});

describe(title(3), () => {
  test.each([
    ['a new', 'back.'],
    ['the old', ''],
  ])('under %s UPN', async (_title, prefix) => {
    const acme = await live();
    const { id, userPrincipalName: upn } = person(3);
    const own = accountOf(id)?.id;
    entra.delete({ id });
    await acme.sync();
    expect(isActive(id)).toBe(false);
    entra.restore({ id, userPrincipalName: `${prefix}${upn}` });
    await acme.sync();
    expect(accountOf(id)).toMatchObject({ id: own, active: true, userName: `${prefix}${upn}` });
    expect(lms.journal({ by: 'client' }).filter(({ did }) => did === 'create')).toHaveLength(12);
  });
});

describe(title(4), () => {
  test.each([
    ['marriage', 'new.name@northwind.example', { surname: 'Name' }, { name: { familyName: 'Name' } }],
    ['a new domain', 'somebody@northwind-group.example', {}, {}],
  ])('%s', async (_title, upn, also, shown) => {
    const acme = await live();
    const { id } = withoutReports();
    const before = accountOf(id);
    entra.rename({ id, userPrincipalName: upn, mail: upn, ...also });
    const report = await acme.sync();
    expect(report.done).toMatchObject({ updated: 1, created: 0, deactivated: 0 });
    expect(accountOf(id)).toMatchObject({ id: before?.id, userName: upn, emails: [{ value: upn }], active: true, ...shown });
    expect(accountOf(id)?.meta.created).toBe(before?.meta.created);
    expect(lms.journal({ id: before?.id }).map(({ did }) => did)).not.toContain('delete');
    expect(lms.accounts()).toHaveLength(12);
  });
});

describe(title(5), () => {
  test('an account that was made by hand', async () => {
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
});

describe(title(6), () => {
  test('both end right', async () => {
    const acme = await live();
    const [one, other] = [person(4), person(5)].map(({ id, userPrincipalName }) => ({
      id,
      upn: userPrincipalName,
      own: accountOf(id)?.id,
    }));
    entra.swapNames({ one: one?.id ?? '', other: other?.id ?? '' });
    await acme.sync();
    expect(accountOf(one?.id ?? '')).toMatchObject({ id: one?.own, userName: other?.upn, active: true });
    expect(accountOf(other?.id ?? '')).toMatchObject({ id: other?.own, userName: one?.upn, active: true });
    expect(lms.accounts()).toHaveLength(12);
  });
});

describe(title(7), () => {
  test('its capitals', async () => {
    const acme = await live();
    const { id, userPrincipalName } = person(6);
    const before = writes();
    entra.rename({ id, userPrincipalName: userPrincipalName.toUpperCase() });
    await acme.sync();
    expect(writes()).toBe(before);
  });
});

describe(title(8), () => {
  const fallBack = () => {
    for (const { id, userPrincipalName } of members())
      entra.rename({ id, userPrincipalName: userPrincipalName.replace(/@.*/, '@northwind.onmicrosoft.com') });
  };

  test('nobody is renamed until one decision releases them', async () => {
    const acme = await live({ thresholds: { renames: { count: 3, percent: 5 } } });
    fallBack();
    const before = writes();
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'held', plan: { held: 12, update: 0 } });
    expect(writes()).toBe(before);
    const { rows } = await acme.lookUp('holds');
    expect(rows).toHaveLength(12);
    expect(rows[0]).toMatchObject({ kind: 'rename', code: 'ThresholdRenames', state: 'open' });
    await acme.update('decideHolds', { decision: 'release', holds: 'all', by: 'Jo', reason: 'the domain moved' });
    expect((await acme.sync()).done.updated).toBe(12);
  });

  test('whoever is back amid it is switched on at once, under the name that the account has', async () => {
    const acme = await live({ thresholds: { renames: { count: 3, percent: 5 } } });
    const { id, userPrincipalName } = person(11);
    entra.disable({ id });
    await acme.sync();
    expect(isActive(id)).toBe(false);
    entra.enable({ id });
    fallBack();
    expect(await acme.sync()).toMatchObject({ outcome: 'held', done: { reactivated: 1, updated: 0 } });
    expect(accountOf(id)).toMatchObject({ active: true, userName: userPrincipalName });
  });
});

describe(title(9), () => {
  test('the second comes later', async () => {
    const acme = await live();
    const first = accountOf(person(0).id);
    const [heir = ''] = entra.hire({ attributes: { mail: person(0).mail } }).ids;
    const report = await acme.sync();
    expect(report.problems).toEqual({ EmailDuplicate: 1 });
    expect(accountOf(heir)).toBeUndefined();
    expect(accountOf(person(0).id)).toEqual(first);
    expect((await acme.lookUp('problems')).rows).toMatchObject([{ memberId: heir, code: 'EmailDuplicate' }]);
  });

  test('both come at once, and an account of that mail is there that accounts are matched by', async () => {
    const [one, other] = [person(0), person(1)];
    entra.set({ id: other.id, attributes: { mail: one.mail } });
    lms.addAccounts([{ userName: 'by-hand', emails: [{ value: one.mail, type: 'work' }] }]);
    const acme = await live({ matching: { by: 'email' } });
    const linked = await linkedAccounts(acme.customerId);
    expect(new Set(linked).size).toBe(linked.length);
    expect((await acme.lookUp('problems')).rows).toMatchObject([{ code: 'EmailDuplicate' }]);
    expect([one, other].filter(({ id }) => accountOf(id))).toHaveLength(1);
  });
});
