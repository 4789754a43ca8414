import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { startEntra, type Entra, type EntraOptions } from '../../../sandbox/entra/entra';
import { clientsOf, type Body } from './real-clients';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { close } of opened.splice(0).reverse()) await close();
});

async function sandbox(options: EntraOptions = {}) {
  const entra: Entra = await startEntra({ population: { size: 250, seed: 3 }, ...options });
  const clients = clientsOf(entra);
  opened.push(entra, clients);
  const { tenant, groupId } = entra;
  const userIds = () => tenant.group.members.all().filter((id) => tenant.people.has(id));
  const members = `/groups/${groupId}/members`;
  return { entra, ...clients, userIds, members, users: `${members}/microsoft.graph.user` };
}

test('says of an empty list and of an empty body what Graph then answers, and not what another server would', async () => {
  const { entra } = await sandbox();
  const { faultKinds } = (await (await fetch(`${entra.adminOrigin}/`)).json()) as { faultKinds: Record<string, string> };
  expect(faultKinds.emptyOk).toContain('value: []');
  expect(faultKinds.emptyBody).toContain('no body');
});

const eventual = { ConsistencyLevel: 'eventual' };
const code = (answer: { status: number; json: Body }) => [answer.status, answer.json.error?.code];

test('what was made on the disk for one tenant is gone when it is closed', async () => {
  const entra = await startEntra({ population: { size: 1, seed: 3 } });
  expect(existsSync(entra.caPath)).toBe(true);
  await entra.close();
  expect(existsSync(dirname(entra.caPath))).toBe(false);
});

describe('reading members', () => {
  it('gives users by pages with their managers, the next link before the value', async () => {
    const { all, users, userIds, entra, get } = await sandbox();
    const path = `${users}?$select=id,mail,accountEnabled,department&$expand=manager($select=id,mail,userPrincipalName,displayName)&$top=60`;
    const { pages, value } = await all(path);
    expect(pages).toHaveLength(5);
    expect(value.map(({ id }) => id)).toEqual(userIds());
    const withManager = value.find(({ manager }) => manager?.['@odata.type'] === '#microsoft.graph.user');
    const boss = entra.tenant.people.get(withManager?.manager?.id ?? '')?.person;
    expect(withManager?.manager).toEqual({
      '@odata.type': '#microsoft.graph.user',
      id: boss?.id,
      mail: boss?.mail,
      userPrincipalName: boss?.userPrincipalName,
      displayName: boss?.displayName,
    });
    expect(value.some(({ manager }) => manager?.['@odata.type'] === '#microsoft.graph.orgContact')).toBe(true);
    expect(value.some((user) => !('manager' in user))).toBe(true);
    const { text } = await get(path);
    expect(text.indexOf('@odata.nextLink')).toBeLessThan(text.indexOf('"value"'));
  });

  it('through the real Graph client is the same', async () => {
    const { graph, users, entra } = await sandbox();
    const page = await graph.api(users).select('id,mail').top(999).get();
    expect(page.value).toHaveLength(250);
    await expect(graph.api('/groups/00000000-0000-4000-8000-000000000000').get()).rejects.toMatchObject({
      statusCode: 404,
      code: 'Request_ResourceNotFound',
    });
    expect(entra.controls.counts.of('GET /groups/{id}/members/microsoft.graph.user')).toBe(1);
  });

  it('without a cast gives what isn’t a user too; a page holds 100 unless asked, at most 999', async () => {
    const { all, members, get } = await sandbox();
    const { pages, value } = await all(members);
    expect(pages[0]?.value).toHaveLength(100);
    expect(new Set(value.map((one) => one['@odata.type']))).toEqual(
      new Set(['#microsoft.graph.user', '#microsoft.graph.device', '#microsoft.graph.orgContact', '#microsoft.graph.servicePrincipal']),
    );
    expect(code(await get(`${members}?$top=1000`))).toEqual([400, 'Request_BadRequest']);
  });

  it('has rules for ConsistencyLevel: filters need it with $count, $expand can’t have it, /$count needs it', async () => {
    const { get, users, members, userIds, all } = await sandbox();
    expect(code(await get(`${users}?$filter=accountEnabled eq true`))).toEqual([400, 'Request_UnsupportedQuery']);
    expect(code(await get(`${users}?$filter=accountEnabled eq true`, { headers: eventual }))).toEqual([400, 'Request_UnsupportedQuery']);
    const filtered = await all(`${users}?$filter=accountEnabled eq false&$count=true&$select=id,accountEnabled&$top=3`, eventual);
    expect(filtered.value.length).toBeGreaterThan(3);
    expect(filtered.value.every(({ accountEnabled }) => accountEnabled === false)).toBe(true);
    expect(filtered.pages.map((page) => page['@odata.count'])).toEqual([
      filtered.value.length,
      ...filtered.pages.slice(1).map(() => undefined),
    ]);
    expect(code(await get(`${users}?$count=true&$expand=manager`, { headers: eventual }))).toEqual([400, 'Request_UnsupportedQuery']);
    expect(code(await get(`${users}/$count`))).toEqual([400, 'Request_BadRequest']);
    expect((await get(`${users}/$count`, { headers: eventual })).text).toBe(String(userIds().length));
    expect(Number((await get(`${members}/$count`, { headers: eventual })).text)).toBeGreaterThan(userIds().length);
  });

  it('in a tenant that wants it works with the cast only as an advanced query, on every page', async () => {
    const { get, users, all } = await sandbox({ requiresConsistencyLevelForCast: true });
    expect(code(await get(`${users}?$expand=manager($select=id)`))).toEqual([400, 'Request_UnsupportedQuery']);
    expect((await all(`${users}?$count=true&$select=id`, eventual)).value).toHaveLength(250);
    const first = await get(`${users}?$count=true`, { headers: eventual });
    expect(code(await get(first.json['@odata.nextLink']))).toEqual([400, 'Request_UnsupportedQuery']);
  });

  it('shifts when membership changes between pages, unless the tenant keeps snapshots', async () => {
    for (const [snapshots, missing] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const { get, users, userIds, entra } = await sandbox({ snapshots });
      const before = userIds();
      const { json } = await get(`${users}?$select=id&$top=100`);
      entra.leave({ id: before[0] as string });
      const read = [...json.value];
      for (let next = json['@odata.nextLink']; next;) {
        const page: Body = (await get(next)).json;
        read.push(...page.value);
        next = page['@odata.nextLink'];
      }
      const ids = new Set(read.map(({ id }) => id));
      expect(before.slice(1).filter((id) => !ids.has(id))).toHaveLength(missing);
    }
  });

  it('refuses next links that are old or made up, and can have empty pages', async () => {
    const { get, users, all, entra } = await sandbox({ pageTokenLifetimeMs: 0, emptyPageEvery: 2 });
    const { json } = await get(users);
    await new Promise((later) => setTimeout(later, 3)); // the clock of the token's age is the real one
    expect(code(await get(json['@odata.nextLink']))).toEqual([400, 'Directory_ExpiredPageToken']);
    expect(code(await get(`${users}?$skiptoken=abc`))).toEqual([400, 'Request_BadRequest']);
    const other = await sandbox({ emptyPageEvery: 2 });
    const read = await other.all(other.users);
    expect(read.pages.map(({ value }) => value.length)).toEqual([100, 0, 100, 0, 50]);
    entra.controls.faults.add({ kind: 'expiredPageToken' });
    await expect(all(users)).rejects.toThrow('Directory_ExpiredPageToken');
  });

  it('shows nulls without User.Read.All and 403 without GroupMember.Read.All', async () => {
    const { get, users, entra } = await sandbox();
    entra.controls.faults.add({ kind: 'consentWithdrawn', times: 1 });
    const [user] = (await get(`${users}?$select=id,mail,accountEnabled&$expand=manager($select=id)`)).json.value;
    expect(user).toEqual({ '@odata.type': '#microsoft.graph.user', id: expect.any(String), mail: null, accountEnabled: null });
    entra.permissions({ revoke: ['GroupMember.Read.All'] });
    expect(code(await get(users))).toEqual([403, 'Authorization_RequestDenied']);
  });

  it('loses a member from lists of members alone', async () => {
    const { all, users, userIds, entra, members } = await sandbox();
    const [one, other] = userIds() as [string, string];
    entra.delete({ id: other });
    for (const id of [one, other, entra.groupId]) entra.controls.faults.add({ kind: 'memberFallsOut', with: { id } });
    const ids = async (path: string, headers?: Record<string, string>) => (await all(path, headers)).value.map(({ id }) => id);
    for (const path of [users, members, members.replace('members', 'transitiveMembers')]) expect(await ids(path)).not.toContain(one);
    expect(await ids('/users')).toContain(one);
    expect(await ids(`/users/${one}/memberOf`)).toContain(entra.groupId);
    expect(await ids('/directory/deletedItems/microsoft.graph.user')).toEqual([other]);
  });

  it('counts members that a filter lets pass', async () => {
    const { get, users, members, entra } = await sandbox();
    const counted = async (path: string) =>
      Number((await get(`${path}/$count?$filter=accountEnabled eq false`, { headers: eventual })).text);
    const disabled = [...entra.tenant.people.values()].filter(({ person }) => !person.accountEnabled).length;
    expect(disabled).toBeGreaterThan(3);
    expect([await counted(users), await counted(members)]).toEqual([disabled, disabled]);
  });

  it('gives all users in the order asked for, by pages too; filtered as well only as an advanced query', async () => {
    const { get, all, entra } = await sandbox();
    const names = async (path: string, headers?: Record<string, string>) =>
      (await all(path, headers)).value.map(({ displayName }) => displayName ?? '');
    const sorted = [...entra.tenant.people.values()]
      .map(({ person }) => person.displayName ?? '')
      .sort((one, other) => one.localeCompare(other));
    expect(await names('/users?$orderby=displayName&$top=100')).toEqual(sorted);
    const both = "/users?$filter=userType eq 'Guest'&$orderby=displayName&$count=true";
    expect(code(await get(both))).toEqual([400, 'Request_UnsupportedQuery']);
    const guests = await names(both, eventual);
    expect(guests.length).toBeGreaterThan(2);
    expect(guests).toEqual([...guests].sort((one, other) => one.localeCompare(other)));
    expect(code(await get('/users?$orderby=shoeSize'))).toEqual([400, 'Request_UnsupportedQuery']);
  });

  it('holds a consent for withdrawn where the rule says so: in tokens, in what may be read and in the list of what is granted', async () => {
    const { get, users, entra, signIn } = await sandbox();
    const { faults } = entra.controls;
    const rolesOf = async () => {
      const [, claims = ''] = (await signIn())?.accessToken.split('.') ?? [];
      return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { roles: string[] }).roles;
    };
    const { appRoles } = (await get("/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')")).json;
    const assigned = async () => {
      const { value } = (await get(`/servicePrincipals(appId='${entra.clientId}')/appRoleAssignments`)).json;
      return value.map(({ appRoleId }) => appRoles.find(({ id }) => id === appRoleId)?.value);
    };
    const isReadable = async () => (await get(`${users}?$select=id,mail,accountEnabled`)).json.value[0]?.accountEnabled !== null;
    const all = ['Application.Read.All', 'GroupMember.Read.All', 'User.Read.All'];
    const story = async () => [await rolesOf(), await assigned(), await isReadable()];
    expect(await story()).toEqual([all, all, true]);
    faults.add({ kind: 'consentWithdrawn' });
    faults.add({ kind: 'consentWithdrawn', with: { permission: 'GroupMember.Read.All' }, match: { path: 'appRoleAssignments' } });
    expect(await story()).toEqual([all.slice(0, 2), all.slice(0, 1), false]);
    faults.remove();
    faults.add({ kind: 'consentWithdrawn', match: { path: '^/v1.0/groups/' }, after: 1, times: 1 });
    expect(await story()).toEqual([all, all, true]);
    expect(await story()).toEqual([all, all, false]);
    expect(await story()).toEqual([all, all, true]);
  });

  it('loses a member silently, has no members at all, is gone or hidden when told so', async () => {
    const { all, users, userIds, entra, get } = await sandbox();
    const { faults } = entra.controls;
    const lost = userIds()[120] as string;
    faults.add({ kind: 'memberFallsOut', with: { id: lost } });
    expect((await all(users)).value.map(({ id }) => id)).toEqual(userIds().filter((id) => id !== lost));
    faults.remove();
    faults.add({ kind: 'memberFallsOut', times: 1 });
    expect((await all(users)).value).toHaveLength(249);
    faults.add({ kind: 'emptyOk', times: 1 });
    expect((await get(users)).json).toEqual({ '@odata.context': expect.any(String), value: [] });
    faults.add({ kind: 'emptyBody', times: 1 });
    expect(await get(users)).toMatchObject({ status: 200, text: '' });
    faults.add({ kind: 'groupGone', times: 1 });
    expect(code(await get(users))).toEqual([404, 'Request_ResourceNotFound']);
    faults.add({ kind: 'hiddenMembership', times: 1 });
    expect(code(await get(users))).toEqual([403, 'Authorization_RequestDenied']);
    const visibility = async () => ((await get(`/groups/${entra.groupId}?$select=visibility`)).json as { visibility?: string }).visibility;
    expect(await visibility()).toBe('Private'); // the rule is used up
    faults.add({ kind: 'hiddenMembership', with: { members: 'empty' } });
    expect((await get(users)).json.value).toEqual([]);
    expect(await visibility()).toBe('HiddenMembership');
    entra.permissions({ grant: ['Member.Read.Hidden'] });
  });

  it('gives no managers with transitive members, with a cast or without', async () => {
    const { get, members } = await sandbox();
    const path = members.replace('members', 'transitiveMembers');
    for (const [at, headers] of [
      [`${path}?$expand=manager($select=id)`, {}],
      [`${path}/microsoft.graph.user?$expand=manager($select=id)&$count=true`, eventual],
    ] as const)
      expect(code(await get(at, { headers }))).toEqual([400, 'Request_UnsupportedQuery']);
  });

  it('reads transitive members with a cast only as an advanced query', async () => {
    const { get, entra, userIds, members, all } = await sandbox();
    const id = userIds()[0] as string;
    entra.addNested({ id });
    const path = members.replace('members', 'transitiveMembers');
    expect(code(await get(`${path}/microsoft.graph.user`))).toEqual([400, 'Request_UnsupportedQuery']);
    const ids = async (at: string, headers?: Record<string, string>) => (await all(at, headers)).value.map((one) => one.id);
    expect(await ids(`${path}/microsoft.graph.user?$count=true`, eventual)).toContain(id);
    expect(await ids(path)).toContain(id);
    expect(await ids(members)).not.toContain(id);
    expect((await all(members)).value.some((one) => one['@odata.type'] === '#microsoft.graph.group')).toBe(true);
  });
});

describe('one person', () => {
  it('is read with selected properties and manager, in extension attributes too', async () => {
    const { get, entra, userIds } = await sandbox();
    const [id, other] = userIds() as [string, string];
    entra.set({
      id,
      attributes: {
        onPremisesExtensionAttributes: { extensionAttribute3: 'x' },
        directoryExtensions: { [`extension_${'a'.repeat(32)}_cost`]: 'K1' },
      },
    });
    entra.moveToManager({ id, managerId: other });
    const { json } = await get(
      `/users/${id}?$select=id,onPremisesExtensionAttributes,extension_${'a'.repeat(32)}_cost,extension_${'b'.repeat(32)}_no&$expand=manager($select=id)`,
    );
    expect(json).toMatchObject({ id, [`extension_${'a'.repeat(32)}_cost`]: 'K1', manager: { id: other } });
    expect(json.onPremisesExtensionAttributes).toMatchObject({ extensionAttribute3: 'x', extensionAttribute4: null });
    expect(json).not.toHaveProperty(`extension_${'b'.repeat(32)}_no`);
    expect((await get(`/users/${id}/manager?$select=id`)).json.id).toBe(other);
    const upn = entra.tenant.people.get(id)?.person.userPrincipalName ?? '';
    expect((await get(`/users/${encodeURIComponent(upn)}`)).json.id).toBe(id);
    expect(code(await get(`/users/${id}?$select=nonsense`))).toEqual([400, 'BadRequest']);
  });

  it('whose manager is a contact shows of it nothing but the id: reading contacts takes another permission', async () => {
    const { get, entra, users, userIds } = await sandbox();
    const [id = ''] = userIds();
    const [contact] = entra.tenant.contacts;
    if (!contact) throw new Error('this population has no contact');
    entra.moveToManager({ id, managerId: contact.id });
    const shown = { '@odata.type': '#microsoft.graph.orgContact', id: contact.id, mail: null };
    const page = await get(`${users}?$select=id&$expand=manager($select=id,mail)&$top=999`);
    expect(page.json.value.find((one) => one.id === id)?.manager).toEqual(shown);
    expect((await get(`/users/${id}/manager?$select=id,mail`)).json).toMatchObject(shown);
  });

  it('whose manager is a contact shows it in full to who may read contacts', async () => {
    const { get, entra, userIds } = await sandbox({ permissions: ['User.Read.All', 'OrgContact.Read.All'] });
    const [id = ''] = userIds();
    const [contact] = entra.tenant.contacts;
    entra.moveToManager({ id, managerId: contact?.id ?? null });
    expect((await get(`/users/${id}/manager?$select=id,mail`)).json).toMatchObject({ id: contact?.id, mail: contact?.mail });
  });

  it('who is renamed shows at once, on the pages of their reports too', async () => {
    const { get, entra, users, userIds } = await sandbox();
    const [id, report] = userIds() as [string, string];
    entra.moveToManager({ id: report, managerId: id });
    const mailOf = async () =>
      (await get(`${users}?$select=id,mail&$expand=manager($select=id,mail)&$top=999`)).json.value.find((one) => one.id === report)?.manager
        ?.mail;
    await mailOf();
    entra.rename({ id, mail: 'new@northwind.example' });
    expect(await mailOf()).toBe('new@northwind.example');
  });

  it('is a member transitively by checkMemberGroups, directly by memberOf, whose groups come by pages', async () => {
    const { get, all, entra, userIds } = await sandbox();
    const id = userIds()[0] as string;
    const check = async () =>
      (await get(`/users/${id}/checkMemberGroups`, { method: 'POST', body: { groupIds: [entra.groupId] } })).json.value;
    const memberOf = async () => (await all(`/users/${id}/memberOf/microsoft.graph.group?$select=id&$top=1`)).value.map((one) => one.id);
    expect([await check(), await memberOf()]).toEqual([[entra.groupId], expect.arrayContaining([entra.groupId])]);
    entra.addNested({ id });
    expect(await check()).toEqual([entra.groupId]);
    expect(await memberOf()).not.toContain(entra.groupId);
    expect((await all(`/users/${id}/transitiveMemberOf`)).value.map((one) => one.id)).toContain(entra.groupId);
    entra.setGroup({ visibility: 'HiddenMembership' });
    expect(await check()).toEqual([]);
    expect((await get(`/users/${id}/checkMemberGroups`, { method: 'POST', body: {} })).status).toBe(400);
  });

  it('who is deleted leaves the group, is found in the bin under another name, and comes back with the same id', async () => {
    const { get, all, entra, userIds } = await sandbox();
    const id = userIds()[0] as string;
    const upn = entra.tenant.people.get(id)?.person.userPrincipalName;
    entra.delete({ id });
    expect(userIds()).not.toContain(id);
    expect(code(await get(`/users/${id}`))).toEqual([404, 'Request_ResourceNotFound']);
    const { json } = await get(`/directory/deletedItems/${id}`);
    expect(json).toMatchObject({
      '@odata.type': '#microsoft.graph.user',
      id,
      userPrincipalName: `${id.replaceAll('-', '')}${upn}`,
      deletedDateTime: expect.any(String),
    });
    expect((await all('/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime')).value).toEqual([
      { id, deletedDateTime: expect.any(String) },
    ]);
    entra.restore({ id });
    expect(userIds()).toContain(id);
    expect((await get(`/users/${id}`)).json.userPrincipalName).toBe(upn);
    entra.purge({ id });
    expect((await get(`/directory/deletedItems/${id}`)).status).toBe(404);
  });
});

describe('many at once', () => {
  it('answers a batch in another order, each item throttled and refused on its own, at most twenty', async () => {
    const { get, entra, userIds } = await sandbox();
    const requests = userIds()
      .slice(0, 20)
      .map((id, index) => ({ id: String(index), method: 'GET', url: `/users/${id}?$select=id` }));
    requests[3] = { id: '3', method: 'GET', url: '/users/00000000-0000-4000-8000-000000000000' };
    entra.controls.faults.add({ kind: 'throttled', times: 1, retryAfter: 2.5, match: { path: '^/v1.0/users/' } });
    const { json } = await get('/$batch', { method: 'POST', body: { requests } });
    expect(json.responses).toHaveLength(20);
    expect(json.responses.map(({ id }) => id)).not.toEqual(requests.map(({ id }) => id));
    const of = (id: string) => json.responses.find((one) => one.id === id);
    expect(of('0')).toMatchObject({ status: 429, headers: { 'Retry-After': '2.5' } });
    expect(of('3')).toMatchObject({ status: 404, body: { error: { code: 'Request_ResourceNotFound' } } });
    expect(of('7')).toMatchObject({ status: 200, body: { id: userIds()[7] } });
    const tooMany = await get('/$batch', { method: 'POST', body: { requests: [...requests, { id: 'x', method: 'GET', url: '/users' }] } });
    expect(tooMany.status).toBe(400);
    expect(entra.controls.counts.report()).toMatchObject({ routes: { 'POST /$batch': 2, 'item GET /users/{id}': 20 } });
  });

  it.each([
    ['a body, but no Content-Type', { body: { ids: [] } }],
    ['a Content-Type, but no body', { headers: { 'Content-Type': 'application/json' } }],
  ])('refuses a whole batch in which somebody writes with %s', async (_title, item) => {
    const { get, entra } = await sandbox();
    const requests = [
      { id: 'reads', method: 'GET', url: '/organization' },
      { id: 'writes', method: 'POST', url: '/directoryObjects/getByIds', ...item },
    ];
    const { status, json } = await get('/$batch', { method: 'POST', body: { requests } });
    expect([status, json.error]).toMatchObject([400, { code: 'BadRequest', message: expect.stringContaining('request id : writes') }]);
    expect(entra.controls.counts.report().routes).not.toHaveProperty('item GET /organization');
    const whole = requests.map((one) => ({
      ...one,
      ...(one.id === 'writes' && { body: { ids: [] }, headers: { 'content-type': 'application/json' } }),
    }));
    expect((await get('/$batch', { method: 'POST', body: { requests: whole } })).json.responses.map((one) => one.status)).toEqual([
      200, 200,
    ]);
  });

  it('asks for each item of a batch what is granted, so that a rule can concern one of them', async () => {
    const { get, entra, userIds } = await sandbox();
    const [one, other] = userIds() as [string, string];
    const requests = [one, other].map((id) => ({ id, method: 'GET', url: `/users/${id}?$select=id` }));
    const rule = entra.controls.faults.add({ kind: 'consentWithdrawn', match: { path: `^/v1.0/users/${other}` } });
    const { responses } = (await get('/$batch', { method: 'POST', body: { requests } })).json;
    const statuses = Object.fromEntries(responses.map(({ id, status }) => [id, status]));
    expect(statuses).toEqual({ [one]: 200, [other]: 403 });
    expect(rule.fired).toBe(1);
  });

  it('gets up to a thousand by id, leaving out those that aren’t there', async () => {
    const { get, userIds } = await sandbox();
    const ids = [...userIds().slice(0, 3), '00000000-0000-4000-8000-000000000000'];
    const { json } = await get('/directoryObjects/getByIds?$select=id,mail', { method: 'POST', body: { ids, types: ['user'] } });
    expect(new Set(json.value.map((one) => one.id))).toEqual(new Set(userIds().slice(0, 3)));
    const tooMany = Array.from({ length: 1001 }, () => ids[0]);
    expect((await get('/directoryObjects/getByIds', { method: 'POST', body: { ids: tooMany } })).status).toBe(400);
  });

  it('throttles by resource units with Retry-After and says what a request cost', async () => {
    const { get, users } = await sandbox({ quota: { units: 6, windowMs: 60_000 } });
    const first = await get(`${users}?$select=id&$expand=manager($select=id)`);
    expect(first.headers.get('x-ms-resource-unit')).toBe('3');
    expect((await get(`${users}?$select=id&$expand=manager($select=id)`)).status).toBe(200);
    const third = await get(`${users}?$select=id`);
    expect(third.status).toBe(429);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(third.headers.get('x-ms-throttle-information')).toBe('ResourceUnitLimitExceeded');
  });

  it('says what a request cost that was refused too, in a batch as well', async () => {
    const { get, users } = await sandbox({ quota: { units: 8, windowMs: 60_000 } });
    const nobody = '/users/00000000-0000-4000-8000-000000000000';
    const refused = await get(nobody);
    expect([refused.status, refused.headers.get('x-ms-resource-unit')]).toEqual([404, '2']);
    const requests = [nobody, `${users}?$filter=accountEnabled eq true`, '/organization'].map((url, id) => ({
      id: String(id),
      method: 'GET',
      url,
    }));
    const { responses } = (await get('/$batch', { method: 'POST', body: { requests } })).json;
    const told = responses.map(({ id, status, headers }) => [id, status, headers?.['x-ms-resource-unit']]).sort();
    expect(told).toEqual([
      ['0', 404, '2'],
      ['1', 400, '3'],
      ['2', 200, '1'],
    ]);
    const throttled = await get('/organization');
    expect([throttled.status, throttled.headers.get('x-ms-resource-unit')]).toEqual([429, '1']);
  });

  it('throttles no tenant for less than one of its size is given, until the admin port says otherwise', async () => {
    const { get, entra } = await sandbox();
    const quota = async (body?: object) => {
      const answer = await fetch(`${entra.adminOrigin}/quota`, body && { method: 'POST', body: JSON.stringify(body) });
      return await answer.json();
    };
    expect(await quota()).toEqual({ units: 5_000, windowMs: 10_000 });
    expect(await quota({ units: 1, windowMs: 60_000 })).toEqual({ units: 1, windowMs: 60_000 });
    expect([(await get('/organization')).status, (await get('/organization')).status]).toEqual([200, 429]);
    expect(await quota({ units: null })).toEqual({ units: null, windowMs: 10_000 });
    expect((await get('/organization')).status).toBe(200);
    expect(await quota({ units: 0 })).toEqual({ faults: [expect.stringMatching(/^units: /)] });
    expect(await quota({})).toEqual({ units: 5_000, windowMs: 10_000 });
  });
});

describe('the app’s set-up', () => {
  it('can be read: secrets by hint and end, permissions by their names, the organisation', async () => {
    const { get, entra } = await sandbox({ secretExpiresAt: '2031-01-02T00:00:00Z' });
    const application = await get(`/applications(appId='${entra.clientId}')?$select=id,appId,passwordCredentials,keyCredentials`);
    expect(application.json.passwordCredentials).toMatchObject([
      { hint: entra.clientSecret.slice(0, 3), endDateTime: '2031-01-02T00:00:00Z', secretText: null },
    ]);
    expect(application.text).not.toContain(entra.clientSecret);
    expect((await get(`/applications?$filter=appId eq '${entra.clientId}'`)).json.value).toHaveLength(1);
    const roles = (await get("/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')")).json.appRoles;
    const granted = (await get(`/servicePrincipals(appId='${entra.clientId}')/appRoleAssignments`)).json.value;
    const names = granted.map(({ appRoleId }) => roles.find(({ id }) => id === appRoleId)?.value);
    expect(names).toEqual(['Application.Read.All', 'GroupMember.Read.All', 'User.Read.All']);
    expect((await get('/organization')).json.value).toMatchObject([{ id: entra.tenantId }]);
    expect((await get(`/groups/${entra.groupId}?$select=visibility,membershipRule`)).json).toMatchObject({
      visibility: 'Private',
      membershipRule: null,
    });
  });
});
