import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from '../../../sandbox/lms/accounts';
import { KeptAccounts } from '../../../sandbox/lms/kept-accounts';

const baseUrl = 'http://127.0.0.1:1/scim/v2';

describe('accounts in a folder', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lms-'));
    path = join(folder, 'accounts.ndjson');
  });
  const open = () => {
    const kept = new KeptAccounts(folder);
    return { kept, accounts: new Accounts({ baseUrl, kept }) };
  };

  test('are there again, with their versions, and a torn last line is cut off before more is written', () => {
    const { kept, accounts } = open();
    const jo = accounts.create({ userName: 'jo' }, 'client');
    accounts.write(jo, { userName: 'joe', active: false }, 'client');
    accounts.create({ userName: 'ann' }, 'client');
    kept.close();
    appendFileSync(path, '{"userName":"torn');

    const second = open();
    expect(second.accounts.all().map(({ userName, version, active }) => [userName, version, active])).toEqual([
      ['joe', 2, false],
      ['ann', 1, null],
    ]);
    second.accounts.create({ userName: 'new' }, 'client');
    second.kept.close();
    expect(
      open()
        .accounts.all()
        .map(({ userName }) => userName),
    ).toEqual(['joe', 'ann', 'new']);
  });

  test('are kept without what is outdated from the next start on', () => {
    const { kept, accounts } = open();
    const jo = accounts.create({ userName: 'jo' }, 'client');
    for (let index = 0; index < 50; index++) accounts.write(jo, { userName: 'jo', title: `${index}` }, 'client');
    accounts.delete(accounts.create({ userName: 'gone' }, 'client'), 'client');
    kept.close();
    expect(open().accounts.size).toBe(1);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(2);
  });

  test('that are damaged in the middle are not guessed at: the start fails and says what to do', () => {
    writeFileSync(path, '{"userName":\n{}\n');
    expect(open).toThrow(/damaged in line 1\. Remove the file/);
  });
});
