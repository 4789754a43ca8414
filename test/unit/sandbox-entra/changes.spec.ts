import { Refused } from '../../../sandbox/controls/refused';
import { Applications } from '../../../sandbox/entra/applications';
import { applyChange } from '../../../sandbox/entra/changes';
import type { Churned } from '../../../sandbox/entra/churn';
import { everybody } from '../../../sandbox/entra/entra';
import { Tenant } from '../../../sandbox/entra/tenant';
import { UserJson } from '../../../sandbox/entra/user-json';

function tenantOf(size = 200, awkward = false) {
  const tenant = new Tenant({ size, seed: 2, awkward }, '11111111-1111-4111-8111-111111111111');
  const applications = new Applications('22222222-2222-4222-8222-222222222222', ['User.Read.All']);
  const apply = (name: string, asked: unknown) => applyChange({ tenant, applications, at: '2026-01-01T00:00:00Z' }, name, asked);
  const [one = '', other = '', third = ''] = tenant.group.members.all();
  return { tenant, apply, one, other, third };
}

describe('what can happen in the sandbox’s tenant', () => {
  it('two people swap user names and mail', () => {
    const { tenant, apply, one, other } = tenantOf();
    const before = [tenant.need(one).person.userPrincipalName, tenant.need(other).person.userPrincipalName];
    apply('swapNames', { one, other });
    expect([tenant.need(other).person.userPrincipalName, tenant.need(one).person.userPrincipalName]).toEqual(before);
    expect(tenant.find(before[0] ?? '')?.person.id).toBe(other);
  });

  it('a user name that somebody holds is refused, and nothing changes', () => {
    const { tenant, apply, one, other } = tenantOf();
    const taken = tenant.need(other).person.userPrincipalName;
    const before = { ...tenant.need(one).person };
    expect(() => apply('rename', { id: one, userPrincipalName: taken.toUpperCase(), displayName: 'New' })).toThrow(Refused);
    expect(tenant.need(one).person).toEqual(before);
  });

  it('a name freed by a deletion can be taken, and then the deleted one comes back only under another', () => {
    const { tenant, apply, one, other } = tenantOf();
    const upn = tenant.need(one).person.userPrincipalName;
    apply('delete', { id: one });
    apply('rename', { id: other, userPrincipalName: upn });
    expect(() => apply('restore', { id: one })).toThrow('held by somebody else');
    apply('restore', { id: one, userPrincipalName: 'back@northwind.example' });
    expect(tenant.group.members.has(one)).toBe(true);
  });

  it('unknown people and unknown attributes are refused, every fault named', () => {
    const { apply } = tenantOf();
    expect(() => apply('leave', { id: 'nobody' })).toThrow('nobody is called nobody');
    expect(() => apply('set', { id: 'x', attributes: { accountEnabled: 'no', shoeSize: 44 } })).toThrow(/accountEnabled.*shoeSize/s);
  });

  it('a day’s churn touches the share asked for, each once, the same for the same seed', () => {
    const [first, second] = [tenantOf(1_000), tenantOf(1_000)];
    const churned = first.apply('churn', { percent: 5, seed: 9 }) as Churned;
    expect(second.apply('churn', { percent: 5, seed: 9 })).toEqual(churned);
    const ids = Object.values(churned).flat() as string[];
    expect([ids.length, new Set(ids).size]).toEqual([50, 50]);
    const members = first.tenant.group.members;
    expect(members.size).toBe(1_000 + churned.hired.length - churned.left.length - churned.deleted.length);
    expect([...churned.left, ...churned.deleted].some((id) => members.has(id))).toBe(false);
    expect([...everybody(first.tenant)]).toEqual([...everybody(second.tenant)]);
  });

  it('ready-made JSON follows a manager who is renamed, deleted, restored or exchanged', () => {
    const { tenant, apply, one, other, third } = tenantOf();
    const json = new UserJson(tenant).of({
      select: ['id'],
      expandManager: ['id', 'mail'],
      typed: false,
      unreadable: false,
      contacts: false,
    });
    const managerNow = () => (JSON.parse(json(tenant.need(one))) as { manager?: { id: string; mail: string } }).manager;
    apply('moveToManager', { id: one, managerId: other });
    expect(managerNow()?.id).toBe(other);
    apply('rename', { id: other, mail: 'renamed@northwind.example' });
    expect(managerNow()?.mail).toBe('renamed@northwind.example');
    apply('delete', { id: other });
    expect(managerNow()).toBeUndefined();
    apply('restore', { id: other });
    expect(managerNow()?.id).toBe(other);
    apply('moveToManager', { id: one, managerId: third });
    expect(managerNow()?.id).toBe(third);
    apply('moveToManager', { id: one, managerId: null });
    expect(managerNow()).toBeUndefined();
  });
});
