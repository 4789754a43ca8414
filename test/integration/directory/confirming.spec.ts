import type { Whereabouts } from '../../../adapters/directory/directory';
import { createGraphDirectory } from '../../../adapters/directory/graph-directory';
import { codeOf } from '../../../domain/failures';
import { startScriptedTenant, type Asked, type Scripted, type ScriptedTenant } from './scripted-tenant';

const group = 'aaaaaaaa-0000-4000-8000-000000000001';
const configuration = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  groupId: group,
  cloud: 'global' as const,
};
const never = new AbortController().signal;
// Real TLS and real key pairs on a machine that others may be using as well.
jest.setTimeout(60_000);

/** What Graph says about one person; who is not listed has left. */
interface Person {
  check?: Scripted | (() => Scripted);
  groups?: Scripted;
  person?: Scripted;
  deleted?: boolean;
}

let tenant: ScriptedTenant;
let people: Record<string, Person>;
let waits: number[];
beforeEach(async () => {
  tenant = await startScriptedTenant();
  people = { control: member, other: member };
  waits = [];
  tenant.graph = graph;
});
afterEach(() => tenant.close());

const refused = (status: number, code = 'x', headers?: Record<string, string>): Scripted => ({
  status,
  headers,
  body: { error: { code } },
});
const inGroup: Scripted = { body: { value: [group.toUpperCase()] } };
const member: Person = { check: inGroup, groups: { body: { value: [{ id: group }] } } };
const nested: Person = { check: inGroup, groups: { body: { value: [{ id: 'the nested one' }] } } };
const gone: Person = { check: refused(404, 'Request_ResourceNotFound') };

function answerTo(url: string): Scripted {
  const [, kind, rest = ''] = /^\/?(users|directory\/deletedItems)\/(.*)$/.exec(url) ?? [];
  const id = /^[^/?]+/.exec(rest)?.[0] ?? '';
  const person = people[id];
  if (kind !== 'users') return person?.deleted ? { body: { id } } : refused(404, 'Request_ResourceNotFound');
  if (rest.includes('/memberOf')) return person?.groups ?? { body: { value: [] } };
  if (!rest.includes('/checkMemberGroups')) return person?.person ?? { body: { id, accountEnabled: true } };
  const { check = { body: { value: [] } } } = person ?? {};
  return typeof check === 'function' ? check() : check;
}

function graph(asked: Asked): Scripted {
  if (asked.path !== '/v1.0/$batch') return answerTo(asked.path.slice('/v1.0'.length));
  const { requests } = asked.body as { requests: { id: string; url: string }[] };
  return { body: { responses: requests.map(({ id, url }) => ({ id, status: 200, ...answerTo(url) })).reverse() } };
}

function directory() {
  const pause = async (ms: number) => void waits.push(ms);
  return createGraphDirectory({ configuration, select: { user: [] }, credential: { secret: 's' }, endpoints: tenant.endpoints, pause });
}

async function confirm(ids: string[], controls = ['control', 'other']): Promise<Record<string, Whereabouts['is']>> {
  const told = await directory().confirm(ids, controls, never);
  expect(told.map(({ memberId }) => memberId)).toEqual([...new Set(ids)]);
  return Object.fromEntries(told.map(({ memberId, is }) => [memberId, is]));
}

describe('what became of somebody who was not among the members', () => {
  it('is told of each of them by itself', async () => {
    Object.assign(people, { missed: member, nested, deleted: { ...gone, deleted: true }, vanished: gone });
    expect(await confirm(['left', 'missed', 'nested', 'deleted', 'vanished'])).toEqual({
      left: 'left',
      missed: 'member',
      nested: 'nested',
      deleted: 'deleted',
      vanished: 'unknown',
    });
  });

  it('is one request for 19 of them where nobody is in doubt', async () => {
    const many = Array.from({ length: 100 }, (_, n) => `p${n}`);
    expect(new Set(Object.values(await confirm(many)))).toEqual(new Set(['left']));
    expect(tenant.asked).toHaveLength(Math.ceil(100 / 19));
    for (const { body } of tenant.asked) expect((body as { requests: unknown[] }).requests.length).toBeLessThanOrEqual(20);
  });

  it('is unknown where the group’s members are hidden, so that even a member seems to be in no group', async () => {
    people = {};
    expect(await confirm(['left'])).toEqual({ left: 'unknown' });
  });

  it('is unknown without anybody who could vouch for the answers, and not even asked', async () => {
    expect(await confirm(['left'], [])).toEqual({ left: 'unknown' });
    expect(await confirm(['left'], ['left'])).toEqual({ left: 'unknown' });
    expect(tenant.asked).toHaveLength(0);
  });

  it('is found out with another control where the first one has left as well', async () => {
    delete people.control;
    expect(await confirm(['left'])).toEqual({ left: 'left' });
    expect(tenant.asked).toHaveLength(2);
  });

  it('is unknown of the people of one batch only, when their control fails and no other does', async () => {
    delete people.control;
    const many = Array.from({ length: 38 }, (_, n) => `p${n}`);
    const told = await confirm(many, ['control', 'other']);
    expect(Object.values(told).every((is) => is === 'left')).toBe(true);
    const alone = await confirm(many, ['control']);
    expect(Object.values(alone).every((is) => is === 'unknown')).toBe(true);
  });

  it.each([
    ['a refusal', refused(403, 'Authorization_RequestDenied')],
    ['a 404 that is not Graph’s', { status: 404, body: {} }],
    ['an answer of another form', { body: { hello: 1 } }],
    ['another group than was asked about', { body: { value: ['bbbbbbbb-0000-4000-8000-000000000001'] } }],
    ['nothing at all', { status: 204 }],
  ])('is unknown by %s', async (_, check) => {
    people.somebody = { check, deleted: true };
    expect(await confirm(['somebody'])).toEqual({ somebody: 'unknown' });
  });

  it('is asked again, alone with the control, as long as Graph asks for a pause', async () => {
    let tries = 0;
    people.throttled = { check: () => (tries++ === 0 ? refused(429, 'TooManyRequests', { 'Retry-After': '3' }) : { body: { value: [] } }) };
    expect(await confirm(['left', 'throttled'])).toEqual({ left: 'left', throttled: 'left' });
    expect(waits).toEqual([3000]);
    expect((tenant.asked[1]?.body as { requests: unknown[] }).requests).toHaveLength(2);
  });

  it('is asked again as a whole when it is the control who is throttled', async () => {
    let tries = 0;
    people.control = { check: () => (tries++ === 0 ? refused(429, 'x', { 'retry-after': '1' }) : inGroup) };
    expect(await confirm(['left', 'also left'])).toEqual({ left: 'left', 'also left': 'left' });
    expect(tenant.asked).toHaveLength(2);
  });

  it('waits for Graph a minute at most, and then leaves the waiting to the run', async () => {
    people.throttled = { check: refused(429, 'TooManyRequests', { 'Retry-After': '90' }) };
    const failure = await confirm(['throttled']).catch((error: unknown) => error as { retryAfterMs?: number });
    expect(codeOf(failure)).toBe('DirectoryThrottled');
    expect(failure).toMatchObject({ retryAfterMs: 90_000 });
    expect(waits).toEqual([]);
  });

  it('is unknown of somebody about whom Graph goes on failing', async () => {
    people.broken = { check: refused(503, 'UnknownError') };
    expect(await confirm(['left', 'broken'])).toEqual({ left: 'left', broken: 'unknown' });
    expect(waits).toHaveLength(3);
  });

  it('is unknown of somebody about whom Graph wants to be asked much later, and holds nobody else up', async () => {
    people.broken = { check: refused(503, 'UnknownError', { 'Retry-After': '600' }) };
    expect(await confirm(['left', 'broken'])).toEqual({ left: 'left', broken: 'unknown' });
    expect(waits).toEqual([]);
  });

  it('fails as a whole where Graph does not answer at all', async () => {
    tenant.graph = () => refused(503, 'UnknownError');
    await expect(confirm(['left'])).rejects.toMatchObject({ code: 'DirectoryUnavailable' });
    tenant.graph = () => ({ body: { hello: 1 } });
    await expect(confirm(['left'])).rejects.toMatchObject({ code: 'DirectoryUnavailable' });
  });

  it('fails as a whole where an answer breaks off, of a batch or of somebody’s groups', async () => {
    tenant.graph = () => ({ body: '{"responses":[{"id":"left","status":200' });
    await expect(confirm(['left'])).rejects.toMatchObject({ code: 'DirectoryAnswerCutOff' });
    const next = `${tenant.endpoints.graph}/v1.0/users/second/memberOf?$skiptoken=2`;
    people.busy = { check: inGroup, groups: { body: { value: [], '@odata.nextLink': next } } };
    tenant.graph = (asked) => (asked.path.startsWith('/v1.0/users/second/') ? { body: '{"value":[{"id":' } : graph(asked));
    await expect(confirm(['busy'])).rejects.toMatchObject({ code: 'DirectoryAnswerCutOff' });
  });

  it('is "disabled" of somebody whom only a nested group reaches, and who may not sign in', async () => {
    people.nested = { ...nested, person: { body: { id: 'nested', accountEnabled: false } } };
    people.missed = { ...member, person: { body: { id: 'missed', accountEnabled: false } } };
    expect(await confirm(['nested', 'missed'])).toEqual({ nested: 'disabled', missed: 'member' });
  });

  it('is looked for on all pages of somebody’s groups', async () => {
    const next = `${tenant.endpoints.graph}/v1.0/users/second/memberOf?$skiptoken=2`;
    people.busy = { check: inGroup, groups: { body: { value: [{ id: 'one' }], '@odata.nextLink': next } } };
    people.second = { groups: { body: { value: [{ id: group }] } } };
    people.lured = { check: inGroup, groups: { body: { value: [], '@odata.nextLink': 'https://elsewhere.example/v1.0/x' } } };
    expect(await confirm(['busy', 'lured'])).toEqual({ busy: 'member', lured: 'unknown' });
  });

  it('is found in a tenant that does not cast memberships either', async () => {
    people.missed = { check: inGroup, groups: refused(400, 'Request_UnsupportedQuery') };
    const cast = tenant.graph;
    tenant.graph = (asked) => (asked.path.startsWith('/v1.0/users/missed/memberOf?') ? { body: { value: [{ id: group }] } } : cast(asked));
    expect(await confirm(['missed'])).toEqual({ missed: 'member' });
  });

  it('is unknown where nobody tells the person’s groups', async () => {
    people.closed = { check: inGroup, groups: refused(403, 'Authorization_RequestDenied') };
    expect(await confirm(['closed'])).toEqual({ closed: 'unknown' });
  });
});

describe('who may not sign in, of those who are asked about', () => {
  const disabledAmong = (ids: string[]) => directory().disabledAmong(ids, never);
  const saying = (accountEnabled: unknown): Person => ({ person: { body: { id: 'x', accountEnabled } } });

  it('is whoever answers so, and nobody who is enabled, gone, refused, or whose state may not be seen', async () => {
    Object.assign(people, {
      disabled: saying(false),
      enabled: saying(true),
      unseen: saying(null),
      gone: { person: refused(404, 'Request_ResourceNotFound') },
      refused: { person: refused(403, 'Authorization_RequestDenied') },
    });
    expect(await disabledAmong(['disabled', 'enabled', 'unseen', 'gone', 'refused'])).toEqual(['disabled']);
  });

  it('is found out by twenty in one request, each once', async () => {
    const many = Array.from({ length: 50 }, (_, n) => `p${n}`);
    for (const id of many) people[id] = saying(false);
    expect(await disabledAmong([...many, ...many])).toEqual(many);
    expect(tenant.asked).toHaveLength(3);
  });

  it('is not found out while Graph answers with something else', async () => {
    tenant.graph = () => ({ body: { hello: 1 } });
    await expect(disabledAmong(['disabled'])).rejects.toMatchObject({ code: 'DirectoryUnavailable' });
  });
});
