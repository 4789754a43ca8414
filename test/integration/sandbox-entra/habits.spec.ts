/** What a tenant does one way or another is turned while it runs. */
import { startEntra, type Entra } from '../../../sandbox/entra/entra';
import { forEachTest } from '../opened';
import { clientsOf, type Body } from './real-clients';

jest.setTimeout(60_000);

let entra: Entra;
let clients: ReturnType<typeof clientsOf>;
forEachTest(
  () => startEntra({ population: { size: 25, seed: 3, awkward: false }, mostPerPage: 10 }),
  (started) => (entra = started),
);
beforeEach(() => void (clients = clientsOf(entra)));
afterEach(() => clients.close());

const change = async (habits?: object) => {
  const answer = await fetch(`${entra.adminOrigin}/habits`, habits && { method: 'PATCH', body: JSON.stringify(habits) });
  return (await answer.json()) as object;
};
const users = () => `/groups/${entra.groupId}/members/microsoft.graph.user?$select=id`;

const usual = {
  requiresConsistencyLevelForCast: false,
  pageTokenLifetimeMs: 3_600_000,
  snapshots: false,
  emptyPageEvery: 0,
  mostPerPage: 10,
  tokenLifetimeMs: 3_599_000,
};

test('one is changed, the others stay', async () => {
  expect(await change()).toEqual(usual);
  expect(await change({ emptyPageEvery: 2 })).toEqual({ ...usual, emptyPageEvery: 2 });
  const { pages } = await clients.all(users());
  expect(pages.map(({ value }) => value.length)).toEqual([10, 0, 10, 0, 5]);
  expect(await change({ emptyPageEvery: 0, mostPerPage: 999 })).toEqual({ ...usual, mostPerPage: 999 });
  expect((await clients.all(users())).pages).toHaveLength(1);
});

test('the cast wants to be asked for eventually', async () => {
  await change({ requiresConsistencyLevelForCast: true });
  expect((await clients.get(users())).json.error.code).toBe('Request_UnsupportedQuery');
  expect((await clients.get(`${users()}&$count=true`, { headers: { ConsistencyLevel: 'eventual' } })).status).toBe(200);
});

test('next links are good for no time at all', async () => {
  await change({ pageTokenLifetimeMs: 0 });
  const { json } = await clients.get(users());
  const now = Date.now.bind(Date);
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 1);
  const refused = await clients.get(json['@odata.nextLink']);
  clock.mockRestore();
  expect(refused.json.error.code).toBe('Directory_ExpiredPageToken');
});

test.each([
  [true, 25],
  [false, 24],
])('who leaves while pages are read moves the others (snapshots: %s)', async (snapshots, seen) => {
  await change({ snapshots });
  const first = (await clients.get(users())).json;
  entra.leave({ id: first.value[0]?.id ?? '' });
  const rest = (await clients.all(first['@odata.nextLink'])).value;
  expect(first.value.length + rest.length).toBe(seen);
});

test('access tokens run out', async () => {
  await change({ tokenLifetimeMs: 0 });
  const { status, json }: { status: number; json: Body } = await clients.get('/organization');
  expect([status, json.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
});

test('what is no habit is refused, and nothing is changed', async () => {
  expect(await change({ mostPerPage: 1_000, haste: true })).toEqual({
    faults: [expect.stringMatching(/^mostPerPage: /), expect.stringContaining('haste')],
  });
  expect(await change()).toEqual(usual);
});
