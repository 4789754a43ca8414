import { announcedLimit, askedWait } from '../../../adapters/target/scim/announced';
import { Pace } from '../../../adapters/target/scim/pace';

const now = Date.parse('2026-11-24T12:00:00Z');
const signal = new AbortController().signal;

describe('A limit that a server announces is read from', () => {
  test.each([
    [
      'the plain headers',
      { 'ratelimit-limit': '100', 'ratelimit-remaining': '7', 'ratelimit-reset': '30' },
      { limit: 100, remaining: 7, resetMs: 30_000 },
    ],
    [
      'the X- headers with seconds since 1970',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1_000 + 5) },
      { remaining: 0, resetMs: 5_000 },
    ],
    [
      'the X- headers with milliseconds since 1970',
      { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': String(now + 5_000) },
      { remaining: 0, resetMs: 5_000 },
    ],
    ['one header of an older draft', { ratelimit: 'limit=100, remaining=50, reset=30' }, { limit: 100, remaining: 50, resetMs: 30_000 }],
    ['one header of a newer draft', { ratelimit: '"default";r=50;t=30' }, { remaining: 50, resetMs: 30_000 }],
  ])('%s', (_title, headers, expected) => {
    expect(announcedLimit(headers, now)).toMatchObject(expected);
  });

  test.each([
    ['seconds', { 'retry-after': '12' }, 12_000],
    ['a date', { 'retry-after': 'Tue, 24 Nov 2026 12:00:09 GMT' }, 9_000],
    ['a date that has passed', { 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, 0],
    ['the reset of the limit', { 'ratelimit-remaining': '0', 'ratelimit-reset': '3' }, 3_000],
    ['nothing', {}, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
  ])('a pause that is asked for, in %s', (_title, headers, expected) => {
    expect(askedWait(headers, now)).toBe(expected);
  });
});

describe('Requests', () => {
  let time: number;
  beforeEach(() => {
    time = now;
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());
  const pace = (perMinute?: number) => new Pace(perMinute, () => time);
  const pass = async (ms: number) => {
    time += ms;
    await jest.advanceTimersByTimeAsync(ms);
  };
  const announced = (remaining: number, reset = 10) => ({
    status: 200,
    headers: { 'ratelimit-limit': '3', 'ratelimit-remaining': String(remaining), 'ratelimit-reset': String(reset) },
  });

  test('leave at once where no limit is known', () => {
    const free = pace();
    for (let index = 0; index < 1_000; index++) expect(free.take(signal)).toBeUndefined();
  });

  test('wait for the reset when none remain', async () => {
    const limited = pace();
    void limited.take(signal);
    limited.answered(announced(0));
    const left = jest.fn();
    void limited.take(signal)?.then(left);
    await pass(9_000);
    expect(left).not.toHaveBeenCalled();
    await pass(1_000);
    expect(left).toHaveBeenCalled();
  });

  test('on their way count as used, for the server may not have seen them yet', () => {
    const limited = pace();
    for (let index = 0; index < 3; index++) void limited.take(signal);
    limited.answered(announced(2));
    expect(limited.take(signal)).toBeInstanceOf(Promise);
  });

  test('after a reset are no more than the limit until the server speaks again', async () => {
    const limited = pace();
    void limited.take(signal);
    limited.answered(announced(0));
    await pass(10_000);
    const free = [1, 2, 3, 4].map(() => limited.take(signal) === undefined);
    expect(free).toEqual([true, true, true, false]);
  });

  test('pause together when one of them was told to', async () => {
    const paused = pace();
    void paused.take(signal);
    paused.answered({ status: 429, headers: { 'retry-after': '5' } });
    const left = jest.fn();
    void paused.take(signal)?.then(left);
    await pass(4_999);
    expect(left).not.toHaveBeenCalled();
    await pass(1);
    expect(left).toHaveBeenCalled();
  });

  test('that would have to wait longer than a minute are handed back to the caller', async () => {
    const paused = pace();
    void paused.take(signal);
    paused.answered({ status: 429, headers: { 'retry-after': '120' } });
    await expect(paused.take(signal)).rejects.toMatchObject({ code: 'TargetThrottled', retryAfterMs: 120_000 });
  });

  test('stop waiting when the caller does', async () => {
    const paused = pace();
    void paused.take(signal);
    paused.answered({ status: 429, headers: { 'retry-after': '30' } });
    const controller = new AbortController();
    const waiting = paused.take(controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
  });

  test.each([1, 7, 60, 300])('are never more than %i in any minute where that is configured', async (perMinute) => {
    const limited = pace(perMinute);
    const at: number[] = [];
    for (let count = 0; count < perMinute * 1.3 + 2; count++) {
      let isFree = false;
      const free = () => (isFree = true);
      void (limited.take(signal)?.then(free) ?? free());
      for (let tries = 0; tries < 5 && !isFree; tries++) await pass(Math.ceil(60_000 / perMinute));
      expect(isFree).toBe(true);
      limited.answered();
      at.push(time);
    }
    const most = Math.max(...at.map((start) => at.filter((one) => one >= start && one < start + 60_000).length));
    expect(most).toBeLessThanOrEqual(perMinute);
  });
});
