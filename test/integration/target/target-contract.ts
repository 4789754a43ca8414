import { inspect } from 'node:util';
import type { Target, TargetMemory } from '../../../adapters/target/target';
import type { AccountChange, DesiredAccount, ManagerReference } from '../../../domain/account';
import type { Lms } from '../../../sandbox/lms/lms';

export interface UnderTest {
  lms: Lms;
  open(memory?: TargetMemory): Target;
}

export const signal = new AbortController().signal;

export const jo: DesiredAccount = {
  userName: 'Jo.Müller@example.org',
  active: true,
  externalId: '11111111-1111-4111-8111-111111111111',
  fields: {
    givenName: 'Jo',
    familyName: 'Müller',
    displayName: 'Jo Müller',
    email: 'jo@example.org',
    title: 'Fitter',
    department: 'Rail',
    employeeNumber: '7',
    workPhone: '+49 30 1234',
    mobilePhone: '+49 170 1',
    streetAddress: '1 High Street',
    country: 'DE',
    'custom.location': 'Łódź',
    'custom.learningTracks': 'Safety;Sales',
  },
  onlyAtCreation: [],
  keptWhenEmpty: [],
};

/** Somebody else, with just enough to be told from others. */
export function somebody(name: string, fields: DesiredAccount['fields'] = {}): DesiredAccount {
  return { ...jo, userName: `${name}@example.org`, externalId: `entra-${name}`, fields: { displayName: name, ...fields } };
}

export function changed(change: Partial<AccountChange>): AccountChange {
  return { set: {}, clear: [], ...change };
}

export function referenceTo(accountId: string, { userName }: DesiredAccount): ManagerReference {
  return { accountId, userName };
}

export async function failureOf(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error('It did not fail.'),
    (error: Error) => error,
  );
}

export async function everybody(target: Target): Promise<string[]> {
  const names: string[] = [];
  for await (const { accounts } of target.accounts(signal)) names.push(...accounts.map(({ userName }) => userName));
  return names;
}

/** What any LMS is to us, whichever protocol it speaks and whatever its habits are. */
export function targetContract(name: string, start: () => Promise<UnderTest>): void {
  describe(name, () => {
    let lms: Lms;
    let open: UnderTest['open'];
    let target: Target;

    beforeAll(async () => {
      ({ lms, open } = await start());
    });
    beforeEach(() => {
      lms.reset({ accounts: true });
      target = open();
    });
    afterEach(() => target.close());
    afterAll(() => lms.close());

    const whole = (desired: DesiredAccount = jo) => ({ desired });
    const created = async (desired = jo, manager?: ManagerReference) => (await target.create(desired, manager, signal)).account.accountId;
    const update = (id: string, change: Partial<AccountChange>) => target.update(id, changed(change), whole(), signal);
    const shown = (id: string) => target.get(id, signal);
    const sized = (name: string, shoeSize: string) => target.create(somebody(name, { 'custom.shoeSize': shoeSize }), undefined, signal);

    test('a new account reads back as it was written', async () => {
      const { account, notKept, refused } = await target.create(jo, undefined, signal);
      expect({ notKept, refused }).toEqual({ notKept: [], refused: undefined });
      expect(account).toEqual({
        accountId: expect.any(String),
        userName: jo.userName,
        externalId: jo.externalId,
        active: true,
        fields: jo.fields,
      });
      expect(await shown(account.accountId)).toEqual(account);
    });

    test('a new account needs no more than a name', async () => {
      const { account } = await target.create({ ...jo, fields: {} }, undefined, signal);
      expect(account).toMatchObject({ userName: jo.userName, active: true, fields: {} });
    });

    test('an account that somebody made by hand is found by its user name, whatever its case', async () => {
      lms.addAccounts([{ userName: 'JO.MÜLLER@example.org' }, { userName: 'jo.mueller@example.org' }]);
      const found = await target.findByUserName(jo.userName, signal);
      expect(found.map(({ userName }) => userName)).toEqual(['JO.MÜLLER@example.org']);
      expect(await target.findByUserName('nobody@example.org', signal)).toEqual([]);
    });

    test('an account that is adopted gets our id and keeps what the LMS owns', async () => {
      const id = lms.addAccounts([{ userName: jo.userName, nickName: 'J', emails: [{ value: 'private@example.org', type: 'home' }] }])[0]
        ?.id as string;
      const { account } = await update(id, { externalId: jo.externalId, set: { email: 'jo@example.org', title: 'Fitter' } });
      expect(account).toMatchObject({
        accountId: id,
        externalId: jo.externalId,
        fields: { email: 'jo@example.org', title: 'Fitter', nickName: 'J' },
      });
      expect(lms.account(id)?.emails).toContainEqual(expect.objectContaining({ value: 'private@example.org', type: 'home' }));
    });

    test('only what changes is changed', async () => {
      const id = await created();
      const set = {
        familyName: 'Meyer',
        email: 'meyer@example.org',
        department: 'Sea',
        mobilePhone: '+49 170 2',
        country: 'PL',
        'custom.location': 'Cork',
      };
      const { account, notKept, refused } = await update(id, { set });
      expect({ notKept, refused }).toEqual({ notKept: [], refused: undefined });
      expect(account.fields).toEqual({ ...jo.fields, ...set });
      expect(account.externalId).toBe(jo.externalId);
    });

    test.each(['title', 'familyName', 'email', 'department', 'workPhone', 'country', 'custom.location'])(
      'a field that became empty is cleared: %s',
      async (field) => {
        const id = await created();
        const { account, refused } = await update(id, { clear: [field] });
        const { [field]: _cleared, ...rest } = jo.fields;
        expect(refused).toBeUndefined();
        expect(account.fields).toEqual(rest);
      },
    );

    test('a manager comes with a new account, changes and is cleared', async () => {
      const [first, second] = [await created(somebody('first')), await created(somebody('second'))];
      const { account } = await target.create(jo, referenceTo(first, somebody('first')), signal);
      expect(account.managerAccountId).toBe(first);
      const after = await update(account.accountId, { manager: referenceTo(second, somebody('second')) });
      expect(after.account).toMatchObject({ managerAccountId: second, fields: jo.fields });
      const cleared = await update(account.accountId, { manager: null });
      expect(cleared.account).not.toHaveProperty('managerAccountId');
      expect(cleared.account.fields).toEqual(jo.fields);
    });

    test('a manager and a field change together', async () => {
      const [boss, id] = [await created(somebody('boss')), await created()];
      const { account } = await update(id, { set: { title: 'Boss' }, manager: referenceTo(boss, somebody('boss')) });
      expect(account).toMatchObject({ managerAccountId: boss, fields: { title: 'Boss' } });
    });

    test('an account is switched off and on, and nothing else of it changes', async () => {
      const id = await created();
      expect((await update(id, { active: false })).account).toMatchObject({ active: false, fields: jo.fields });
      expect((await update(id, { active: true })).account).toMatchObject({ active: true, fields: jo.fields });
    });

    test('an account is renamed and keeps its id', async () => {
      const id = await created();
      const { account } = await update(id, { userName: 'jo.meyer@example.org' });
      expect(account).toMatchObject({ accountId: id, userName: 'jo.meyer@example.org', fields: jo.fields });
      expect(await target.findByUserName(jo.userName, signal)).toEqual([]);
    });

    test('all accounts are listed, each once', async () => {
      lms.addAccounts(Array.from({ length: 620 }, (_, index) => ({ userName: `user-${index}` })));
      expect((await everybody(target)).sort()).toEqual(Array.from({ length: 620 }, (_, index) => `user-${index}`).sort());
    });

    test('an LMS without accounts lists nobody', async () => {
      expect(await everybody(target)).toEqual([]);
    });

    test('a list of nobody is not believed while an account is known to be there', async () => {
      await created();
      lms.controls.faults.add({ kind: 'emptyList' });
      await expect(everybody(target)).rejects.toMatchObject({ code: 'TargetUnavailable' });
    });

    test('an account that was written although the answer got lost is found by its name', async () => {
      lms.controls.faults.add({ kind: 'resetAfter', times: 1, match: { method: 'POST' } });
      await expect(created()).rejects.toMatchObject({ code: 'TargetUnavailable' });
      expect(await target.findByUserName(jo.userName, signal)).toMatchObject([{ externalId: jo.externalId, fields: jo.fields }]);
    });

    test('a user name that is taken is refused to a new account and to a renamed one', async () => {
      const id = await created();
      await created(somebody('other'));
      await expect(target.create({ ...somebody('third'), userName: jo.userName.toUpperCase() }, undefined, signal)).rejects.toMatchObject({
        code: 'TargetUserNameTaken',
      });
      await expect(update(id, { userName: 'other@example.org' })).rejects.toMatchObject({ code: 'TargetUserNameTaken' });
      expect(lms.account(id)?.userName).toBe(jo.userName);
      expect(lms.accounts()).toHaveLength(2);
    });

    test('a field that the LMS does not have is reported once, after two people at most, and left out from then on', async () => {
      const [first, second] = [await sized('a', '43'), await sized('b', '44')];
      expect([...first.notKept, ...second.notKept]).toEqual(['custom.shoeSize']);
      expect([first, second].map(({ account }) => account.fields)).toEqual([{ displayName: 'a' }, { displayName: 'b' }]);
      expect(target.keeps('custom.shoeSize')).toBe(false);
      expect(await sized('c', '45')).toMatchObject({ notKept: [] });

      const later = open(JSON.parse(JSON.stringify(target.memory())) as TargetMemory);
      expect(later.keeps('custom.shoeSize')).toBe(false);
      expect(later.keeps('title')).toBe(true);
      expect(
        await later.update(first.account.accountId, changed({ set: { 'custom.shoeSize': '45', title: 'x' } }), whole(), signal),
      ).toMatchObject({ notKept: [] });
      await later.close();
    });

    test('a person is written without a value that the LMS refuses, and the field is named', async () => {
      const tracks = { 'custom.learningTracks': 'Safety;Juggling' };
      const made = await target.create({ ...jo, fields: { ...jo.fields, ...tracks } }, undefined, signal);
      const { 'custom.learningTracks': _tracks, ...rest } = jo.fields;
      expect(made).toMatchObject({ notKept: [], refused: [{ field: 'custom.learningTracks' }] });
      expect(made.account.fields).toEqual(rest);

      const after = await update(made.account.accountId, { set: { ...tracks, title: 'Boss' } });
      expect(after.refused).toMatchObject([{ field: 'custom.learningTracks' }]);
      expect(after.account.fields).toEqual({ ...rest, title: 'Boss' });
      expect(JSON.stringify([made.refused, after.refused])).not.toContain('Juggling');
    });

    test('an account that is gone is told from a target that does not answer', async () => {
      const id = await created();
      lms.deleteAccount(id);
      expect(await shown(id)).toBeUndefined();
      await expect(update(id, { set: { title: 'x' } })).rejects.toMatchObject({ code: 'TargetAccountMissing' });
      await expect(update(id, { set: { email: 'x@example.org' } })).rejects.toMatchObject({ code: 'TargetAccountMissing' });
    });

    test('a target that asks for a pause is given it', async () => {
      lms.controls.faults.add({ kind: 'throttled', times: 1, retryAfter: 0.2 });
      await expect(created()).rejects.toMatchObject({ code: 'TargetThrottled', retryAfterMs: 200 });
      const before = performance.now();
      await created();
      expect(performance.now() - before).toBeGreaterThan(150);
    });

    test.each(['unavailableHtml', 'gatewayTimeout', 'serverError', 'cutOff', 'resetBefore', 'resetAfter', 'emptyOk'])(
      'a write that meets %s fails for the time being, and is made by trying again',
      async (kind) => {
        const id = await created();
        lms.controls.faults.add({ kind, times: 1, match: { method: 'PATCH' } });
        const first = await update(id, { set: { title: 'Boss' } }).catch((error: Error) => error);
        // An answer that nobody has to read may break off.
        if (kind !== 'cutOff' || first instanceof Error) expect(first).toMatchObject({ code: 'TargetUnavailable' });
        const { account, refused, notKept } = await update(id, { set: { title: 'Boss' } });
        expect({ title: account.fields.title, refused, notKept }).toEqual({ title: 'Boss', refused: undefined, notKept: [] });
      },
    );

    test('a token that is no longer accepted is told as such, and never repeated', async () => {
      lms.setToken('another-secret');
      const failure = await failureOf(created());
      expect(failure).toMatchObject({ code: 'TargetCredentialRejected' });
      expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('sandbox-token');
      await expect(target.discover(signal)).rejects.toMatchObject({ code: 'TargetCredentialRejected' });
      await expect(everybody(target)).rejects.toMatchObject({ code: 'TargetCredentialRejected' });
      lms.setToken('sandbox-token');
    });

    test('what was found out is plain JSON and the same text for the same knowledge', async () => {
      await target.discover(signal);
      await created();
      const memory = target.memory();
      expect(JSON.parse(JSON.stringify(memory))).toEqual(memory);
      const again = open(memory);
      await again.create(somebody('b'), undefined, signal);
      expect(JSON.stringify(again.memory())).toBe(JSON.stringify(memory));
      await again.close();
    });
  });
}
