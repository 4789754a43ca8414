import { matches, parseFilter } from '../../../sandbox/lms/lean/filter';
import type { ScimError } from '../../../sandbox/lms/scim';
import { urn } from '../../../sandbox/lms/scim';

const jo = {
  userName: 'Jo',
  externalId: 'X-1',
  active: false,
  nickName: '',
  emails: [
    { value: 'jo@example.org', type: 'work' },
    { value: 'home@example.org', type: 'home' },
  ],
  meta: { lastModified: '2026-03-01T00:00:00.000Z' },
  [urn.enterprise]: { department: 'Rail', manager: { value: 'boss' } },
};

describe('a SCIM filter', () => {
  test.each([
    ['userName eq "jo"', true],
    ['USERNAME Eq "JO"', true],
    ['userName ne "jo"', false],
    ['title ne "x"', true],
    ['externalId eq "x-1"', false],
    ['active eq false', true],
    ['active eq "False"', true],
    ['emails.value co "HOME"', true],
    ['emails eq "jo@example.org"', true],
    ['emails[type eq "work" and value sw "home"]', false],
    ['emails[type eq "home" and value sw "home"]', true],
    ['title pr', false],
    ['nickName pr', false],
    ['not (title pr)', true],
    ['title eq null', true],
    ['userName eq "x" or active eq false and externalId eq "X-1"', true],
    ['(userName eq "x" or active eq false) and externalId eq "y"', false],
    [`${urn.enterprise}:department eq "rail"`, true],
    [`${urn.enterprise}:manager.value eq "boss"`, true],
    [`${urn.user}:userName eq "jo"`, true],
    ['urn:ietf:params:scim:schemas:extension:other:2.0:User:userName eq "jo"', false],
    ['meta.lastModified gt "2026-02-28T00:00:00Z"', true],
    ['meta.lastModified le "2026-02-28T00:00:00Z"', false],
    ['userName eq "a \\"b\\" \\\\ c)"', false],
  ])('%s is %s of Jo', (filter, expected) => {
    expect(matches(parseFilter(filter), jo, false)).toBe(expected);
  });

  test('compares exactly where the server is one that does', () => {
    expect(matches(parseFilter('userName eq "jo"'), jo, true)).toBe(false);
  });

  test.each([
    '',
    'userName',
    'userName eq',
    'userName is "jo"',
    'userName eq jo',
    'userName eq "jo',
    '(userName pr',
    'userName pr)',
    'userName pr title pr',
    'emails[type pr',
  ])('that is not understood is refused: %j', (filter) => {
    expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ status: 400, scimType: 'invalidFilter' }) as ScimError);
  });
});
