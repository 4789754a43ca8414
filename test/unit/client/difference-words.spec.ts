import { differenceWords } from '../../../client/commands/rows';

describe('What a change did, in one line', () => {
  it('tells a value that was changed, one that is new, and one that was cleared, each by its field', () => {
    const before = { userName: 'jo@x.example', fields: { displayName: 'Jo', department: 'Sales' } };
    const after = { userName: 'joe@x.example', set: { displayName: 'Joe', title: 'Head' }, clear: ['department'] };
    expect(differenceWords({ before, after })).toBe(
      'userName: jo@x.example → joe@x.example, displayName: Jo → Joe, department: Sales → nothing, title: → Head',
    );
  });

  it('tells what an account was made with', () => {
    const after = { userName: 'jo', active: true, fields: { displayName: 'Jo' }, onlyAtCreation: ['displayName'], keptWhenEmpty: [] };
    expect(differenceWords({ after })).toBe('userName: → jo, active: → true, displayName: → Jo');
  });

  it('tells a deactivation, and a manager who was set or taken away', () => {
    expect(differenceWords({ before: { active: true }, after: { active: false } })).toBe('active: true → false');
    expect(differenceWords({ before: { managerAccount: 'm1' }, after: { managerAccount: null } })).toBe('managerAccount: m1 → nothing');
    expect(differenceWords({ after: { set: {}, clear: [], manager: { accountId: 'm1', userName: 'al' } } })).toBe(
      'manager.accountId: → m1, manager.userName: → al',
    );
  });
});
