import { accountOf, patchOf, userOf, type Member } from '../../bench/bare-account';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const custom = 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User';
const jo: Member = {
  id: 'm1',
  accountEnabled: true,
  userPrincipalName: 'jo@northwind.example',
  givenName: 'Jo',
  mail: 'jo@northwind.example',
  city: 'Porto',
  manager: { id: 'm2', mail: 'boss@northwind.example' },
};

describe('The bare script', () => {
  it('creates somebody with their manager in the same request', () => {
    expect(JSON.parse(userOf(accountOf(jo, 'a2')))).toMatchObject({
      userName: 'jo@northwind.example',
      externalId: 'm1',
      active: true,
      name: { givenName: 'Jo' },
      emails: [{ value: 'jo@northwind.example', type: 'work', primary: true }],
      [enterprise]: { department: 'Unassigned', manager: { value: 'a2' } },
      [custom]: { location: 'Porto', managerEmail: 'boss@northwind.example' },
    });
  });

  it('writes what differs and nothing else', () => {
    const patch = patchOf(accountOf(jo, 'a2'), accountOf({ ...jo, jobTitle: 'Engineer', manager: null }, undefined));
    expect((JSON.parse(patch as string) as { Operations: object[] }).Operations).toEqual(
      expect.arrayContaining([
        { op: 'replace', path: 'title', value: 'Engineer' },
        { op: 'remove', path: `${enterprise}:manager` },
        { op: 'remove', path: `${custom}:managerEmail` },
      ]),
    );
    expect(patch).not.toContain('userName');
  });

  it('leaves whoever did not change alone', () => {
    expect(patchOf(accountOf(jo, 'a2'), accountOf({ ...jo }, 'a2'))).toBeUndefined();
  });
});
