import type { Target, TargetMemory } from '../../../adapters/target/target';
import type { AccountChange, DesiredAccount, ManagerReference } from '../../../domain/account';
import type { Habits } from '../strange/strange-habits';
import { startStrangeLms, type StrangeLms } from '../strange/strange-lms';
import { scimTarget, type Opened } from './scim-under-test';
import { changed, signal, somebody } from './target-contract';

type Instead = NonNullable<Habits['instead']>;

const refusal = (status: number, detail?: string, scimType?: string) => ({
  status,
  body: {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(detail && { detail }),
    ...(scimType && { scimType }),
  },
});
const isWrite = (method: string) => method !== 'GET';
/** Whoever writes such text is refused so. */
const refuses =
  (text: string, answer: ReturnType<Instead>): Instead =>
  (method, _path, body) =>
    isWrite(method) && body.includes(text) ? answer : undefined;
/** Whatever is done to this account, but for reading it. */
const touching = (id: unknown, status: number, detail?: string): Instead => {
  return (method, path) => (isWrite(method) && path === `/Users/${String(id)}` ? refusal(status, detail) : undefined);
};

let lms: StrangeLms;
let target: Target;
let instead: Instead | undefined;

const open = async (habits: Partial<Habits> = {}, options: Opened = {}) => {
  lms = await startStrangeLms({ instead: (...asked) => instead?.(...asked), ...habits });
  target = scimTarget(lms.baseUrl, { token: lms.token, ...options });
};
const again = async () => {
  await target.close();
  target = scimTarget(lms.baseUrl, { token: lms.token, memory: JSON.parse(JSON.stringify(target.memory())) as TargetMemory });
};
afterEach(async () => {
  instead = undefined;
  await Promise.all([target.close(), lms.close()]);
});

const create = (name: string, fields: DesiredAccount['fields'] = {}, manager?: ManagerReference) =>
  target.create(somebody(name, fields), manager, signal);
const update = (id: string, change: Partial<AccountChange>, name = 'whole') =>
  target.update(id, changed(change), { desired: somebody(name) }, signal);
const made = async (name: string, fields: DesiredAccount['fields'] = {}) => (await create(name, fields)).account.accountId;
const account = (id: string) => lms.accounts.get(id);
const boss: ManagerReference = { accountId: 'gone', userName: 'boss@example.org' };

describe('A change of which a part is refused', () => {
  const back = { active: true, userName: 'new@example.org', set: { title: 'Cook', nickName: 'Jo' } };

  test.each([
    ['it is refused', refusal(400), 'TargetValueRefused'],
    ['it is refused by name', refusal(400, 'userName: not so', 'invalidValue'), 'TargetValueRefused'],
    ['another account has it', refusal(409, 'userName already exists', 'uniqueness'), 'TargetUserNameTaken'],
    ['another account has it, which is not said', refusal(409), 'TargetUserNameTaken'],
  ])('keeps the rest where the user name is what it is refused for: %s', async (_title, answer, code) => {
    await open();
    const id = await made('a');
    await update(id, { active: false });
    instead = refuses('new@example.org', answer);
    const written = await update(id, back);
    expect(written).toMatchObject({
      account: { userName: 'a@example.org', active: true, fields: { title: 'Cook', nickName: 'Jo' } },
      refused: [{ field: 'userName', isDue: true, ...(code !== 'TargetValueRefused' && { code }) }],
    });
    expect(account(id)).toMatchObject({ userName: 'a@example.org', active: true, title: 'Cook' });
    await expect(update(id, { userName: 'new@example.org' })).rejects.toMatchObject({ code });
  });

  test('keeps the rest where a name that is taken is answered with 500', async () => {
    await open({ conflict: 500 });
    const [id] = [await made('a'), await made('new')];
    await update(id, { active: false });
    const written = await update(id, back);
    expect(written).toMatchObject({ refused: [{ field: 'userName', code: 'TargetUserNameTaken', isDue: true }] });
    expect(account(id)).toMatchObject({ userName: 'a@example.org', active: true, title: 'Cook' });
  });

  test('keeps the rest where a field is refused that is required, and nothing else is tried again', async () => {
    await open({}, { requiredFields: ['title'] });
    const id = await made('a', { title: 'Cook' });
    instead = refuses('Pilot', refusal(400));
    expect(await update(id, { active: false, set: { title: 'Pilot' } })).toMatchObject({
      account: { active: false, fields: { title: 'Cook' } },
      refused: [{ field: 'title', isDue: true }],
    });
    await expect(update(id, { set: { title: 'Pilot' } })).rejects.toMatchObject({ code: 'TargetValueRefused' });
  });

  test.each(['e-mail already in use', undefined])('loses an address that another account has, and nothing else (%s)', async (words) => {
    await open();
    const id = await made('a', { email: 'a@example.org' });
    await update(id, { active: false });
    instead = refuses('b@example.org', refusal(409, words, 'uniqueness'));
    const written = await update(id, { active: true, set: { email: 'b@example.org', title: 'Cook' } });
    expect(written).toMatchObject({ account: { active: true, fields: { email: 'a@example.org', title: 'Cook' } } });
    expect(written.refused).toEqual([{ field: 'email', detail: expect.any(String) }]);
    expect(await update(id, { set: { email: 'b@example.org' } })).toMatchObject({ refused: [{ field: 'email' }] });
  });

  test('keeps what is made where the rest of it is forbidden', async () => {
    await open();
    const id = await made('a');
    await update(id, { active: false });
    instead = (method, _path, body) =>
      isWrite(method) && body.includes('new@example.org') ? refusal(body.includes('"active"') ? 400 : 403) : undefined;
    expect(await update(id, { active: true, userName: 'new@example.org' })).toMatchObject({
      account: { userName: 'a@example.org', active: true },
      refused: [{ field: 'userName', isDue: true }],
    });
  });

  test('fails as a whole where whoever is back can’t be switched on', async () => {
    await open();
    const id = await made('a');
    await update(id, { active: false });
    instead = refuses('"active"', refusal(409, 'no seat is left'));
    await expect(update(id, { active: true, set: { title: 'Cook' } })).rejects.toMatchObject({ code: 'TargetValueRefused' });
    expect(account(id)).toMatchObject({ active: false });
  });
});

describe('An account that was made', () => {
  test.each([
    ['forbidden', refusal(403, 'managers are read-only')],
    ['not found', refusal(404, 'no such manager')],
    ['refused', refusal(400)],
  ])('is given back where its manager, sent afterwards, is %s', async (_title, answer) => {
    await open({}, { memory: { hasWritten: true, managerNotInCreate: true, managerForm: 'object' } });
    instead = (method) => (method === 'PATCH' || method === 'PUT' ? answer : undefined);
    expect(await create('a', {}, boss)).toMatchObject({
      account: { userName: 'a@example.org', active: true },
      refused: [{ field: 'manager' }],
    });
  });

  test('is given back where the rest, added to it, is another account’s or forbidden', async () => {
    await open();
    instead = (method, _path, body) =>
      method === 'POST' && body.includes('Mars')
        ? refusal(400)
        : method === 'PATCH' && body.includes('E1')
          ? refusal(409, 'employeeNumber E1 already in use', 'uniqueness')
          : undefined;
    expect(await create('a', { timezone: 'Mars', employeeNumber: 'E1', title: 'Cook' })).toMatchObject({
      account: { fields: { displayName: 'a', title: 'Cook', timezone: 'Mars' } },
      refused: [{ field: 'employeeNumber' }],
    });
    instead = (method, _path, body) =>
      (method === 'POST' ? body.includes('Mars') && refusal(400) : method !== 'GET' && refusal(403)) || undefined;
    const written = await create('b', { timezone: 'Mars' });
    expect(written).toMatchObject({ account: { userName: 'b@example.org' }, refused: [{ field: 'timezone', isDue: true }] });
  });

  test('and stays inactive until its owner has accepted it is given back, and not due', async () => {
    await open();
    instead = (method, path, body) => {
      if (method === 'GET') return undefined;
      if (method === 'POST') return { status: 201, body: lms.accounts.create({ ...(JSON.parse(body) as object), active: false }) };
      return { status: 200, body: lms.accounts.get(path.slice(7)) };
    };
    const written = await create('a');
    expect(written).toMatchObject({ account: { active: false } });
    expect(written.refused).toEqual([{ field: 'active', detail: expect.stringContaining('as if it had changed active') }]);
  });

  test('and isn’t found by a reading that lags is given back, and what is missing is due', async () => {
    await open();
    instead = (method, path, body) =>
      method === 'POST'
        ? { status: 201, body: lms.accounts.create({ ...(JSON.parse(body) as object), active: false }) }
        : path.startsWith('/Users/')
          ? refusal(404)
          : undefined;
    expect(await create('a', { title: 'Cook' })).toMatchObject({
      account: { active: false, fields: { title: 'Cook' } },
      refused: [{ field: 'active', isDue: true }],
    });
  });
});

describe('An LMS that finds nothing, of one account or of what a value refers to', () => {
  test.each([
    ['of which PATCH is known', true],
    ['of which it isn’t', false],
  ])('is given the rest without the manager who is gone, and others by PATCH as before: %s', async (_title, isKnown) => {
    await open();
    const [id, other] = [await made('a'), await made('b')];
    if (isKnown) await update(id, { set: { title: 'Rower' } });
    instead = refuses('"gone"', refusal(404, 'Manager gone not found'));
    expect(await update(id, { set: { title: 'Cook' }, manager: boss })).toMatchObject({
      account: { fields: { title: 'Cook' } },
      refused: [{ field: 'manager' }],
    });
    expect(await update(id, { manager: boss })).toMatchObject({ refused: [{ field: 'manager' }] });
    await again();
    lms.asked.length = 0;
    await update(other, { set: { title: 'Cook' } });
    expect(lms.asked.map(({ method }) => method)).toEqual(['PATCH']);
    expect(target.memory()).not.toMatchObject({ putRefused: true });
  });

  test('and takes whole accounts only is given the rest without the manager who is gone, too', async () => {
    await open({ patch: 405 });
    const id = await made('a');
    instead = refuses('"gone"', refusal(404));
    expect(await update(id, { set: { title: 'Cook' }, manager: boss })).toMatchObject({
      account: { fields: { title: 'Cook' } },
      refused: [{ field: 'manager' }],
    });
    expect(target.memory()).toMatchObject({ patchRefused: true });
  });

  test('makes a person without the manager who is gone', async () => {
    await open();
    await made('a');
    instead = refuses('"gone"', refusal(404, 'Not found'));
    expect(await create('b', { title: 'Cook' }, boss)).toMatchObject({
      account: { userName: 'b@example.org', fields: { title: 'Cook' } },
      refused: [{ field: 'manager' }],
    });
  });

  test('is no LMS at all where it lists nobody either', async () => {
    await open();
    await made('a');
    instead = (_method, path) => (path.startsWith('/Users') ? refusal(404) : undefined);
    await expect(create('b', { title: 'Cook' }, boss)).rejects.toMatchObject({ code: 'TargetNotFound' });
  });

  test.each([
    ['is deleted there, and still shown', 404],
    ['may not be changed at all', 405],
    ['it does not do that to', 501],
  ])('has one account that %s: that one’s failure', async (_title, status) => {
    await open();
    const [id, other] = [await made('a'), await made('b')];
    for (const title of ['Rower', 'Cook']) {
      instead = touching(id, status);
      await expect(update(id, { set: { title, nickName: 'x' } })).rejects.toMatchObject({ code: 'TargetRefused' });
      await expect(update(id, { active: false })).rejects.toMatchObject({ code: 'TargetRefused' });
      instead = undefined;
      await again();
      lms.asked.length = 0;
      await update(other, { set: { title } });
      expect(lms.asked.map(({ method }) => method)).toEqual(['PATCH']);
    }
  });

  test('has PATCH for some fields alone: the others are put', async () => {
    await open();
    const id = await made('a');
    await update(id, { active: false });
    instead = (method, _path, body) => (method === 'PATCH' && body.includes('title') ? refusal(501) : undefined);
    for (const title of ['Rower', 'Cook']) expect(await update(id, { set: { title } })).toMatchObject({ account: { fields: { title } } });
    await again();
    lms.asked.length = 0;
    await update(id, { set: { title: 'Pilot' } });
    await update(id, { active: true });
    expect(lms.asked.map(({ method }) => method)).toEqual(['GET', 'PUT', 'PATCH']);
  });

  test('and has lost PATCH since is sent whole accounts again', async () => {
    await open();
    const id = await made('a');
    await update(id, { set: { title: 'Rower' } });
    instead = (method) => (method === 'PATCH' ? refusal(501) : undefined);
    for (const title of ['Cook', 'Pilot']) expect(await update(id, { set: { title } })).toMatchObject({ account: { fields: { title } } });
    await again();
    lms.asked.length = 0;
    await update(id, { set: { title: 'Boss' } });
    expect(lms.asked.map(({ method }) => method)).toEqual(['GET', 'PUT']);
  });

  test('refuses writes where nothing was ever written', async () => {
    await open({ patch: 405, put: false });
    const id = String(lms.accounts.add({ userName: 'a@example.org' }).id);
    await expect(update(id, { set: { title: 'Cook' } })).rejects.toMatchObject({ code: 'TargetRefusesWrites' });
  });

  test('or lets nobody see one account has a failure of that one’s, and a credential of no use where it shows none', async () => {
    await open();
    const id = await made('a', { email: 'a@example.org' });
    instead = (method, path) => (method === 'GET' && path === `/Users/${id}` ? refusal(403, 'the owner’s') : undefined);
    await expect(update(id, { set: { email: 'b@example.org' } })).rejects.toMatchObject({ code: 'TargetRefused' });
    await expect(target.get(id, signal)).rejects.toMatchObject({ code: 'TargetRefused' });
    instead = (method) => (method === 'GET' ? refusal(403) : undefined);
    await expect(target.get(id, signal)).rejects.toMatchObject({ code: 'TargetCredentialRejected' });
  });
});

describe('An answer to a new account that isn’t what it seems', () => {
  test('and is an error with the status of a success is that error', async () => {
    await open();
    lms.accounts.add({ userName: 'a@example.org', active: false });
    instead = (method) => (method === 'POST' ? { ...refusal(409, 'taken'), status: 200 } : undefined);
    await expect(create('a')).rejects.toMatchObject({ code: 'TargetUserNameTaken' });
    instead = (method) => (method === 'GET' ? { ...refusal(503), status: 200 } : undefined);
    await expect(target.get('x', signal)).rejects.toMatchObject({ code: 'TargetUnavailable' });
    instead = (method) => (method === 'POST' ? { status: 200, body: { status: 400, message: 'title: no' } } : undefined);
    await expect(create('b')).rejects.toMatchObject({ code: 'TargetValueRefused' });
    expect(lms.accounts.users).toMatchObject([{ active: false }]);
  });

  test('and holds nobody is no word about an account that somebody made by hand', async () => {
    await open();
    lms.accounts.add({ userName: 'a@example.org', active: false });
    instead = (method) => (method === 'POST' ? { status: 200, body: {} } : undefined);
    await expect(create('a')).rejects.toMatchObject({ code: 'TargetUnavailable' });
    await expect(create('a')).rejects.toMatchObject({ code: 'TargetUserNameTaken' });
    expect(lms.accounts.users).toMatchObject([{ active: false }]);
    expect(lms.accounts.users[0]).not.toHaveProperty('externalId');
  });

  test.each([{}, { keepsExternalId: false }])('and holds nobody is believed where nobody had the name before (%j)', async (habits) => {
    await open({ createAnswers: 'nothing', ...habits }, { memory: { createsUnseen: true } });
    expect(await create('a')).toMatchObject({ account: { userName: 'a@example.org', active: true } });
    await expect(create('a')).rejects.toMatchObject({ code: 'TargetUserNameTaken' });
  });

  test('and holds somebody else is no account of theirs', async () => {
    await open();
    const other = lms.accounts.add({ userName: 'b@example.org', externalId: 'entra-b' });
    instead = (method) => (method === 'POST' ? { status: 200, body: other } : undefined);
    await expect(create('a')).rejects.toMatchObject({ code: 'TargetUserNameTaken' });
  });

  test.each([null, ''])('and has no id (%j) is none that was made', async (id) => {
    await open();
    instead = (method, _path, body) => (method === 'POST' ? { status: 201, body: { ...(JSON.parse(body) as object), id } } : undefined);
    await expect(create('a')).rejects.toMatchObject({ code: 'TargetUnavailable' });
  });

  test('and is a conflict over another field than the name costs that field', async () => {
    await open();
    await made('x');
    instead = refuses('E1', refusal(409, 'employeeNumber E1 already in use', 'uniqueness'));
    expect(await create('a', { employeeNumber: 'E1', title: 'Cook' })).toMatchObject({
      account: { fields: { title: 'Cook' } },
      refused: [{ field: 'employeeNumber' }],
    });
  });
});

describe('A value that is dropped without a word', () => {
  const drops: Instead = (method, _path, body) => {
    if (method !== 'POST' || !body.includes('Mars')) return undefined;
    const { timezone: _timezone, ...kept } = JSON.parse(body) as Record<string, unknown>;
    return { status: 201, body: lms.accounts.create(kept) };
  };

  test('is one person’s: the next one’s is sent', async () => {
    await open();
    instead = drops;
    expect(await create('a', { timezone: 'Mars' })).toMatchObject({ notKept: [], refused: [{ field: 'timezone' }] });
    await again();
    expect(await create('b', { timezone: 'Europe/London' })).toMatchObject({ account: { fields: { timezone: 'Europe/London' } } });
    expect(await create('c', { timezone: 'Marstown' })).toMatchObject({ notKept: [], refused: [{ field: 'timezone' }] });
    expect(target.keeps('timezone')).toBe(true);
  });

  test('again is no news, and costs nothing', async () => {
    await open({ drops: ['timezone'] });
    const first = await create('a', { timezone: 'Mars' });
    lms.asked.length = 0;
    const second = await create('b', { timezone: 'Mars' });
    await update(first.account.accountId, { set: { timezone: 'Mars', title: 'Cook' } });
    expect([second.refused, second.notKept]).toEqual([undefined, []]);
    expect(lms.writes()).toBe(2);
  });

  test('of many who are made at once stops nothing where one of theirs is shown by then', async () => {
    await open({ slowMs: 20 });
    instead = (method, path, body) => {
      const dropped = drops(method, path, body);
      if (dropped || method !== 'POST') return dropped;
      const { timezone: _timezone, ...part } = lms.accounts.create(JSON.parse(body) as Record<string, unknown>);
      return { status: 201, body: part };
    };
    await Promise.all(['Mars1', 'Mars2', 'Europe/London'].map((timezone, n) => create(`p${n}`, { timezone })));
    expect(target.keeps('timezone')).toBe(true);
  });
});

describe('Whether an account is active', () => {
  test('may be what an LMS never shows: it is believed', async () => {
    await open({ active: 'hidden' });
    const id = await made('a');
    lms.asked.length = 0;
    await update(id, { active: false });
    await update(id, { active: true, set: { title: 'Cook' } });
    expect(lms.writes()).toBe(2);
    expect(account(id)).toMatchObject({ active: true, title: 'Cook' });
  });

  test('may be a number', async () => {
    await open({ active: 'number' });
    const id = await made('a');
    expect(await target.get(id, signal)).toMatchObject({ active: true });
    expect(await update(id, { active: false })).toMatchObject({ account: { active: false } });
  });
});
