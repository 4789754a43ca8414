import type { MemberPage, ReadingWay } from '../../../adapters/directory/directory';
import { createGraphDirectory, type GraphDirectoryOptions } from '../../../adapters/directory/graph-directory';
import { codeOf, type FailureCode } from '../../../domain/failures';
import { makeRsaCertificate } from './rsa-certificate';
import { startEntra, type Entra, type EntraOptions } from '../../../sandbox/entra/entra';

const never = new AbortController().signal;
// Real TLS and real key pairs on a machine that others may be using as well.
jest.setTimeout(60_000);
const select = {
  user: ['userType', 'displayName', 'mail', 'userPrincipalName', 'department'],
  manager: ['mail', 'userPrincipalName', 'displayName'],
};

let entra: Entra;
let requests = 0;
const start = async (options: EntraOptions) => void (entra = await startEntra(options));
const directoryOf = (more: Partial<GraphDirectoryOptions> = {}) => {
  requests = 0;
  const { tenantId, clientId, groupId, clientSecret, origin, ca } = entra;
  return createGraphDirectory({
    configuration: { tenantId, clientId, groupId, cloud: 'global' },
    select,
    credential: { secret: clientSecret },
    endpoints: { authority: origin, graph: origin, caPem: ca },
    onRequest: () => requests++,
    ...more,
  });
};
const read = async (directory = directoryOf(), from?: string) => {
  const pages: MemberPage[] = [];
  for await (const page of directory.pages(from, never)) pages.push(page);
  return pages;
};
const membersOf = (pages: MemberPage[]) => pages.flatMap((page) => page.members());
const codeFrom = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'no failure', codeOf);
const tokens = () => entra.controls.counts.of('POST /{tenant}/oauth2/v2.0/token');
/** The users among the sandbox's members, by the sandbox's own book. */
const usersInGroup = () => entra.tenant.group.members.all().filter((id) => entra.tenant.people.has(id));

afterEach(() => void entra.controls.faults.remove());

describe('a tenant of 3,000', () => {
  beforeAll(() => start({ population: { size: 3_000, seed: 7 } }));
  afterAll(() => entra.close());

  it('is read in pages of 999, each member once and with their manager, in no more requests than pages', async () => {
    const members = membersOf(await read());
    expect(requests).toBe(Math.ceil(usersInGroup().length / 999));
    expect(members.map(({ id }) => id).sort()).toEqual([...usersInGroup()].sort());
    for (const { id, manager, displayName, accountEnabled } of members) {
      const { person } = entra.tenant.need(id);
      expect([displayName, accountEnabled, manager?.id ?? null]).toEqual([person.displayName, person.accountEnabled, person.managerId]);
    }
  });

  it('is read to the same members and managers where the cast must be asked for eventually', async () => {
    const plain = membersOf(await read());
    const ways: ReadingWay[] = [];
    const eventual = membersOf(await read(directoryOf({ way: 'eventual', onWay: (way) => ways.push(way) })));
    const known = (members: typeof plain) =>
      members.map(({ id, mail, manager }) => [id, mail, manager?.id ?? null, manager?.mail ?? null]).sort();
    expect(known(eventual)).toEqual(known(plain));
    expect(ways).toEqual([]);
  });

  it('has pages whose fingerprints stay until something about somebody on them changes', async () => {
    const fingerprints = async () => (await read()).map(({ fingerprint }) => fingerprint);
    const before = await fingerprints();
    expect(await fingerprints()).toEqual(before);
    const [somebody = ''] = membersOf(await read()).map(({ id }) => id);
    entra.rename({ id: somebody, displayName: 'Another Name' });
    const after = await fingerprints();
    expect(after.map((fingerprint, page) => fingerprint === before[page])).toEqual(before.map((_, page) => page > 0));
  });

  it('is read on from a stored link, by another worker', async () => {
    const [first] = await read();
    const rest = membersOf(await read(directoryOf(), first?.next));
    expect(rest).toHaveLength(usersInGroup().length - (first?.members().length ?? 0));
  });

  it('starts over once the page token has expired', async () => {
    const [first] = await read();
    entra.controls.faults.add({ kind: 'expiredPageToken' });
    expect(await codeFrom(read(directoryOf(), first?.next))).toBe('DirectoryExpiredPageToken');
  });

  it('goes on through a token that expires in the middle', async () => {
    entra.setTokenLifetime(20 * 60_000);
    const tokensBefore = tokens();
    const pages = directoryOf().pages(undefined, never)[Symbol.asyncIterator]();
    const members = ((await pages.next()).value as MemberPage).members();
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 21 * 60_000);
    try {
      for (let page = await pages.next(); !page.done; page = await pages.next()) members.push(...page.value.members());
    } finally {
      clock.mockRestore();
      entra.setTokenLifetime(3_599_000);
    }
    expect(members).toHaveLength(usersInGroup().length);
    expect(tokens() - tokensBefore).toBe(2);
  });

  it('is signed in to by a certificate that is registered, and by no other', async () => {
    const [registered, other] = [await makeRsaCertificate(), await makeRsaCertificate()];
    entra.applications.addCertificate(registered.certificate);
    const directory = directoryOf({ credential: { certificate: registered } });
    expect((await directory.signIn(never)).roles).toContain('User.Read.All');
    const refused = directoryOf({ credential: { certificate: other } }).signIn(never);
    await expect(refused).rejects.toMatchObject({ code: 'SignInRefused', message: expect.stringContaining('AADSTS700027') });
  });

  const everywhere: [string, Record<string, unknown>, FailureCode][] = [
    ['throttling', { kind: 'throttled', retryAfter: 2.5 }, 'DirectoryThrottled'],
    ['throttling without a word of how long', { kind: 'throttled', retryAfter: null }, 'DirectoryThrottled'],
    ['a 503 as a page', { kind: 'unavailableHtml' }, 'DirectoryUnavailable'],
    ['a 504', { kind: 'gatewayTimeout' }, 'DirectoryUnavailable'],
    ['a 500', { kind: 'serverError' }, 'DirectoryUnavailable'],
    ['JSON that breaks off', { kind: 'cutOff', ending: 'length' }, 'DirectoryAnswerCutOff'],
    ['a line that drops within an answer', { kind: 'cutOff', ending: 'connection' }, 'DirectoryAnswerCutOff'],
    ['a line that drops before an answer', { kind: 'resetBefore' }, 'DirectoryUnavailable'],
    ['a line that drops after the work', { kind: 'resetAfter' }, 'DirectoryUnavailable'],
    ['a directory that is down', { kind: 'down' }, 'DirectoryUnavailable'],
    ['a consent that was withdrawn for users', { kind: 'consentWithdrawn' }, 'MembersUnreadable'],
    [
      'a consent that was withdrawn for groups',
      { kind: 'consentWithdrawn', with: { permission: 'GroupMember.Read.All' } },
      'PermissionMissing',
    ],
    ['a group that is gone', { kind: 'groupGone' }, 'GroupNotFound'],
    ['a group whose members are hidden', { kind: 'hiddenMembership' }, 'MembershipHidden'],
  ];
  it.each(everywhere)('fails by its own name of %s', async (_, fault, code) => {
    const directory = directoryOf();
    await directory.signIn(never);
    entra.controls.faults.add(fault);
    const reading = read(directory).then((pages) => membersOf(pages));
    expect(await codeFrom(reading)).toBe(code);
  });

  it('breaks off between two pages without losing the one that is there', async () => {
    entra.controls.faults.add({ kind: 'cutOff', ending: 'length', after: 1, match: { path: '/members' } });
    const pages = directoryOf().pages(undefined, never)[Symbol.asyncIterator]();
    expect(((await pages.next()).value as MemberPage).members()).toHaveLength(999);
    expect(await codeFrom(pages.next().then(({ value }) => (value as MemberPage).members()))).toBe('DirectoryAnswerCutOff');
  });

  it.each([
    ['a wrong secret', { kind: 'secretWrong' }, 'SecretRejected'],
    ['an expired secret', { kind: 'secretExpired' }, 'SecretExpired'],
    ['an empty token', { kind: 'emptyToken' }, 'SignInUnavailable'],
    ['throttling at the sign-in', { kind: 'tokenThrottled' }, 'SignInUnavailable'],
    ['a sign-in that is down', { kind: 'down', match: { path: '.' } }, 'SignInUnavailable'],
  ])('fails by its own name of %s', async (_, fault, code) => {
    entra.controls.faults.add(fault);
    const directory = directoryOf();
    expect(await codeFrom(directory.signIn(never))).toBe(code);
    expect(await codeFrom(read(directory))).toBe(code);
    entra.controls.faults.remove();
    expect(await directory.signIn(never)).toMatchObject({ roles: expect.arrayContaining(['User.Read.All', 'GroupMember.Read.All']) });
  });

  it.each([
    ['another tenant', { tenantId: '99999999-9999-4999-8999-999999999999' }, 'TenantNotFound'],
    ['another application', { clientId: '99999999-9999-4999-8999-999999999999' }, 'ApplicationNotFound'],
    ['another group', { groupId: '99999999-9999-4999-8999-999999999999' }, 'GroupNotFound'],
  ])('is not found under the id of %s', async (_, wrong, code) => {
    const { tenantId, clientId, groupId } = entra;
    const directory = directoryOf({ configuration: { tenantId, clientId, groupId, cloud: 'global', ...wrong } });
    expect(await codeFrom(directory.group(never))).toBe(code);
    expect(await codeFrom(directory.readSample(never))).toBe(code);
  });

  it('has an attribute’s misspelt name refused as such, not taken for a way that the tenant does not want', async () => {
    const ways: ReadingWay[] = [];
    const directory = directoryOf({ select: { user: ['shoeSize'], manager: ['mail'] }, onWay: (way) => ways.push(way) });
    expect(await codeFrom(read(directory))).toBe('DirectoryRequestRefused');
    expect(ways).toEqual([]);
  });

  it('answers a connection test', async () => {
    const directory = directoryOf();
    expect(await directory.group(never)).toMatchObject({ id: entra.groupId, displayName: 'LMS users', visibility: 'Private' });
    expect(usersInGroup()).toContain((await directory.readSample(never))?.id);
  });
});

describe('a tenant that wants the cast to be asked for eventually', () => {
  beforeAll(() => start({ population: { size: 1_100, seed: 3 }, requiresConsistencyLevelForCast: true, emptyPageEvery: 2 }));
  afterAll(() => entra.close());

  it('is found out by its answer, read with managers, and remembered', async () => {
    const ways: ReadingWay[] = [];
    const members = membersOf(await read(directoryOf({ onWay: (way) => ways.push(way) })));
    expect(ways).toEqual(['eventual']);
    expect(members.map(({ id }) => id).sort()).toEqual([...usersInGroup()].sort());
    for (const { id, manager } of members) expect(manager?.id ?? null).toBe(entra.tenant.need(id).person.managerId);
  });

  it('is asked for managers again where a batch was throttled in part', async () => {
    entra.controls.faults.add({ kind: 'throttled', times: 5, retryAfter: 0, match: { path: 'expand=manager' } });
    const members = membersOf(await read(directoryOf({ way: 'eventual', pause: async () => undefined })));
    expect(members).toHaveLength(usersInGroup().length);
  });
});

describe('what became of somebody, told by the sandbox', () => {
  beforeEach(() => start({ population: { size: 200, seed: 5 } }));
  afterEach(() => entra.close());

  it('is one of six', async () => {
    const [left, deleted, purged, nested, dimmed, missed, ...controls] = usersInGroup() as [
      string,
      string,
      string,
      string,
      string,
      string,
      ...string[],
    ];
    entra.leave({ id: left });
    entra.delete({ id: deleted });
    entra.purge({ id: purged });
    entra.addNested({ id: nested });
    entra.addNested({ id: dimmed });
    entra.disable({ id: dimmed });
    const told = await directoryOf().confirm([left, deleted, purged, nested, dimmed, missed], controls.slice(0, 5), never);
    expect(told.map(({ is }) => is)).toEqual(['left', 'deleted', 'unknown', 'nested', 'disabled', 'member']);
    expect(requests).toBe(3);
  });

  it('takes one request for 19 who have left', async () => {
    const [...ids] = usersInGroup();
    const leavers = ids.splice(0, 60);
    for (const id of leavers) entra.leave({ id });
    const told = await directoryOf().confirm(leavers, ids.slice(0, 10), never);
    expect(told).toEqual(leavers.map((memberId) => ({ memberId, is: 'left' })));
    expect(requests).toBe(Math.ceil(60 / 19));
  });

  it.each([
    ['the group is hidden', { kind: 'hiddenMembership' }],
    ['the group is gone', { kind: 'groupGone' }],
    ['the consent is withdrawn', { kind: 'consentWithdrawn', with: { permission: 'GroupMember.Read.All' } }],
  ])('is unknown of everybody while %s', async (_, fault) => {
    const [left = '', ...controls] = usersInGroup();
    entra.leave({ id: left });
    entra.controls.faults.add(fault);
    expect(await directoryOf().confirm([left], controls.slice(0, 5), never)).toEqual([{ memberId: left, is: 'unknown' }]);
  });

  it('is "member" of somebody whom the pages left out', async () => {
    const [somebody = '', ...controls] = usersInGroup();
    entra.controls.faults.add({ kind: 'memberFallsOut', with: { id: somebody } });
    expect(membersOf(await read()).map(({ id }) => id)).not.toContain(somebody);
    expect(await directoryOf().confirm([somebody], controls.slice(0, 5), never)).toEqual([{ memberId: somebody, is: 'member' }]);
  });
});
