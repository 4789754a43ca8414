import { graphAttributes, nestedAttributes } from '../../../domain/mapping/graph-attributes';
import { Applications } from '../../../sandbox/entra/applications';
import { applyChange } from '../../../sandbox/entra/changes';
import { userWith } from '../../../sandbox/entra/properties';
import { queryOf } from '../../../sandbox/entra/query';
import { Tenant } from '../../../sandbox/entra/tenant';
import { populate } from '../../../sandbox/people/population';

const ofGraph = (name: string) => name.split('.')[0] as string;
const asked = (select: string) => {
  const query = new URLSearchParams({ $select: select });
  const request = {
    method: 'GET',
    path: '',
    url: '',
    origin: '',
    query,
    eventual: false,
    granted: new Set<string>(),
    permissions: new Set<string>(),
  };
  return queryOf(request, { users: true, list: true }).select;
};

describe('a user’s properties', () => {
  it('can be selected by every name that a mapping may use, and are then there, if only as null', () => {
    const [person] = populate({ size: 1, seed: 1 }).members;
    const nested = nestedAttributes.map(ofGraph).filter((name) => name !== 'manager' && !name.startsWith('extensionAttribute'));
    const names = [...new Set([...graphAttributes, 'onPremisesExtensionAttributes', ...nested])];
    expect(asked(names.join(','))).toEqual(names);
    const user = person && userWith(person, names);
    expect(names.filter((name) => user?.[name] === undefined)).toEqual([]);
  });

  it('that live outside the directory are refused in lists', () => {
    expect(() => asked('id,preferredName')).toThrow('not supported in a list');
  });

  it('tell cost centre and division of a few, which can be set', () => {
    const tenant = new Tenant({ size: 200, seed: 2 }, '11111111-1111-4111-8111-111111111111');
    const filledIn = [...tenant.people.values()].filter(({ person }) => person.employeeOrgData !== null);
    expect(filledIn.length).toBeGreaterThan(3);
    expect(filledIn.length).toBeLessThan(40);

    const [{ person }] = filledIn as [(typeof filledIn)[0]];
    const applications = new Applications('22222222-2222-4222-8222-222222222222', []);
    const attributes = { employeeOrgData: { division: 'Wholesale' } };
    applyChange({ tenant, applications, at: '2026-01-01T00:00:00Z' }, 'set', { id: person.id, attributes });
    expect(userWith(person, ['employeeOrgData'])).toEqual({ employeeOrgData: { costCenter: null, division: 'Wholesale' } });
  });

  it('name an object for Windows by its id', () => {
    const [person] = populate({ size: 1, seed: 1 }).members;
    const user = person && userWith({ ...person, id: '01020304-0506-4708-890a-0b0c0d0e0f10' }, ['securityIdentifier']);
    expect(user?.securityIdentifier).toBe('S-1-12-1-16909060-1191707910-202050185-269422093');
  });
});
