import { createGraphDirectory } from '../../../adapters/directory/graph-directory';
import type { DirectoryMember } from '../../../domain/member';
import { codeOf } from '../../../domain/failures';
import { startStrangeTenant, type Answer, type StrangeTenant, type TenantHabits } from './strange-tenant';

jest.setTimeout(60_000);

const never = new AbortController().signal;
let tenant: StrangeTenant;
beforeEach(async () => {
  tenant = await startStrangeTenant({ pageSize: 3 });
  for (let n = 0; n < 8; n += 1) tenant.hire(`p${n}`);
});
afterEach(() => tenant.close());

const open = () =>
  createGraphDirectory({
    configuration: { tenantId: tenant.tenantId, clientId: tenant.clientId, groupId: tenant.groupId, cloud: 'global' },
    select: { user: ['mail', 'userPrincipalName'], manager: ['mail'] },
    credential: { secret: tenant.clientSecret },
    endpoints: { authority: tenant.origin, graph: tenant.origin, caPem: tenant.ca },
    pause: () => Promise.resolve(),
    timeouts: { totalMs: 20_000 },
  });

/** Everybody, as a run reads them. */
async function everybody(): Promise<DirectoryMember[]> {
  const members: DirectoryMember[] = [];
  for await (const page of open().pages(undefined, never)) members.push(...page.members());
  return members;
}
const failure = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: 'none', message: '' }),
    (error: { retryAfterMs?: number; message?: string }) => ({ ...error, code: codeOf(error), message: error.message }),
  );
const refused = (status: number, code: string, headers?: Record<string, string>): Answer => ({
  status,
  headers,
  body: { error: { code, message: 'Jo Doe may not' } },
});
const aadsts = (number: number, status = 401, error = 'invalid_client'): Answer => ({
  status,
  body: { error, error_description: `AADSTS${number}: words about people.\r\nTrace ID: x`, error_codes: [number] },
});
const onPage = (n: number, answer: Answer): TenantHabits['instead'] => {
  return ({ path, pages }) => (path.includes('/members/') && pages === n - 1 ? answer : undefined);
};

describe('A tenant of the wild is read to its end', () => {
  const ids = () => [...tenant.members].sort();
  const readIds = async () => [...new Set((await everybody()).map(({ id }) => id))].sort();

  test.each<[string, Partial<TenantHabits>]>([
    ['where nothing is odd', {}],
    [
      'over empty pages in the middle',
      {
        page: (page, n) =>
          n === 2 ? { ...page, value: [], '@odata.nextLink': `${page['@odata.nextLink']?.replace('=6', '=3')}&again=1` } : page,
      },
    ],
    [
      'by links relative to the service',
      {
        page: (page) => ({
          ...page,
          ...(page['@odata.nextLink'] && { '@odata.nextLink': page['@odata.nextLink'].replace(/^.*\/v1\.0\//, '') }),
        }),
      },
    ],
    [
      'by links relative to the host',
      {
        page: (page) => ({
          ...page,
          ...(page['@odata.nextLink'] && { '@odata.nextLink': page['@odata.nextLink'].replace(/^https:\/\/[^/]+/, '') }),
        }),
      },
    ],
    [
      'where links come before or after the members',
      { page: ({ value, ...page }, n) => (n % 2 ? { ...page, value } : { value, ...page }) },
    ],
    ['with nulls for links', { page: (page) => ({ '@odata.nextLink': null, ...page }) }],
    ['with a count and notes', { page: (page) => ({ '@odata.count': 8, '@microsoft.graph.tips': 'x', ...page }) }],
    [
      'with types',
      { page: ({ value, ...page }) => ({ ...page, value: value.map((one) => ({ '@odata.type': '#microsoft.graph.user', ...one })) }) },
    ],
    ['with people twice, over pages', { page: ({ value, ...page }) => ({ ...page, value: [...value, ...value.slice(0, 1)] }) }],
    [
      'with devices, contacts, groups and applications among them',
      {
        page: ({ value, ...page }) => ({
          ...page,
          value: [
            ...['device', 'orgContact', 'group', 'servicePrincipal'].map((type, n) => ({
              '@odata.type': `#microsoft.graph.${type}`,
              id: `x${n}`,
              accountEnabled: null,
            })),
            ...value,
          ],
        }),
      },
    ],
    [
      'where a token is refused in the middle',
      { instead: ({ pages, token }) => (pages === 1 && token === 1 ? refused(401, 'InvalidAuthenticationToken') : undefined) },
    ],
  ])('%s', async (_title, habits) => {
    Object.assign(tenant.habits, habits);
    expect(await readIds()).toEqual(ids());
  });

  test('whoever a manager is: a contact, nobody, or one that cannot be told', async () => {
    const [boss, contact] = [
      tenant.hire('boss'),
      { id: '00000000-0000-4000-8000-0000000000c0', '@odata.type': '#microsoft.graph.orgContact', mail: 'c@x.example' },
    ];
    tenant.others.set(contact.id, contact);
    const [a = boss, b = boss, c = boss, d = boss] = ['a', 'b', 'c', 'd'].map((name) => tenant.hire(name));
    Object.assign(a, { managerId: boss.id });
    Object.assign(b, { managerId: contact.id });
    Object.assign(c, { manager: null });
    Object.assign(d, { manager: { '@odata.type': '#microsoft.graph.user' } });
    const managers = new Map((await everybody()).map(({ id, manager }) => [id, manager?.id ?? null]));
    expect([a, b, c, d].map(({ id }) => managers.get(id))).toEqual([boss.id, contact.id, null, null]);
  });
});

describe('A tenant of the wild whose read fails says why, and nothing is concluded', () => {
  test.each<[string, string, Partial<TenantHabits>]>([
    ['an error with status 200', 'DirectoryUnavailable', { instead: onPage(2, { body: { error: { code: 'UnknownError' } } }) }],
    [
      'an error after some of the members',
      'DirectoryAnswerCutOff',
      {
        page: ({ value, '@odata.nextLink': _next, ...page }, n) =>
          n === 2 ? { ...page, value, error: { code: 'x' } } : { ...page, value, '@odata.nextLink': _next },
      },
    ],
    [
      'a link that leads back',
      'DirectoryUnavailable',
      {
        page: (page, n) => (n > 1 ? { ...page, '@odata.nextLink': page['@odata.nextLink']?.replace(/skiptoken=\d/, 'skiptoken=3') } : page),
      },
    ],
    [
      'a link to another host',
      'DirectoryUnavailable',
      { page: (page) => ({ ...page, '@odata.nextLink': 'https://elsewhere.example/v1.0/x' }) },
    ],
    [
      'everything null',
      'MembersUnreadable',
      {
        page: ({ value, ...page }) => ({
          ...page,
          value: value.map(({ id }) => ({
            '@odata.type': '#microsoft.graph.user',
            id,
            mail: null,
            accountEnabled: null,
            businessPhones: [],
          })),
        }),
      },
    ],
    [
      'everything left out',
      'MembersUnreadable',
      { page: ({ value, ...page }) => ({ ...page, value: value.map(({ id }) => ({ '@odata.type': '#microsoft.graph.user', id })) }) },
    ],
    [
      'accountEnabled null of one',
      'MembersUnreadable',
      {
        page: ({ value, ...page }, n) => ({
          ...page,
          value: value.map((one, i) => (n === 2 && i === 1 ? { ...one, accountEnabled: null } : one)),
        }),
      },
    ],
    ['a page token that has expired', 'DirectoryExpiredPageToken', { instead: onPage(3, refused(400, 'Directory_ExpiredPageToken')) }],
    ['a state that is gone', 'DirectoryExpiredPageToken', { instead: onPage(2, refused(410, 'SyncStateNotFound')) }],
    [
      'a 503 of HTML',
      'DirectoryUnavailable',
      { instead: onPage(2, { status: 503, body: '<html>', headers: { 'content-type': 'text/html' } }) },
    ],
    ['a 504 of nothing', 'DirectoryUnavailable', { instead: onPage(1, { status: 504, body: '' }) }],
    ['a page of HTML', 'DirectoryUnavailable', { instead: onPage(1, { body: '<html>sign in</html>' }) }],
    [
      'JSON that is cut off though its length is right',
      'DirectoryAnswerCutOff',
      { instead: onPage(1, { body: '{"value":[{"id":"1","accountEnabled":tr' }) },
    ],
    [
      'JSON that is cut off at a brace',
      'DirectoryAnswerCutOff',
      { instead: onPage(1, { body: '{"value":[{"id":"1","accountEnabled":true}' }) },
    ],
    ['a line that breaks', 'DirectoryAnswerCutOff', { instead: onPage(1, { body: { value: [] }, cutAt: 5 }) }],
    ['a length that is promised and not kept', 'DirectoryAnswerCutOff', { instead: onPage(1, { body: { value: [] }, lengthOff: 20 }) }],
    ['consent withdrawn', 'PermissionMissing', { instead: () => refused(403, 'Authorization_RequestDenied') }],
    ['a group that shows itself and nobody in it', 'MembershipHidden', { instead: onPage(1, refused(403, 'Authorization_RequestDenied')) }],
    ['a bare 403 of something in between', 'DirectoryUnavailable', { instead: onPage(1, { status: 403, body: 'blocked' }) }],
    ['the group gone', 'GroupNotFound', { instead: onPage(1, refused(404, 'Request_ResourceNotFound')) }],
    [
      'a token that is refused again and again',
      'DirectoryTokenRejected',
      { instead: onPage(2, refused(401, 'InvalidAuthenticationToken')) },
    ],
    ['a secret that is wrong', 'SecretRejected', { token: () => aadsts(7000215) }],
    ['a secret that has expired', 'SecretExpired', { token: () => aadsts(7000222) }],
    ['no such application', 'ApplicationNotFound', { token: () => aadsts(700016, 400, 'unauthorized_client') }],
    ['no such tenant', 'TenantNotFound', { token: () => aadsts(90002, 400, 'invalid_request') }],
    ['a code that nobody knows', 'SignInRefused', { token: () => aadsts(7999999, 400, 'invalid_grant') }],
    ['a token that is empty', 'SignInUnavailable', { token: () => ({ status: 503, body: { message: 'x' } }) }],
    ['a token endpoint of HTML', 'SignInUnavailable', { token: () => ({ status: 502, body: '<html>' }) }],
  ])('%s: %s', async (_title, code, habits) => {
    Object.assign(tenant.habits, habits);
    const failed = await failure(everybody());
    expect(failed.code).toBe(code);
    expect(failed.message).not.toContain('Jo Doe');
    expect(failed.message).not.toContain('words about');
  });

  test.each([
    ['in decimals', '2.5', 2_500],
    ['not at all', undefined, undefined],
    ['as a date', new Date(Date.now() + 30_000).toUTCString(), expect.any(Number)],
    ['as nonsense', 'soon', undefined],
  ])('a pause that is asked for %s', async (_title, header, wait) => {
    tenant.habits.instead = onPage(2, refused(429, 'TooManyRequests', header === undefined ? {} : { 'retry-after': header }));
    expect(await failure(everybody())).toMatchObject({ code: 'DirectoryThrottled', retryAfterMs: wait });
  });
});

describe('Whoever is not among the members of a tenant of the wild', () => {
  const confirm = async (ids: string[]) => {
    const controls = tenant.members.filter((id) => !ids.includes(id)).slice(0, 4);
    return Object.fromEntries((await open().confirm(ids, controls, never)).map(({ memberId, is }) => [memberId, is]));
  };

  test.each<[string, string, Partial<TenantHabits>]>([
    ['is a leaver only where members are seen to be members', 'left', {}],
    [
      'is in doubt where memberships are hidden',
      'unknown',
      { item: (url, answer) => (url.includes('checkMember') ? { body: { value: [] } } : answer) },
    ],
    ['is in doubt where every item is refused', 'unknown', { item: () => refused(403, 'Authorization_RequestDenied') }],
    ['is in doubt where every item is a 401', 'unknown', { item: () => refused(401, 'InvalidAuthenticationToken') }],
    ['is in doubt where items are answered with an error in a 200', 'unknown', { item: () => ({ body: { error: { code: 'x' } } }) }],
    ['is in doubt where items are answered with text', 'unknown', { item: () => ({ body: 'busy' }) }],
    ['is in doubt where items break down', 'unknown', { item: () => ({ status: 504, body: '' }) }],
  ])('%s', async (_title, is, habits) => {
    const [gone = ''] = tenant.members;
    tenant.leave(gone);
    Object.assign(tenant.habits, habits);
    expect(await confirm([gone])).toEqual({ [gone]: is });
  });

  test('is deleted only where the deleted items show it', async () => {
    const [deleted = '', vanished = ''] = tenant.members;
    tenant.deleted.add(deleted);
    tenant.people.delete(vanished);
    for (const id of [deleted, vanished]) tenant.leave(id);
    expect(await confirm([deleted, vanished])).toEqual({ [deleted]: 'deleted', [vanished]: 'unknown' });
  });
});
