import type { Target, TargetMemory } from '../../../adapters/target/target';
import type { AccountChange } from '../../../domain/account';
import { startStrangeLms, type StrangeLms } from '../strange/strange-lms';
import { scimTarget } from './scim-under-test';
import { changed, signal, somebody } from './target-contract';

/** What one person has that the LMS doesn't take says nothing of the others'. */
describe('An LMS that refuses', () => {
  let lms: StrangeLms;
  let target: Target;
  let refuses: (attribute: string, value: unknown) => string | undefined;

  const open = (memory: TargetMemory = {}) => scimTarget(lms.baseUrl, { token: lms.token, memory });
  const create = (name: string, fields: Record<string, string>) => target.create(somebody(name, fields), undefined, signal);
  const update = (id: string, change: Partial<AccountChange>) => target.update(id, changed(change), { desired: somebody('whole') }, signal);
  const again = async () => {
    await target.close();
    target = open(JSON.parse(JSON.stringify(target.memory())) as TargetMemory);
  };

  beforeEach(async () => {
    lms = await startStrangeLms({ refuses: (attribute, value) => refuses(attribute, value) });
    target = open();
  });
  afterEach(() => Promise.all([target.close(), lms.close()]));

  const places = ['Europe/London', 'Europe/Berlin'];
  test.each<[string, (value: string) => string]>([
    ['its value', (value) => `Timezone '${value}' is not recognised`],
    ['an unknown one', (value) => `Unknown timezone '${value}'`],
    ['what it leaves unsaid', () => 'Timezone is not recognised'],
  ])('the first person’s value by %s is sent the others’ all the same', async (_title, words) => {
    refuses = (attribute, value) => (attribute === 'timezone' && !places.includes(String(value)) ? words(String(value)) : undefined);
    expect(await create('a', { timezone: 'Mars' })).toMatchObject({ notKept: [], refused: [{ field: 'timezone' }] });
    await again();
    expect(await create('b', { timezone: 'Europe/London' })).toMatchObject({
      notKept: [],
      account: { fields: { timezone: 'Europe/London' } },
    });
    await again();
    expect(await create('c', { timezone: 'Venus' })).toMatchObject({ notKept: [], refused: [{ field: 'timezone' }] });
    expect(await create('d', { timezone: 'Europe/Berlin' })).toMatchObject({ account: { fields: { timezone: 'Europe/Berlin' } } });
    expect(target.keeps('timezone')).toBe(true);
  });

  test('the first value that an account is changed to is sent the others’ all the same', async () => {
    refuses = (attribute, value) => (attribute === 'department' && value === 'Sea' ? `Unknown department '${value}'` : undefined);
    const { account } = await create('a', {});
    expect(await update(account.accountId, { set: { department: 'Sea', title: 'Boss' } })).toMatchObject({
      notKept: [],
      refused: [{ field: 'department' }],
      account: { fields: { title: 'Boss' } },
    });
    expect(await update(account.accountId, { set: { department: 'Rail' } })).toMatchObject({
      notKept: [],
      account: { fields: { department: 'Rail' } },
    });
  });

  test('one part of an address is sent the other parts of the next one', async () => {
    refuses = (attribute, value) =>
      attribute === 'addresses' && JSON.stringify(value).includes('Narnia') ? "addresses: unknown country 'Narnia'" : undefined;
    await create('a', { streetAddress: '1 High Street', country: 'Narnia' });
    const made = await create('b', { streetAddress: '2 High Street', country: 'GB' });
    expect(made).toMatchObject({ notKept: [], account: { fields: { streetAddress: '2 High Street', country: 'GB' } } });
  });

  test('a field in words that may be about a value is sent it until a second value was refused', async () => {
    refuses = (attribute) => (attribute === 'timezone' ? 'Timezone is not recognised' : undefined);
    expect(await create('a', { timezone: 'Europe/London' })).toMatchObject({ notKept: [], refused: [{ field: 'timezone' }] });
    await again();
    expect(await create('b', { timezone: 'Europe/London' })).toMatchObject({ notKept: [], refused: [{ field: 'timezone' }] });
    expect(await create('c', { timezone: 'Europe/Berlin' })).toMatchObject({ notKept: ['timezone'] });
    await again();
    const before = lms.writes();
    expect(await create('d', { timezone: 'Europe/Berlin' })).toMatchObject({ notKept: [] });
    expect(lms.writes() - before).toBe(1);
  });

  test('a field by words about attributes is sent it once', async () => {
    refuses = (attribute) => (attribute === 'timezone' ? 'Unrecognized field "timezone"' : undefined);
    const made = await create('a', { timezone: 'Europe/London' });
    expect(made).toMatchObject({ notKept: ['timezone'] });
    await update(made.account.accountId, { set: { timezone: 'Europe/Berlin', title: 'Boss' } });
    expect(lms.writes()).toBe(3);
  });
});
