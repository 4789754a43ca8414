/** Situations that a sync meets, by the numbers of the list that they were gathered in; each title is the right outcome. */
import { accountOf, entra, isActive, live, lms, members, person, withoutReports, writes } from './situation';

jest.setTimeout(120_000);

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

  test('8: whoever is back amid a mass rename is switched on at once, under the name that the account has', async () => {
    const acme = await live({ thresholds: { renames: { count: 3, percent: 5 } } });
    const { id, userPrincipalName } = person(11);
    entra.disable({ id });
    await acme.sync();
    expect(isActive(id)).toBe(false);
    entra.enable({ id });
    for (const { id: one, userPrincipalName: upn } of members()) {
      entra.rename({ id: one, userPrincipalName: upn.replace('@', '@x.onmicrosoft.com.') });
    }
    expect(await acme.sync()).toMatchObject({ outcome: 'held', done: { reactivated: 1, updated: 0 } });
    expect(accountOf(id)).toMatchObject({ active: true, userName: userPrincipalName });
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
