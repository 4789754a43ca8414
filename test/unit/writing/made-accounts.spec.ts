import { MadeAccounts } from '../../../activities/writing/made-accounts';

const account = (name: string) => ({ accountId: name, userName: name });

describe('Accounts that were just made', () => {
  test('are known as managers for a while, and do not pile up', () => {
    const made = new MadeAccounts(100);
    for (let n = 1; n <= 1_000; n += 1) {
      made.set(`m${n}`, account(`a${n}`));
      for (const earlier of [n, Math.max(1, n - 99)]) expect(made.get(`m${earlier}`)).toEqual(account(`a${earlier}`));
    }
    expect(Array.from({ length: 1_000 }, (_, n) => made.get(`m${n + 1}`)).filter(Boolean).length).toBeLessThanOrEqual(200);
  });
});
