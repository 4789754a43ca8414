/** Situations that a sync meets, by the numbers of the list that they were gathered in; each title is the right outcome. */
import { usualCustomFields } from '../../../sandbox/lms/custom-fields';
import { urn } from '../../../sandbox/lms/scim';
import { accountOf, enterprise, entra, exchangeLms, live, lms, members, person, writes } from './situation';

jest.setTimeout(120_000);

describe('the target’s side', () => {
  test('27: accounts made by hand and never linked are untouched and listed', async () => {
    lms.addAccounts([{ userName: 'lms.administrator', displayName: 'By hand' }]);
    const acme = await live();
    entra.churn({ percent: 20, seed: 1 });
    await acme.sync();
    expect(lms.journal({ by: 'client' }).some(({ userName }) => userName === 'lms.administrator')).toBe(false);
    expect((await acme.lookUp('unlinkedAccounts')).rows).toMatchObject([{ userName: 'lms.administrator' }]);
  });

  test.each([
    ['a list item that the LMS lacks', 'learningTracks', 'Compliance;Safety', 'Compliance;Underwater basket weaving'],
    ['a value too long', 'costCentre', 'Harbour', 'Harbour and everything that belongs to it'],
    ['a date in another form', 'startDate', '2026-01-31', 'the last of January'],
  ])('30: %s is a problem on that field, and the person is synced without it', async (_title, field, taken, refused) => {
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
});

describe('values', () => {
  test('32: blanks and invisible characters are taken off where that makes two spellings one person; diacritics stay', async () => {
    entra.set({ id: person(1).id, attributes: { displayName: ' Zoë\u00a0Strauß\u200b ', givenName: 'Zoe\u0308 ' } });
    const acme = await live();
    expect(accountOf(person(1).id)).toMatchObject({ displayName: 'Zoë Strauß', name: { givenName: 'Zoë' } });
    const before = writes();
    entra.set({ id: person(1).id, attributes: { displayName: 'Zoë Strauß' } });
    await acme.sync();
    expect(writes()).toBe(before);
  });

  test('33: an attribute that becomes empty is cleared, kept where the mapping says so, and a problem where it is required', async () => {
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

  test('34: every property null is a permission fault: nothing cleared, nobody a leaver', async () => {
    const acme = await live();
    const before = writes();
    entra.permissions({ revoke: ['User.Read.All'] });
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'failed', because: 'MembersUnreadable' });
    expect(writes()).toBe(before);
  });

  test('35: a field mapped only at creation is never overwritten', async () => {
    const acme = await live({ fields: { title: { value: 'jobTitle', apply: 'onlyAtCreation' }, displayName: 'displayName' } });
    const { id, jobTitle } = person(1);
    expect(accountOf(id)?.title).toBe(jobTitle);
    entra.set({ id, attributes: { jobTitle: 'Admiral', displayName: 'Somebody Else' } });
    await acme.sync();
    expect(accountOf(id)).toMatchObject({ title: jobTitle, displayName: 'Somebody Else' });
  });
});
