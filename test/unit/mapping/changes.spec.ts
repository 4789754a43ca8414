import fc from 'fast-check';
import type { DesiredAccount, Fields } from '../../../domain/account';
import { afterChange, changeBetween, type Held } from '../../../domain/mapping/change-between';
import { desiredHash } from '../../../domain/mapping/desired-hash';
import { plainText } from '../../../domain/mapping/plain-text';
import { selectedAttributes } from '../../../domain/mapping/selected-attributes';
import { userNameKeyOf } from '../../../domain/mapping/user-name-key';
import { configured } from './people';

const names = ['title', 'department', 'email', 'custom.site', 'timezone'];
const fields = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('a', 'b', 'c'), { noNullPrototype: true });
const some = fc.subarray(names);
const account = {
  userName: fc.constantFrom('jo@x.org', 'JO@x.org', 'al@x.org'),
  externalId: fc.constantFrom('1', '2'),
  active: fc.boolean(),
  fields,
};
const desired: fc.Arbitrary<DesiredAccount> = fc.record({ ...account, onlyAtCreation: some, keptWhenEmpty: some });
const held: fc.Arbitrary<Held> = fc.record(account);

const base: DesiredAccount = {
  userName: 'jo@x.org',
  externalId: '1',
  active: true,
  fields: { title: 'a' },
  onlyAtCreation: [],
  keptWhenEmpty: [],
};

describe('what is written to an account', () => {
  test('is only what differs', () => {
    const wish = { ...base, userName: 'jo.doe@x.org', active: false, fields: { title: 'b', email: 'jo@x.org' } };
    expect(changeBetween({ ...base, fields: { title: 'a', department: 'c' } }, wish)).toEqual({
      userName: 'jo.doe@x.org',
      active: false,
      set: { title: 'b', email: 'jo@x.org' },
      clear: ['department'],
    });
  });

  test('is nothing where only the letter case, the normalisation or a blank of a user name differs', () => {
    for (const userName of ['JO@X.org', 'jo@x.org\u00a0', 'jo\u200b@x.org'])
      expect(changeBetween({ ...base, userName }, base)).toBeUndefined();
    expect(changeBetween({ ...base, userName: 'Zoe\u0308' }, { ...base, userName: 'zoë' })).toBeUndefined();
  });

  test('is nothing where the LMS owns the field after creation', () => {
    const wish = { ...base, onlyAtCreation: ['title'] };
    expect(changeBetween({ ...base, fields: { title: 'of the LMS' } }, wish)).toBeUndefined();
    expect(changeBetween({ ...base, fields: {} }, wish)).toBeUndefined();
  });

  test('clears a field that became empty, unless it is kept', () => {
    expect(changeBetween(base, { ...base, fields: {} })).toEqual({ set: {}, clear: ['title'] });
    expect(changeBetween(base, { ...base, fields: {}, keptWhenEmpty: ['title'] })).toBeUndefined();
  });

  test('gives what is desired, whatever the account held, and then there is nothing left to write', () => {
    fc.assert(
      fc.property(held, desired, (before, wish) => {
        const change = changeBetween(before, wish);
        const after = change ? afterChange(before, change) : before;
        expect(changeBetween(after, wish)).toBeUndefined();
        expect([userNameKeyOf(after.userName), after.externalId, after.active]).toEqual([
          userNameKeyOf(wish.userName),
          wish.externalId,
          wish.active,
        ]);
        for (const field of names) {
          const isLeft = wish.onlyAtCreation.includes(field) || (wish.fields[field] === undefined && wish.keptWhenEmpty.includes(field));
          expect(after.fields[field]).toBe(isLeft ? before.fields[field] : wish.fields[field]);
        }
      }),
    );
  });
});

describe('the hash of a desired account', () => {
  test('doesn’t depend on the order of keys', () => {
    fc.assert(
      fc.property(desired, (wish) => {
        const turned = Object.fromEntries(Object.entries(wish.fields).reverse());
        const same = {
          keptWhenEmpty: [...wish.keptWhenEmpty].reverse(),
          onlyAtCreation: [...wish.onlyAtCreation].reverse(),
          fields: turned,
          active: wish.active,
          externalId: wish.externalId,
          userName: wish.userName,
        };
        expect(desiredHash(same)).toBe(desiredHash(wish));
      }),
    );
  });

  test('is the same only where nothing but `active` would be written', () => {
    fc.assert(
      fc.property(desired, desired, (one, other) => {
        const wish = { ...other, active: one.active, onlyAtCreation: one.onlyAtCreation, keptWhenEmpty: one.keptWhenEmpty };
        const isSame = desiredHash(one) === desiredHash(wish);
        if (isSame) expect(changeBetween(one, wish)).toBeUndefined();
        if (changeBetween(one, wish)) expect(isSame).toBe(false);
      }),
    );
  });

  test('can’t be the same for values that only look alike when put together', () => {
    const wishes: Fields[] = [{ a: 'bc' }, { ab: 'c' }, { a: '1:b1:c' }, { a: 'b', c: '' }];
    const hashes = wishes.map((values) => desiredHash({ ...base, fields: values }));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('normalisation', () => {
  test('done twice is done once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const plain = plainText(value);
        if (plain !== undefined) expect(plainText(plain)).toBe(plain);
        expect(userNameKeyOf(userNameKeyOf(value))).toBe(userNameKeyOf(value));
      }),
      { numRuns: 2000 },
    );
  });

  test('gives names the same key that differ in the form of a sigma alone', () => {
    expect(new Set(['ΣΑΣ', 'σας', 'σασ'].map(userNameKeyOf)).size).toBe(1);
  });

  test.each(['jo\ufe0f@x.org', 'jo@x.org ', 'Jo@X.org', '\u200bjo@x.org', 'jo@x.org\u3000', 'jo\u200d@x.org'])(
    'gives the user name %j the key of jo@x.org',
    (userName) => {
      expect(userNameKeyOf(userName)).toBe('jo@x.org');
    },
  );
});

describe('what is asked of Entra', () => {
  test('is what every run needs, and what the configuration reads, once each', () => {
    const configuration = configured({
      userName: { Coalesce: ['mail', 'userPrincipalName'] },
      fields: {
        email: 'mail',
        title: { Join: [{ constant: ' ' }, 'extensionAttribute1', 'extensionAttribute2'] },
        division: 'employeeOrgData.division',
      },
      customFields: { boss: 'manager.mail' },
      scope: { exclude: [[{ attribute: 'employeeType', operator: 'EQUALS', value: 'Contractor' }]] },
    });
    expect(selectedAttributes(configuration)).toEqual({
      user: [
        'id',
        'accountEnabled',
        'userType',
        'userPrincipalName',
        'mail',
        'onPremisesExtensionAttributes',
        'employeeOrgData',
        'employeeType',
      ],
      manager: ['id', 'mail'],
    });
  });

  test('is no manager where nothing needs one', () => {
    expect(selectedAttributes(configured({ manager: { reference: 'leave' } })).manager).toBeUndefined();
    expect(selectedAttributes(configured()).manager).toEqual(['id']);
  });
});
