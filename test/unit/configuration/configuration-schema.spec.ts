import { parseConfiguration } from '../../../domain/configuration/configuration-schema';

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const least = {
  name: 'Acme',
  directory: { tenantId: id, clientId: id, groupId: id },
  target: { type: 'scim', baseUrl: 'https://lms.example.com/scim/v2/' },
  userName: 'userPrincipalName',
};

describe('a configuration', () => {
  test('needs little, and the rest has defaults', () => {
    expect(parseConfiguration({ ...least, fields: { givenName: 'givenName', email: { value: 'mail', required: true } } })).toMatchObject({
      configuration: {
        directory: { cloud: 'global' },
        target: { baseUrl: 'https://lms.example.com/scim/v2', concurrency: 16 },
        fields: {
          givenName: { value: 'givenName', apply: 'always', whenEmpty: 'clear', required: false },
          email: { value: 'mail', required: true },
        },
        thresholds: { leavers: { count: 5, percent: 5 }, additions: { count: 50, percent: 20 }, renames: { count: 10, percent: 5 } },
        leavers: { leftGroup: 'deactivate', disabled: 'deactivate', deleted: 'deactivate' },
        cadence: { everyMinutes: 30 },
      },
    });
  });

  test('is refused with every fault in it at once, each with its path', () => {
    const faulty = {
      ...least,
      directory: { tenantId: 'acme', clientId: id, groupId: id, authority: 'https://evil.example' },
      target: { type: 'scim', baseUrl: 'https://jo:secret@lms.example.com' },
      userName: { Shout: ['mail'] },
      fields: { shoeSize: 'shoeSize', title: { Coalesce: [{ Trim: [] }, 'jobTitle'] }, department: { value: 'a,b' } },
      leavers: { leftGroup: 'delete' },
      cadence: { everyMinutes: 5 },
    };
    const result = parseConfiguration(faulty);
    const faults = 'faults' in result ? result.faults.map(({ path, message }) => `${path}: ${message.slice(0, 50)}`) : [];
    expect(faults.sort()).toEqual(
      [
        'cadence.everyMinutes: Too small: expected number to be >=30',
        'directory.authority: there is no such key',
        'directory.tenantId: expected the Directory (tenant) ID, such as 3f2504',
        'fields.department.value: an attribute’s name consists of letters, digits an',
        'fields.shoeSize: there is no such key',
        'fields.title.value.Coalesce.0.Trim: expected a list of 1',
        'leavers.leftGroup: expected "deactivate", "hold", "leave" or {"graceD',
        'target.baseUrl: a credential does not belong in a URL: hand it ove',
        'userName.Shout: no such function; there are Append, Coalesce, Equa',
      ].sort(),
    );
  });

  test('that is no object says so', () => {
    expect(parseConfiguration('acme')).toMatchObject({ faults: [{ path: '' }] });
  });
});
