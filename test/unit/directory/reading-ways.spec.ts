import { firstPage, wayOfLink } from '../../../adapters/directory/member-query';

const select = { user: ['mail', 'id'], manager: ['mail'] };

describe('how members are asked for', () => {
  it('takes the largest page and the managers with it, without asking for eventual consistency', () => {
    expect(firstPage('g', select, 'plain')).toEqual({
      path: '/groups/g/members/microsoft.graph.user?$select=id,accountEnabled,mail&$expand=manager($select=id,mail)&$top=999',
      headers: {},
    });
  });

  it('asks for eventual consistency with a count, and then without managers, which do not go together', () => {
    expect(firstPage('g', select, 'eventual')).toEqual({
      path: '/groups/g/members/microsoft.graph.user?$select=id,accountEnabled,mail&$count=true&$top=999',
      headers: { ConsistencyLevel: 'eventual' },
    });
  });

  it('leaves managers out where nobody wants them', () => {
    expect(firstPage('g', { user: [] }, 'plain').path).not.toContain('manager');
  });

  it('lets no attribute’s name add to the query', () => {
    expect(firstPage('g', { user: ['a&$filter=x'] }, 'plain').path).toContain('a%26%24filter%3Dx');
  });

  it('is read off a stored link where the link tells', () => {
    expect(wayOfLink('https://x/v1.0/groups/g/members?$select=id&$expand=manager($select=id)&$skiptoken=1')).toBe('plain');
    expect(wayOfLink('https://x/v1.0/groups/g/members?%24count=true&$skiptoken=1')).toBe('eventual');
    expect(wayOfLink('https://x/v1.0/groups/g/members?$skiptoken=1')).toBeUndefined();
  });
});
