import { RateLimit } from '../../../sandbox/lms/lean/rate-limit';

const limit = { perMinute: 3, announced: true, windowSeconds: 60 };

test('a rate limit refuses what is too much until its minute is over, and then begins anew', () => {
  const rate = new RateLimit();
  const at = (second: number) => rate.take(limit, second * 1_000).retryAfter;
  expect([at(0), at(10), at(20), at(30), at(59), at(60), at(61)]).toEqual([undefined, undefined, undefined, 30, 1, undefined, undefined]);
});

test('a limit that is not announced shows in no header', () => {
  expect(new RateLimit().take({ ...limit, announced: false }, 0).headers).toEqual({});
});

test('a shorter window allows its share of the minute', () => {
  const rate = new RateLimit();
  const short = { perMinute: 120, announced: false, windowSeconds: 1 };
  expect([0, 1, 2, 1_000].map((at) => rate.take(short, at).retryAfter)).toEqual([undefined, undefined, 1, undefined]);
});
