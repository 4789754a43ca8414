import type { Target } from '../../../adapters/target/target';
import { scriptedLms, signal, soon, type Answer } from './scripted-lms';

const people = Array.from({ length: 25 }, (_, n) => ({ id: `id-${n}`, userName: `p${n}`, active: true }));

/** In place of a page of ten; nothing where that comes. */
let instead: (query: URLSearchParams) => Answer | undefined;
/** The pages that were asked for, by the first row of each, and the filters. */
let asked: string[];
let there: typeof people;

const lms = scriptedLms();
const { open } = lms;

beforeEach(() => {
  [asked, there, instead] = [[], people, () => undefined];
  lms.answer = ({ query }) => {
    const isPage = query.get('count') !== '1'; // otherwise it is tried out whether pages may have a size
    asked.push(query.get('filter') ?? (isPage ? query.get('startIndex') : 'size') ?? '');
    return instead(query) ?? { body: page(query, there.length) };
  };
});

function page(query: URLSearchParams, totalResults: number): { totalResults: number; Resources: unknown[] } {
  const name = /^userName eq "(.*)"$/.exec(query.get('filter') ?? '')?.[1]?.toLowerCase();
  const from = Number(query.get('startIndex')) - 1;
  const Resources = name === undefined ? there.slice(from, from + 10) : there.filter(({ userName }) => userName === name);
  return { totalResults, Resources };
}

async function walked(from: Target): Promise<number> {
  let accounts = 0;
  for await (const one of from.accounts(signal)) accounts += one.accounts.length;
  return accounts;
}

const everyOther = (answer: Answer) => () => (asked.length % 2 === 0 ? answer : undefined);

describe('A page of a walk that does not come is asked for again, and no other', () => {
  test.each([
    ['where the LMS asks for patience', { status: 429, headers: soon }],
    ['where the LMS stumbles', { status: 500, headers: soon }],
    ['where a proxy in front of it does', { status: 503, headers: soon }],
  ])('%s', async (_title, answer) => {
    instead = everyOther(answer);
    expect(await walked(open())).toBe(25);
    expect([...new Set(asked)].filter((start) => start !== 'size')).toEqual(['1', '11', '21']);
    expect(asked.lastIndexOf('1')).toBeLessThan(asked.indexOf('11'));
  });

  test('when a name is looked for by walking, too', async () => {
    instead = everyOther({ status: 429, headers: soon });
    await expect(open({ filter: 'refused' }).findByUserName('p24', signal)).resolves.toMatchObject([{ accountId: 'id-24' }]);
    expect([...new Set(asked)]).toEqual(['1', '11', '21']);
  });

  test('but not for ever: an LMS that is out is the caller’s', async () => {
    instead = (query) => (query.get('startIndex') === '11' ? { status: 503, headers: soon } : undefined);
    await expect(walked(open())).rejects.toMatchObject({ code: 'TargetUnavailable', status: 503 });
    expect(asked).toEqual(['1', '11', '11', '11', '11']);
  });

  test('but not in place where it asks for more than a minute', async () => {
    instead = (query) => (query.get('startIndex') === '11' ? { status: 429, headers: { 'retry-after': '90' } } : undefined);
    await expect(walked(open())).rejects.toMatchObject({ code: 'TargetThrottled', retryAfterMs: 90_000 });
  });

  test('until the caller wants no more', async () => {
    const stop = new AbortController();
    instead = () => {
      stop.abort(new Error('enough'));
      return { status: 429, headers: { 'retry-after': '50' } };
    };
    const pages = open().accounts(stop.signal)[Symbol.asyncIterator]();
    await expect(pages.next()).rejects.toThrow('enough');
  });
});

describe('The end of a walk', () => {
  test.each([
    ['says 0', () => 0],
    ['says how many rows the page has', (rows: number) => rows],
  ])('is not believed where the total %s', async (_title, total) => {
    instead = (query) => {
      const { Resources } = page(query, 0);
      return { body: { totalResults: total(Resources.length), Resources } };
    };
    expect(await walked(open())).toBe(25);
  });

  test('is believed where the total was more than the page before it: nothing is asked for beyond', async () => {
    const target = open();
    expect(await walked(target)).toBe(25);
    expect(asked).toEqual(['1', '11', '21']);
    there = people.slice(0, 9);
    expect(await walked(target)).toBe(9); // known by now, and in later runs by the page size
    expect(asked).toEqual(['1', '11', '21', '1']);
  });

  test('is not believed where rows came twice and others are missing', async () => {
    there = people.slice(0, 20);
    instead = (query) => {
      const from = Math.max(0, Number(query.get('startIndex')) - 2);
      return { body: { totalResults: 20, Resources: there.slice(from, from + 10) } };
    };
    expect(await walked(open())).toBe(20);
  });

  test.each([[200], [400], [404], [500]])(
    'that all accounts fit in is looked behind once, and HTTP %i to that is no fault',
    async (status) => {
      there = people.slice(0, 9);
      instead = (query) => (query.get('startIndex') === '10' && status !== 200 ? { status, headers: soon } : undefined);
      expect(await walked(open())).toBe(9);
    },
  );

  test('is not reached where the LMS is out when it is looked behind', async () => {
    there = people.slice(0, 9);
    instead = (query) => (query.get('startIndex') === '10' ? { status: 503, headers: soon } : undefined);
    await expect(walked(open())).rejects.toMatchObject({ code: 'TargetUnavailable' });
  });
});

describe('An LMS that answers 404 to a filter', () => {
  test('that finds nobody has nobody of that name, once it has found somebody by one', async () => {
    instead = (query) => (query.get('filter')?.includes('nobody') ? { status: 404 } : undefined);
    const target = open();
    await expect(target.findByUserName('nobody', signal)).resolves.toEqual([]);
    expect(target.memory()).toMatchObject({ filter: 'works' });
  });

  test('to any is walked', async () => {
    instead = (query) => (query.has('filter') ? { status: 404 } : undefined);
    const target = open();
    await expect(target.findByUserName('p24', signal)).resolves.toMatchObject([{ accountId: 'id-24' }]);
    expect(target.memory()).toMatchObject({ filter: 'refused' });
  });

  test('and to everything else has no SCIM service there', async () => {
    instead = () => ({ status: 404 });
    await expect(open({ filter: 'works' }).findByUserName('p24', signal)).rejects.toMatchObject({ code: 'TargetNotFound' });
  });
});

describe('Whether an LMS answers at all', () => {
  test('is told by an account that is not there or, where the LMS fails on that, by its list', async () => {
    instead = () => ({ status: 404 });
    const target = open();
    await target.answers(signal);
    expect(asked).toHaveLength(1);
    instead = (query) => (query.has('startIndex') ? undefined : { status: 500 });
    await target.answers(signal);
    expect(asked.at(-1)).toBe('1');
  });

  test.each([[500], [503]])('HTTP %i to everything is no answer', async (status) => {
    instead = () => ({ status });
    await expect(open().answers(signal)).rejects.toMatchObject({ code: 'TargetUnavailable' });
  });
});
