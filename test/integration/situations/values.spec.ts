/** The target’s side and values: situations 27, 30 and 32 to 35. */
import { usualCustomFields } from '../../../sandbox/lms/custom-fields';
import { urn } from '../../../sandbox/lms/scim';
import { title } from './sentences';
import { accountOf, enterprise, entra, exchangeLms, isActive, live, lms, members, person, writes } from './situation';

jest.setTimeout(120_000);

describe(title(27), () => {
  test('through a first sync and a day’s changes', async () => {
    lms.addAccounts([{ userName: 'lms.administrator', displayName: 'By hand' }]);
    const acme = await live();
    entra.churn({ percent: 20, seed: 1 });
    await acme.sync();
    expect(lms.journal({ by: 'client' }).some(({ userName }) => userName === 'lms.administrator')).toBe(false);
    expect((await acme.lookUp('unlinkedAccounts')).rows).toMatchObject([{ userName: 'lms.administrator' }]);
  });
});

describe(title(30), () => {
  test.each([
    ['a list item that the LMS lacks', 'learningTracks', 'Compliance;Safety', 'Compliance;Underwater basket weaving'],
    ['a value too long', 'costCentre', 'Harbour', 'Harbour and everything that belongs to it'],
    ['a date in another form', 'startDate', '2026-01-31', 'the last of January'],
  ])('%s', async (_title, field, taken, refused) => {
    const customFields = usualCustomFields.map((one) => (one.name === 'costCentre' ? { ...one, maxLength: 20 } : one));
    await exchangeLms(customFields);
    for (const { id } of members()) entra.set({ id, attributes: { employeeType: taken } });
    entra.set({ id: person(0).id, attributes: { employeeType: refused } });
    const acme = await live({ customFields: { [field]: 'employeeType' } });
    expect(accountOf(person(0).id)).toMatchObject({ active: true, userName: person(0).userPrincipalName });
    expect(accountOf(person(1).id)?.[urn.custom]).toEqual({ [field]: taken });
    const { rows } = await acme.lookUp('problems');
    expect(rows).toMatchObject([{ memberId: person(0).id, code: 'TargetValueRefused', detail: expect.stringContaining(field) }]);
  });

  test('a required one: the person waits, everybody else goes on', async () => {
    await exchangeLms(usualCustomFields);
    for (const { id } of members()) entra.set({ id, attributes: { employeeType: 'Compliance' } });
    entra.set({ id: person(0).id, attributes: { employeeType: 'Underwater basket weaving' } });
    const acme = await live({ customFields: { learningTracks: { value: 'employeeType', required: true } } });
    expect(members().map(({ id }) => isActive(id))).toEqual([undefined, ...Array(11).fill(true)]);
    expect((await acme.lookUp('problems')).rows).toMatchObject([{ memberId: person(0).id, code: 'TargetValueRefused' }]);
  });
});

describe(title(32), () => {
  test('two spellings of one value', async () => {
    entra.set({ id: person(1).id, attributes: { displayName: ' Zoë\u00a0Strauß\u200b ', givenName: 'Zoe\u0308 ' } });
    const acme = await live();
    expect(accountOf(person(1).id)).toMatchObject({ displayName: 'Zoë Strauß', name: { givenName: 'Zoë' } });
    const before = writes();
    entra.set({ id: person(1).id, attributes: { displayName: 'Zoë Strauß' } });
    await acme.sync();
    expect(writes()).toBe(before);
  });

  test('a user name: the same without them, a problem where something else is in it', async () => {
    const [blank, composed, broken] = [person(1), person(2), person(3)];
    const upn = (person: { userPrincipalName: string }, prefix: string) => `${prefix}${person.userPrincipalName}`;
    entra.set({ id: composed.id, attributes: { userPrincipalName: upn(composed, 'zo\u00eb.') } });
    const acme = await live();
    const before = writes();
    entra.set({ id: blank.id, attributes: { userPrincipalName: `\u00a0${upn(blank, '\u200b')} ` } });
    entra.set({ id: composed.id, attributes: { userPrincipalName: composed.userPrincipalName.replace('\u00eb', 'e\u0308') } });
    entra.set({ id: broken.id, attributes: { userPrincipalName: upn(broken, 'jo\ufffd') } });
    expect((await acme.sync()).problems).toEqual({ UserNameInvalid: 1 });
    expect((await acme.lookUp('problems')).rows).toMatchObject([{ memberId: broken.id }]);
    expect(writes()).toBe(before);
    expect(accountOf(composed.id)?.userName).toContain('zo\u00eb.');
  });
});

describe(title(33), () => {
  test('one of each', async () => {
    const acme = await live({
      fields: {
        title: 'jobTitle',
        department: { value: 'department', whenEmpty: 'keep' },
        givenName: { value: 'givenName', required: true },
        familyName: 'surname',
      },
    });
    const [cleared, kept, required] = [person(1), person(2), person(3)];
    const { department } = kept;
    const { jobTitle: title } = required;
    entra.set({ id: cleared.id, attributes: { jobTitle: null } });
    entra.set({ id: kept.id, attributes: { department: null } });
    entra.set({ id: required.id, attributes: { givenName: null, jobTitle: null } });
    const report = await acme.sync();
    expect(accountOf(cleared.id)?.title).toBeUndefined();
    expect((accountOf(kept.id)?.[enterprise] as { department?: string }).department).toBe(department);
    expect(report.problems).toEqual({ FieldMissing: 1 });
    expect(accountOf(required.id)?.title).toBe(title);
  });
});

describe(title(34), () => {
  test('the permission to read users is gone', async () => {
    const acme = await live();
    const before = writes();
    entra.permissions({ revoke: ['User.Read.All'] });
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'failed', because: 'MembersUnreadable' });
    expect(writes()).toBe(before);
    expect(members().map(({ id }) => isActive(id))).toEqual(Array(12).fill(true));
  });
});

describe(title(35), () => {
  test('beside one that isn’t', async () => {
    const acme = await live({ fields: { title: { value: 'jobTitle', apply: 'onlyAtCreation' }, displayName: 'displayName' } });
    const { id, jobTitle } = person(1);
    expect(accountOf(id)?.title).toBe(jobTitle);
    entra.set({ id, attributes: { jobTitle: 'Admiral', displayName: 'Somebody Else' } });
    await acme.sync();
    expect(accountOf(id)).toMatchObject({ title: jobTitle, displayName: 'Somebody Else' });
  });
});
