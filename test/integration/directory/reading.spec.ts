import { gzipSync } from 'node:zlib';
import { largestAnswer } from '../../../adapters/directory/connections';
import { createGraphDirectory, type GraphDirectoryOptions } from '../../../adapters/directory/graph-directory';
import type { MemberPage, ReadingWay } from '../../../adapters/directory/directory';
import { codeOf } from '../../../domain/failures';
import { startScriptedTenant, tokenNamed, type Asked, type Scripted, type ScriptedTenant } from './scripted-tenant';

const configuration = {
  tenantId: '11111111-1111-4111-8111-111111111111',
  clientId: '22222222-2222-4222-8222-222222222222',
  groupId: 'g',
  cloud: 'global' as const,
};
const never = new AbortController().signal;
// Real TLS and real key pairs on a machine that others may be using as well.
jest.setTimeout(60_000);

let tenant: ScriptedTenant;
beforeEach(async () => void (tenant = await startScriptedTenant()));
afterEach(() => tenant.close());

const directoryOf = (more: Partial<GraphDirectoryOptions> = {}) =>
  createGraphDirectory({
    configuration,
    select: { user: ['mail'], manager: ['mail'] },
    credential: { secret: 's' },
    endpoints: tenant.endpoints,
    pause: async () => undefined,
    ...more,
  });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: Error & { retryAfterMs?: number }) => ({ code: codeOf(error), message: error.message, retryAfterMs: error.retryAfterMs }),
  );
const read = async (directory = directoryOf(), from?: string, signal = never) => {
  const pages: MemberPage[] = [];
  for await (const page of directory.pages(from, signal)) {
    page.members();
    pages.push(page);
  }
  return pages;
};
const idsOf = (pages: MemberPage[]) => pages.flatMap((page) => page.members().map(({ id }) => id));
const person = (id: string, more: object = {}) => ({ id, accountEnabled: true, mail: `${id}@x.example`, ...more });
const link = (page: number) =>
  `${tenant.endpoints.graph}/v1.0/groups/g/members/microsoft.graph.user?$select=id&$expand=manager($select=id)&$top=999&$skiptoken=p%5D${page}`;
const error = (code: string, status = 400): Scripted => ({
  status,
  body: { error: { code, message: 'about Jo Doe' } },
  headers: { 'request-id': 'r-1' },
});

/** Three pages of two, told apart by their token; `at` may answer differently for one of them (1, 2, 3). */
const threePages =
  (at: (page: number, asked: Asked) => Scripted | undefined = () => undefined, atTheEnd = false) =>
  (asked: Asked): Scripted => {
    const page = Number(/skiptoken=p%5D(\d)/.exec(asked.path)?.[1] ?? 1);
    const value = [person(`${page}a`), person(`${page}b`, { manager: { id: 'm', mail: 'm@x.example' } })];
    const next = page < 3 ? { '@odata.nextLink': link(page + 1) } : {};
    return at(page, asked) ?? { body: atTheEnd ? { value, ...next } : { '@odata.context': 'c', ...next, value } };
  };

describe('reading a group’s members', () => {
  it('walks all pages by their links, wherever a page carries them', async () => {
    for (const atTheEnd of [false, true]) {
      tenant.graph = threePages(undefined, atTheEnd);
      expect(idsOf(await read())).toEqual(['1a', '1b', '2a', '2b', '3a', '3b']);
    }
    expect(tenant.asked[1]?.path).toBe(link(2).slice(tenant.endpoints.graph.length));
    expect(tenant.asked.every(({ headers }) => headers.consistencylevel === undefined)).toBe(true);
  });

  it('has asked for the next page before anybody sees this one', async () => {
    tenant.graph = threePages();
    const pages = directoryOf().pages(undefined, never)[Symbol.asyncIterator]();
    tenant.graph = threePages((page) => (page === 2 ? (queueMicrotask(arrived), undefined) : undefined));
    let arrived: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (arrived = resolve));
    await pages.next();
    await asked; // nothing more was asked of the reader
    expect(tenant.asked).toHaveLength(2);
    await pages.return?.();
  });

  it('tells of every request to Graph, and of none to the token endpoint', async () => {
    let requests = 0;
    tenant.graph = threePages();
    await read(directoryOf({ onRequest: () => requests++ }));
    expect(requests).toBe(3);
  });

  it('goes on from a stored link', async () => {
    tenant.graph = threePages();
    expect(idsOf(await read(directoryOf(), link(2)))).toEqual(['2a', '2b', '3a', '3b']);
  });

  it('passes over pages without anybody on them', async () => {
    tenant.graph = threePages((page) => (page === 2 ? { body: { '@odata.nextLink': link(3), value: [] } } : undefined));
    expect(idsOf(await read())).toEqual(['1a', '1b', '3a', '3b']);
  });

  it('follows no link to another host, to which the token would go', async () => {
    tenant.graph = threePages((page) =>
      page === 1 ? { body: { '@odata.nextLink': 'https://graph.microsoft.com/v1.0/x', value: [] } } : undefined,
    );
    expect(await failureOf(read())).toMatchObject({ code: 'DirectoryUnavailable', message: expect.stringContaining('another host') });
  });

  it('keeps a failure of the next page to itself until somebody wants that page', async () => {
    tenant.graph = threePages((page) => (page === 2 ? error('Directory_ExpiredPageToken') : undefined));
    const pages = directoryOf().pages(undefined, never)[Symbol.asyncIterator]();
    const first = (await pages.next()).value as MemberPage;
    await new Promise((turn) => setImmediate(turn));
    expect(first.members()).toHaveLength(2);
    expect((await failureOf(pages.next()))?.code).toBe('DirectoryExpiredPageToken');
  });

  it.each([
    ['a group that is not there', error('Request_ResourceNotFound', 404), 'GroupNotFound'],
    ['a permission that is missing', error('Authorization_RequestDenied', 403), 'PermissionMissing'],
    ['an expired page token', error('Directory_ExpiredPageToken'), 'DirectoryExpiredPageToken'],
    ['an attribute that Graph does not know', error('Request_BadRequest'), 'DirectoryRequestRefused'],
    ['throttling', { ...error('TooManyRequests', 429), headers: { 'retry-after': '1.5' } }, 'DirectoryThrottled'],
    ['an outage', { ...error('UnknownError', 503), headers: { 'retry-after': '2' } }, 'DirectoryUnavailable'],
    ['a gateway’s page', { status: 504, body: '<html></html>' }, 'DirectoryUnavailable'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'DirectoryUnavailable'],
    ['a dropped line', { drops: 'before' as const }, 'DirectoryUnavailable'],
    ['an answer that breaks off', { drops: 'halfway' as const, body: { value: [person('a')] } }, 'DirectoryAnswerCutOff'],
    ['half an answer that claims to be whole', { body: '{"value":[{"id":"a","mail":' }, 'DirectoryAnswerCutOff'],
    ['an empty answer', { body: '' }, 'DirectoryUnavailable'],
    ['no collection', { body: { hello: 1 } }, 'DirectoryUnavailable'],
    ['people of whom nothing may be seen', { body: { value: [{ id: 'a', accountEnabled: null, mail: null }] } }, 'MembersUnreadable'],
  ])('fails by its own name of %s', async (_, scripted, code) => {
    tenant.graph = () => scripted;
    const failure = await failureOf(read());
    expect(failure?.code).toBe(code);
    expect(failure?.message).not.toContain('Jo');
  });

  it('fails as hidden where the group may be seen and its members may not, on whatever page', async () => {
    const refused = error('Authorization_RequestDenied', 403);
    for (const hidden of [1, 2]) {
      const pages = threePages((page) => (page === hidden ? refused : undefined));
      tenant.graph = (asked) => (asked.path.startsWith('/v1.0/groups/g?') ? { body: { id: 'g' } } : pages(asked));
      const failure = await failureOf(read());
      expect(failure).toMatchObject({ code: 'MembershipHidden', message: expect.stringContaining('request-id r-1') });
    }
  });

  it('says which attribute Graph does not know, and nothing else of what it says', async () => {
    const says = "Parsing OData Select and Expand failed: Could not find a property named 'nope' on type 'microsoft.graph.user'. Jo Doe";
    tenant.graph = () => ({ status: 400, body: { error: { code: 'Request_BadRequest', message: says } } });
    const failure = await failureOf(read(directoryOf({ select: { user: ['nope'] } })));
    expect(failure?.code).toBe('DirectoryRequestRefused');
    expect(failure?.message).toContain('It knows no attribute “nope”.');
    expect(failure?.message).not.toMatch(/Parsing|Jo/);
  });

  it('passes on how long Graph wants to be left alone', async () => {
    tenant.graph = () => ({ ...error('TooManyRequests', 429), headers: { 'retry-after': '1.5' } });
    expect(await failureOf(read())).toMatchObject({ retryAfterMs: 1500 });
  });

  it('comes back by another connection after a 503', async () => {
    tenant.graph = () => error('UnknownError', 503);
    const directory = directoryOf();
    const connections = () => tenant.connections;
    await failureOf(directory.group(never));
    const before = connections();
    await failureOf(directory.group(never));
    expect(connections()).toBe(before + 1);
  });

  it('takes an answer that does not come in time for an outage', async () => {
    tenant.graph = () => ({ silent: true });
    expect((await failureOf(read(directoryOf({ timeouts: { totalMs: 1_500 } }))))?.code).toBe('DirectoryUnavailable');
  });

  it('unpacks what Graph has packed, and refuses what is too large even so', async () => {
    const packed = (body: string | Buffer): Scripted => ({ body: gzipSync(body), headers: { 'content-encoding': 'gzip' } });
    tenant.graph = () => packed(JSON.stringify({ value: [person('a')] }));
    expect(idsOf(await read())).toEqual(['a']);
    expect(tenant.asked[0]?.headers['accept-encoding']).toContain('gzip');
    tenant.graph = () => packed(Buffer.alloc(largestAnswer + 1, 32));
    expect(await failureOf(read())).toMatchObject({ code: 'DirectoryUnavailable', message: expect.stringContaining('larger than') });
  });

  it('ends at once when it is called off, with the caller’s own reason', async () => {
    const reason = new Error('called off');
    const off = new AbortController();
    tenant.graph = threePages((page) => {
      if (page < 2) return undefined;
      off.abort(reason);
      return { silent: true };
    });
    await expect(read(directoryOf(), undefined, off.signal)).rejects.toBe(reason);
  });
});

describe('a token that is no longer taken', () => {
  const takes = (number: number) => (asked: Asked) => asked.headers.authorization === `Bearer ${tokenNamed(number)}`;

  it('is replaced once, in the middle of a read', async () => {
    tenant.graph = (asked) =>
      threePages()(asked).body && (takes(1)(asked) ? /p%5D/.test(asked.path) : false)
        ? error('InvalidAuthenticationToken', 401)
        : threePages()(asked);
    expect(idsOf(await read())).toHaveLength(6);
    expect(tenant.tokens).toBe(2);
  });

  it('ends the read where a new one is not taken either', async () => {
    tenant.graph = () => error('InvalidAuthenticationToken', 401);
    expect((await failureOf(read()))?.code).toBe('DirectoryTokenRejected');
    expect(tenant.asked).toHaveLength(2);
    expect(tenant.tokens).toBe(2);
  });
});

describe('a tenant that does not want managers with the members', () => {
  const eventually = (asked: Asked): Scripted => {
    if (asked.path === '/v1.0/$batch')
      return batchOf(asked, (url) => ({
        body: url.includes('1b') ? { id: '1b', manager: { id: 'm', mail: 'm@x.example' } } : { id: 'x' },
      }));
    if (asked.headers.consistencylevel !== 'eventual' || asked.path.includes('$expand')) return error('Request_UnsupportedQuery');
    const page = asked.path.includes('skiptoken') ? 2 : 1;
    const next = page === 1 ? { '@odata.nextLink': `${tenant.endpoints.graph}/v1.0/groups/g/members?$count=true&$skiptoken=2` } : {};
    return { body: { '@odata.count': 4, ...next, value: [person(`${page}a`), person(`${page}b`)] } };
  };

  it('is read the other way, with managers in batches and the header on every page, and that is told', async () => {
    const ways: ReadingWay[] = [];
    tenant.graph = eventually;
    const pages = await read(directoryOf({ onWay: (way) => ways.push(way) }));
    expect(pages.flatMap((page) => page.members())).toEqual([
      person('1a', { manager: null }),
      person('1b', { manager: { id: 'm', mail: 'm@x.example' } }),
      person('2a', { manager: null }),
      person('2b', { manager: null }),
    ]);
    expect(ways).toEqual(['eventual']);
  });

  it('is not asked the wrong way again once it is known', async () => {
    tenant.graph = eventually;
    const ways: ReadingWay[] = [];
    await read(directoryOf({ way: 'eventual', onWay: (way) => ways.push(way) }));
    expect(tenant.asked.filter(({ path }) => path.includes('$expand=manager($select=id,mail)&$top'))).toEqual([]);
    expect(ways).toEqual([]);
  });

  it('may change its mind: a remembered way that is refused is given up for the other', async () => {
    tenant.graph = (asked) => (asked.headers.consistencylevel ? error('Request_UnsupportedQuery') : threePages()(asked));
    const ways: ReadingWay[] = [];
    expect(idsOf(await read(directoryOf({ way: 'eventual', onWay: (way) => ways.push(way) })))).toHaveLength(6);
    expect(ways).toEqual(['plain']);
  });

  it('makes a page’s fingerprint follow the managers', async () => {
    tenant.graph = eventually;
    const [one] = await read();
    const [same] = await read();
    tenant.graph = (asked) =>
      asked.path === '/v1.0/$batch' ? batchOf(asked, () => ({ body: { id: 'x', manager: { id: 'another' } } })) : eventually(asked);
    const [changed] = await read();
    expect(same?.fingerprint).toBe(one?.fingerprint);
    expect(changed?.fingerprint).not.toBe(one?.fingerprint);
  });

  it('never has "no manager" read out of a refusal', async () => {
    tenant.graph = (asked) =>
      asked.path === '/v1.0/$batch' ? batchOf(asked, () => error('Authorization_RequestDenied', 403)) : eventually(asked);
    expect((await failureOf(read()))?.code).toBe('PermissionMissing');
  });

  it('has only the throttled ones of a batch asked again', async () => {
    let tries = 0;
    tenant.graph = (asked) =>
      asked.path !== '/v1.0/$batch'
        ? eventually(asked)
        : batchOf(asked, (url) =>
            url.includes('1a') && tries++ === 0 ? { ...error('x', 429), headers: { 'Retry-After': '1' } } : { body: {} },
          );
    await read();
    const sizes = tenant.asked
      .filter(({ path }) => path === '/v1.0/$batch')
      .map(({ body }) => (body as { requests: unknown[] }).requests.length);
    expect(sizes.sort()).toEqual([1, 2, 2]);
  });

  it('starts over where a stored link was made for the other way', async () => {
    tenant.graph = eventually;
    expect((await failureOf(read(directoryOf({ way: 'eventual' }), link(2))))?.code).toBe('DirectoryExpiredPageToken');
  });
});

describe('what a connection test asks', () => {
  it('is one member as the mapping will see it', async () => {
    tenant.graph = threePages();
    expect(await directoryOf().readSample(never)).toEqual(person('1a'));
    expect(tenant.asked).toHaveLength(1);
  });

  it('has no answer in an empty group', async () => {
    tenant.graph = () => ({ body: { value: [] } });
    expect(await directoryOf().readSample(never)).toBeUndefined();
  });

  it('is what the group is', async () => {
    tenant.graph = () => ({
      body: { id: 'g', displayName: 'Everybody', visibility: 'HiddenMembership', membershipRule: null, securityEnabled: true },
    });
    expect(await directoryOf().group(never)).toEqual({
      id: 'g',
      displayName: 'Everybody',
      visibility: 'HiddenMembership',
      membershipRule: undefined,
      securityEnabled: true,
    });
  });

  it.each([
    ['a group that breaks off', '{"id":"g","displayName":"Jo', 'DirectoryAnswerCutOff'],
    ['a group that breaks off behind a brace', '{"id":"g","owner":{"id":"Jo"}', 'DirectoryAnswerCutOff'],
    ['an empty answer about the group', '', 'DirectoryUnavailable'],
    ['a proxy’s page', '<html>Jo</html>', 'DirectoryUnavailable'],
    ['something else', '{"hello":1}', 'DirectoryUnavailable'],
  ])('fails by its own name of %s', async (_, body, code) => {
    tenant.graph = () => ({ body });
    const failure = await failureOf(directoryOf().group(never));
    expect(failure?.code).toBe(code);
    expect(failure?.message).not.toContain('Jo');
  });
});

function batchOf(asked: Asked, answer: (url: string) => Scripted): Scripted {
  const { requests } = asked.body as { requests: { id: string; url: string }[] };
  return { body: { responses: requests.map(({ id, url }) => ({ id, status: 200, ...answer(url) })).reverse() } };
}
