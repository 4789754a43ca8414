import type { Target, TargetMemory } from '../../../adapters/target/target';
import type { AccountChange, DesiredAccount } from '../../../domain/account';
import type { Lms } from '../../../sandbox/lms/lms';
import type { AwkwardnessOptions } from '../../../sandbox/lms/lean/awkwardness';
import { scimTarget, scimUnderTest } from './scim-under-test';
import { changed, everybody, failureOf, jo, referenceTo, signal, somebody, targetContract } from './target-contract';

// Habits that must make no difference at all.
const harmless: [string, Partial<AwkwardnessOptions>][] = [
  ['that ignores filters', { ignoresFilters: true }],
  ['whose filters tell cases apart', { filterCaseSensitive: true }],
  ['that leaves paging fields out', { omitsPagingFields: true }],
  ['that cuts pages short', { capsCountAt: 100 }],
  ['that fails on any page size', { failsOnCount: true }],
  ['that says nothing of itself', { noDiscovery: true }],
  ['that trims user names', { trimsUserNames: true }],
  ['that wants every schema listed', { refusesNoSchemasListed: true }],
  ['that takes an absent `active` for nothing', { activeDefaultsNull: true }],
  ['that wants to know which version is changed', { requiresIfMatch: true }],
  ['without PATCH', { noPatch: true }],
  ['that takes a manager as an object only', { patchManagerForm: 'object' }],
  ['that takes a manager’s id by its path only', { patchManagerForm: 'path.value' }],
  ['that takes a manager as a bare id only', { patchManagerForm: 'string' }],
  ['without filters in paths', { noFilterPaths: true }],
  ['that keeps half of a PATCH', { halfAppliesPatches: true }],
  ['that wipes what a partial object leaves out', { wipesPartialObjects: true }],
  ['that answers a PATCH with nothing', { patchAnswersNothing: true }],
  ['that answers errors as HTML', { errorsAsHtml: true }],
  ['that answers 500 where a name is taken', { conflictAs500: true }],
  ['that refuses attributes it does not know', { refusesUnknownAttributes: true }],
  ['that announces a limit', { rateLimit: { perMinute: 60_000, announced: true } }],
  [
    'with several of these at once',
    {
      noPatch: true,
      ignoresFilters: true,
      failsOnCount: true,
      omitsPagingFields: true,
      requiresIfMatch: true,
      noDiscovery: true,
      errorsAsHtml: true,
    },
  ],
];

for (const [habit, awkward] of harmless) targetContract(`An LMS ${habit}`, () => scimUnderTest({ kind: 'lean', awkward }));

describe('An awkward LMS', () => {
  let lms: Lms;
  let target: Target;
  let open: (memory?: TargetMemory) => Target;

  beforeAll(async () => {
    ({ lms, open } = await scimUnderTest({ kind: 'lean' }));
  });
  beforeEach(() => {
    lms.reset({ accounts: true });
    target = open();
  });
  afterEach(() => target.close());
  afterAll(() => lms.close());

  const update = (id: string, change: Partial<AccountChange>) => target.update(id, changed(change), { desired: jo }, signal);
  const created = async (desired: DesiredAccount = jo) => (await target.create(desired, undefined, signal)).account.accountId;
  const requests = (route: string) => lms.controls.counts.of(route);
  /** The same target in a later run. */
  const again = async () => {
    await target.close();
    target = open(JSON.parse(JSON.stringify(target.memory())) as TargetMemory);
    lms.controls.counts.reset();
  };

  test('that needs a formatted name gets one, and is asked only once whether it does', async () => {
    lms.setAwkwardness({ needsNameFormatted: true });
    const id = await created();
    expect(lms.account(id)?.name).toEqual({ givenName: 'Jo', familyName: 'Müller', formatted: 'Jo Müller' });
    await again();
    await created(somebody('b'));
    expect(requests('POST /Users')).toBe(1);
    await update(id, { set: { displayName: 'Jo Meyer', familyName: 'Meyer' } });
    expect(lms.account(id)?.name).toMatchObject({ familyName: 'Meyer', formatted: 'Jo Meyer' });
  });

  test.each([[false], [true]])(
    'that needs a formatted name gets one of all who are made at once, also where nothing is mapped (HTML: %s)',
    async (errorsAsHtml) => {
      lms.setAwkwardness({ needsNameFormatted: true, errorsAsHtml });
      const people = Array.from({ length: 30 }, (_, n) => ({
        ...jo,
        userName: `p${n}`,
        externalId: `00000000-0000-4000-8000-0000000000${10 + n}`,
        fields: {},
      }));
      await Promise.all(people.map((person) => target.create(person, undefined, signal)));
      expect(lms.accounts()).toHaveLength(30);
    },
  );

  test('that needs a formatted name gets one with the first change to an account that was made without', async () => {
    const [{ id } = { id: '' }] = lms.addAccounts([{ userName: 'by.hand', active: true }]);
    lms.setAwkwardness({ needsNameFormatted: true });
    const byHand = { ...jo, userName: 'by.hand' };
    const written = await target.update(id, changed({ externalId: jo.externalId, set: { title: 'Boss' } }), { desired: byHand }, signal);
    expect(written.refused).toBeUndefined();
    expect(lms.account(id)).toMatchObject({ externalId: jo.externalId, title: 'Boss', name: { formatted: 'by.hand' } });
  });

  test('that needs a formatted name and says so in HTML gets one', async () => {
    lms.setAwkwardness({ needsNameFormatted: true, errorsAsHtml: true });
    expect((await target.create(jo, undefined, signal)).account.fields).toEqual(jo.fields);
  });

  test.each([
    ['title', ['title'], 'title', 'x'],
    ['the enterprise extension', ['enterprise'], 'department', 'x'],
    ['custom fields', ['custom'], 'custom.location', 'x'],
  ])('that silently drops %s has it reported once, and is not sent it again', async (_title, dropsAttributes, field, text) => {
    lms.setAwkwardness({ dropsAttributes });
    const create = (name: string, value: string) => target.create(somebody(name, { [field]: value }), undefined, signal);
    expect(await create('a', 'first')).toMatchObject({ notKept: [], refused: [{ field, detail: expect.stringContaining('dropped') }] });
    await again();
    const made = await create('b', 'second');
    expect(made).toMatchObject({ notKept: [field], account: { fields: { displayName: 'b' } } });
    await again();
    expect(target.keeps(field)).toBe(false);
    const after = await update(made.account.accountId, { set: { [field]: text, nickName: 'n' } });
    expect(after).toMatchObject({ notKept: [], account: { fields: { nickName: 'n' } } });
    expect([requests('PATCH /Users/{id}'), requests('PUT /Users/{id}')]).toEqual([1, 0]);
  });

  test.each([
    ['an object', 'object', 0],
    ['its id by a path', 'path.value', 1],
  ] as const)(
    'that takes a manager as %s is asked about that by one person alone, however many are moved at once',
    async (_form, patchManagerForm, tries) => {
      lms.setAwkwardness({ patchManagerForm });
      const boss = somebody('boss');
      const manager = referenceTo(await created(boss), boss);
      const reports = await Promise.all([...'abcdefghij'].map((name) => created(somebody(name))));
      lms.controls.counts.reset();
      const moved = await Promise.all(reports.map((id) => update(id, { manager })));
      expect(moved.map(({ account }) => account.managerAccountId)).toEqual(reports.map(() => manager.accountId));
      expect(requests('PATCH /Users/{id}') + requests('PUT /Users/{id}')).toBe(reports.length + tries);
    },
  );

  test('that silently drops a field from a change has it reported once', async () => {
    lms.setAwkwardness({ dropsAttributes: ['title'] });
    const id = await created(somebody('a'));
    expect(await update(id, { set: { title: 'x', nickName: 'n' } })).toMatchObject({
      notKept: [],
      refused: [{ field: 'title' }],
      account: { fields: { nickName: 'n' } },
    });
    expect(await update(id, { set: { title: 'y' } })).toMatchObject({ notKept: ['title'] });
    const third = await update(id, { set: { title: 'z', nickName: 'm' } });
    expect(third).toMatchObject({ notKept: [], account: { fields: { nickName: 'm' } } });
    expect(third.refused).toBeUndefined();
  });

  test.each(['constructor', 'toString', 'valueOf'])('is sent a custom field called %s like any other', async (name) => {
    const made = await target.create(somebody('a', { [`custom.${name}`]: 'x' }), undefined, signal);
    expect(made).toMatchObject({ notKept: [`custom.${name}`], account: { fields: { displayName: 'a' } } });
  });

  test('that drops a manager has that reported once', async () => {
    lms.setAwkwardness({ dropsAttributes: ['manager'] });
    const boss = await created(somebody('boss'));
    const made = await target.create(somebody('a'), referenceTo(boss, somebody('boss')), signal);
    expect(made.notKept).toEqual(['manager']);
    await again();
    const next = await target.create(somebody('b'), referenceTo(boss, somebody('boss')), signal);
    expect(next.notKept).toEqual([]);
    expect(lms.controls.counts.report().total).toBe(1);
  });

  test('that gets a field later is sent it again once it lists it', async () => {
    const memory = { customFields: { location: { type: 'string' } }, notKept: ['custom.learningTracks', 'custom.location', 'title'] };
    await target.close();
    target = open(memory);
    await target.discover(signal);
    expect(['custom.learningTracks', 'custom.location', 'title'].map((field) => target.keeps(field))).toEqual([true, false, false]);
  });

  test('that refuses unknown attributes is sent them once', async () => {
    lms.setAwkwardness({ refusesUnknownAttributes: true });
    const made = await target.create(somebody('a', { 'custom.shoeSize': '43' }), undefined, signal);
    expect(made).toMatchObject({ notKept: ['custom.shoeSize'] });
    await again();
    await created(somebody('b', { 'custom.shoeSize': '44' }));
    expect(requests('POST /Users')).toBe(1);
  });

  test.each([{}, { errorsAsHtml: true }, { errorsAsHtml: true, noPatch: true }, { errorsAsHtml: true, halfAppliesPatches: true }])(
    'that refuses one value of many is given all others (%j)',
    async (awkward) => {
      lms.setAwkwardness(awkward);
      const boss = await created(somebody('boss'));
      const fields = { ...jo.fields, 'custom.learningTracks': 'Juggling', 'custom.startDate': 'soon' };
      const made = await target.create({ ...jo, fields }, referenceTo(boss, somebody('boss')), signal);
      const { 'custom.learningTracks': _tracks, ...rest } = jo.fields;
      expect(made.account).toMatchObject({ externalId: jo.externalId, fields: rest, managerAccountId: boss });
      expect(made.refused?.map(({ field }) => field).sort()).toEqual(['custom.learningTracks', 'custom.startDate']);
      expect(lms.accounts()).toHaveLength(2);
    },
  );

  test('that refuses a value which is required gets nothing of that person', async () => {
    await target.close();
    target = scimTarget(lms.baseUrl, { requiredFields: ['custom.learningTracks'] });
    const bad = { ...jo, fields: { ...jo.fields, 'custom.learningTracks': 'Juggling' } };
    const failure = await failureOf(target.create(bad, undefined, signal));
    expect(failure).toMatchObject({ code: 'TargetValueRefused', message: expect.stringContaining('custom.learningTracks') });
    expect(failure.message).not.toContain('Juggling');
    expect(lms.accounts()).toEqual([]);
  });

  test('that has an e-mail address unique says which value it was, and who it is stays unsaid', async () => {
    lms.setAwkwardness({ uniqueEmails: true });
    await created();
    const failure = await failureOf(target.create(somebody('b', { email: 'jo@example.org' }), undefined, signal));
    expect(failure).toMatchObject({ code: 'TargetValueRefused', message: expect.stringContaining('email') });
    expect(failure.message).not.toContain('jo@');
  });

  test('that has our id unique tells it from a name that is taken', async () => {
    lms.setAwkwardness({ uniqueExternalIds: true });
    await created();
    await expect(target.create({ ...jo, userName: 'b' }, undefined, signal)).rejects.toMatchObject({
      code: 'TargetValueRefused',
      message: expect.stringContaining('externalId'),
    });
  });

  test('that keeps JO and jo apart is believed once both are seen', async () => {
    lms.setAwkwardness({ caseSensitiveUserNames: true, filterCaseSensitive: true });
    lms.addAccounts([{ userName: 'JO' }, { userName: 'jo' }]);
    expect(target.userNameKey(' JO ')).toBe('jo');
    await everybody(target);
    expect(target.userNameKey(' JO ')).toBe('JO');
    expect((await target.findByUserName('JO', signal)).map(({ userName }) => userName)).toEqual(['JO']);
  });

  test('that lets two accounts share a name shows both', async () => {
    lms.setAwkwardness({ allowsDuplicateUserNames: true });
    lms.addAccounts([{ userName: 'jo' }, { userName: 'jo' }]);
    expect(await target.findByUserName('jo', signal)).toHaveLength(2);
    expect((await target.discover(signal)).findings.join(' ')).toContain('share one user name');
  });

  test.each([{}, { patchAnswersNothing: true }, { noPatch: true }])(
    'whose ids are its user names gives the new id back after a rename (%j)',
    async (awkward) => {
      lms.setAwkwardness({ idEqualsUserName: true, ...awkward });
      const id = await created();
      const { account } = await update(id, { userName: 'new@example.org', set: { title: 'Boss' } });
      expect(account).toMatchObject({ accountId: 'new@example.org', fields: { title: 'Boss' } });
      expect((await target.get(account.accountId, signal))?.userName).toBe('new@example.org');
    },
  );

  test('that ignores filters is walked, once for all who ask at a time', async () => {
    lms.setAwkwardness({ ignoresFilters: true });
    lms.addAccounts(Array.from({ length: 1_200 }, (_, index) => ({ userName: `user-${index}` })));
    expect(await target.findByUserName('user-7', signal)).toHaveLength(1);
    await again();
    const found = await Promise.all(Array.from({ length: 40 }, (_, index) => target.findByUserName(`USER-${index * 40}`, signal)));
    expect(found.filter((accounts) => accounts.length === 1)).toHaveLength(30);
    expect(requests('GET /Users')).toBe(3);
    expect(requests('GET /Users?filter')).toBe(0);
  });

  test('whose filters tell cases apart still finds whoever is written in another case', async () => {
    lms.setAwkwardness({ filterCaseSensitive: true });
    lms.addAccounts([{ userName: 'Jo@Example.org' }, { userName: 'Other@example.org' }]);
    await target.discover(signal);
    expect(await target.findByUserName('jo@example.org', signal)).toMatchObject([{ userName: 'Jo@Example.org' }]);
  });

  test('without PATCH is sent one PUT a change from the second change on, and loses nothing that the LMS owns', async () => {
    lms.setAwkwardness({ noPatch: true });
    const id = await created();
    lms.changeAccount(id, { nickName: 'J', roles: [{ value: 'teacher' }] });
    await update(id, { set: { title: 'Boss' } });
    await again();
    await update(id, { set: { department: 'Sea' } });
    expect([requests('PATCH /Users/{id}'), requests('PUT /Users/{id}')]).toEqual([0, 1]);
    expect(lms.account(id)).toMatchObject({ nickName: 'J', roles: [{ value: 'teacher' }], externalId: jo.externalId, title: 'Boss' });
  });

  test('in which somebody else changes the account meanwhile does not lose that change', async () => {
    lms.setAwkwardness({ noPatch: true });
    const id = await created();
    await update(id, { set: { title: 'Boss' } });
    lms.controls.latency.set({ write: 60 });
    const writing = update(id, { set: { department: 'Sea' } });
    while (requests('PUT /Users/{id}') < 2) await new Promise(setImmediate);
    lms.changeAccount(id, { nickName: 'J' });
    const { account } = await writing;
    expect(account.fields).toMatchObject({ department: 'Sea', nickName: 'J', title: 'Boss' });
  });

  test.each([
    ['object', 1],
    ['path.value', 2],
    ['string', 2],
  ] as const)('that takes a manager as %s only is asked once how', async (patchManagerForm, patches) => {
    lms.setAwkwardness({ patchManagerForm });
    const [boss, id] = [await created(somebody('boss')), await created()];
    lms.controls.counts.reset();
    const manager = referenceTo(boss, somebody('boss'));
    expect((await update(id, { manager })).account.managerAccountId).toBe(boss);
    expect(requests('PATCH /Users/{id}')).toBe(patches);
    await again();
    expect((await update(id, { set: { title: 'Boss' }, manager: { ...manager, accountId: 'x' } })).account).toMatchObject({
      managerAccountId: 'x',
      fields: { title: 'Boss' },
    });
    expect(requests('PATCH /Users/{id}') + requests('PUT /Users/{id}')).toBe(1);
  });

  test('that fails on any page size is asked for pages without one from then on', async () => {
    lms.setAwkwardness({ failsOnCount: true });
    lms.addAccounts(Array.from({ length: 250 }, (_, index) => ({ userName: `user-${index}` })));
    expect(await everybody(target)).toHaveLength(250);
    await again();
    expect(await everybody(target)).toHaveLength(250);
    expect(requests('GET /Users')).toBe(3);
  });

  test('that has a limit which it announces is never asked too much', async () => {
    lms.setAwkwardness({ rateLimit: { perMinute: 240, announced: true, windowSeconds: 1 } });
    await created(somebody('first'));
    await Promise.all(Array.from({ length: 9 }, (_, index) => created(somebody(`user-${index}`))));
    expect(lms.accounts()).toHaveLength(10);
  });

  test('that is not reachable for long is not waited for longer than the caller wants', async () => {
    lms.controls.latency.set({ read: 5_000 });
    const controller = new AbortController();
    const reading = target.get('x', controller.signal);
    setImmediate(() => controller.abort(new Error('stop')));
    await expect(reading).rejects.toThrow('stop');
  });

  test('finishes a write that was sent before the caller wanted to stop', async () => {
    await created(somebody('first'));
    lms.controls.latency.set({ write: 50 });
    const controller = new AbortController();
    const writing = target.create(jo, undefined, controller.signal);
    while (requests('POST /Users') < 2) await new Promise(setImmediate);
    controller.abort(new Error('stop'));
    expect((await writing).account.userName).toBe(jo.userName);
    await expect(target.create(somebody('b'), undefined, controller.signal)).rejects.toThrow('stop');
  });
});
