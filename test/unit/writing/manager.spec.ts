import type { PendingChange } from '../../../adapters/store/change-store';
import type { Applying } from '../../../activities/writing/applying';
import { MadeAccounts } from '../../../activities/writing/made-accounts';
import { managerOf } from '../../../activities/writing/manager';

const boss = { accountId: 'a1', userName: 'boss' };

function managerWritten(
  manager: { reference: 'write' | 'leave'; unavailable: 'clear' | 'keep' },
  change: Partial<PendingChange>,
  made = new MadeAccounts(),
) {
  const whole = { kind: 'update', managerId: 'm1', manager: null, isInLoop: false, ...change } as PendingChange;
  return managerOf(whole, { configuration: { manager }, made } as unknown as Applying);
}

const usual = { reference: 'write', unavailable: 'clear' } as const;

describe('The manager that the LMS is told', () => {
  test('is the account that the store knows, or that was made a moment ago', () => {
    expect(managerWritten(usual, { manager: boss })).toEqual(boss);
    const made = new MadeAccounts();
    made.set('m1', boss);
    expect(managerWritten(usual, {}, made)).toEqual(boss);
  });

  test('is left as it is where the LMS is not to be told', () => {
    expect(managerWritten({ ...usual, reference: 'leave' }, { manager: boss })).toBeUndefined();
    expect(managerWritten({ ...usual, reference: 'leave' }, { managerId: null })).toBeUndefined();
  });

  test('is nobody for whom the directory has none', () => {
    expect(managerWritten(usual, { managerId: null })).toBeNull();
  });

  test('who has no account yet may still come; afterwards the policy decides', () => {
    expect(managerWritten(usual, { kind: 'create' })).toBeUndefined();
    expect(managerWritten(usual, { kind: 'manager' })).toBeNull();
    expect(managerWritten({ ...usual, unavailable: 'keep' }, { kind: 'manager' })).toBeUndefined();
  });

  test('is nobody, or left as it is, for whoever would be their own', () => {
    expect(managerWritten(usual, { isInLoop: true, manager: boss })).toBeNull();
    expect(managerWritten({ ...usual, unavailable: 'keep' }, { isInLoop: true, manager: boss })).toBeUndefined();
  });
});
