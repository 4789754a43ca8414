import { pageOf } from '../../../adapters/directory/member-page';
import { codeOf } from '../../../domain/failures';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const failing = (body: unknown) => {
  try {
    return pageOf(bytes(body)).members();
  } catch (error) {
    return { code: codeOf(error), message: (error as Error).message };
  }
};

describe('members on a page', () => {
  it('are its users: devices, contacts, groups and rows without an id are left out', () => {
    const value = [
      { id: 'a', accountEnabled: true },
      { id: 'b', '@odata.type': '#microsoft.graph.user', accountEnabled: false },
      { id: 'c', '@odata.type': '#microsoft.graph.device', accountEnabled: null },
      { id: 'd', '@odata.type': '#microsoft.graph.orgContact' },
      { id: 'e', '@odata.type': '#microsoft.graph.group' },
      { displayName: 'nobody' },
      null,
    ];
    expect(pageOf(bytes({ value })).members()).toEqual([value[0], value[1]]);
  });

  it('are none on an empty page, which is no failure', () => {
    expect(pageOf(bytes({ value: [] })).members()).toEqual([]);
  });

  it('are unreadable when everything about everybody is null', () => {
    const hidden = { '@odata.type': '#microsoft.graph.user', id: 'a', displayName: null, mail: null, businessPhones: [] };
    expect(failing({ value: [hidden, { ...hidden, id: 'b' }] })).toMatchObject({
      code: 'MembersUnreadable',
      message: expect.stringContaining('2 of 2'),
    });
  });

  it('are unreadable when one person’s accountEnabled is null, for that is no "disabled"', () => {
    const value = [
      { id: 'a', accountEnabled: true, mail: 'a@x.example' },
      { id: 'b', accountEnabled: null, mail: 'b@x.example' },
    ];
    expect(failing({ value })).toMatchObject({ code: 'MembersUnreadable', message: expect.stringContaining('1 of 2') });
  });

  it('are readable when some of them have nothing but their name', () => {
    const value = [{ id: 'a', accountEnabled: true, mail: null, department: null }];
    expect(pageOf(bytes({ value })).members()).toHaveLength(1);
  });

  it.each([
    ['an empty body', '', 'DirectoryUnavailable'],
    ['a page of a proxy', '<html>hello</html>', 'DirectoryUnavailable'],
    ['no collection', { id: 'g' }, 'DirectoryUnavailable'],
    ['a collection that is none', { value: { id: 'g' } }, 'DirectoryUnavailable'],
    ['a body that breaks off', '{"value":[{"id":"a","accountEnabled":tr', 'DirectoryAnswerCutOff'],
    ['a body that breaks off behind somebody', '{"value":[{"id":"Jo Doe"}', 'DirectoryAnswerCutOff'],
  ])('are not read from %s', (_, body, code) => {
    expect(failing(body)).toMatchObject({ code });
  });

  it('never show in the message of a failure', () => {
    expect((failing('{"value":[{"id":"Jo Doe"}') as { message: string }).message).not.toContain('Jo');
  });
});
