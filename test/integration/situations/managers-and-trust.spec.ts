/** Managers, time and trust: situations 36 to 39. */
import { randomUUID } from 'node:crypto';
import { title } from './sentences';
import { accountOf, enterprise, entra, isActive, live, lms, manager, managerOf, members, person, reportsOf, writes } from './situation';

jest.setTimeout(120_000);

const withManager = () => {
  const report = members().find(({ managerId }) => managerId && members().some(({ id }) => id === managerId));
  return { report: report?.id ?? '', boss: report?.managerId ?? '' };
};

describe(title(36), () => {
  test('the mail first, then the manager', async () => {
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
});

describe(title(37), () => {
  test('outside the group, a contact, oneself or in a loop', async () => {
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
  ] as const)('deactivated: by policy %s', async (_title, unavailable) => {
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
});

describe(title(38), () => {
  test('after everybody else', async () => {
    const { report, boss: manager } = withManager();
    entra.leave({ id: manager });
    const acme = await live();
    expect(managerOf(report)).toBeUndefined();
    entra.join({ id: manager });
    await acme.sync();
    expect(managerOf(report)).toBe(accountOf(manager)?.id);
  });
});

describe(title(39), () => {
  test.each([
    ['consent withdrawn', 'consentWithdrawn', { with: { permission: 'GroupMember.Read.All' } }, 'PermissionMissing'],
    ['secret expired', 'secretExpired', {}, 'SecretExpired'],
    ['secret replaced by a wrong one', 'secretWrong', {}, 'SecretRejected'],
  ])('%s', async (_title, kind, rest, code) => {
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
