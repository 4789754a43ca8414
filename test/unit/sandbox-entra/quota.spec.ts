import { Quota } from '../../../sandbox/entra/quota';

const granted = (quota: Quota, requests: number, units: number, now: number) =>
  Array.from({ length: requests }, () => {
    try {
      quota.take(units, now);
      return 1;
    } catch {
      return 0;
    }
  }).reduce<number>((sum, one) => sum + one, 0);

describe('Graph’s quota of resource units', () => {
  it.each([
    [49, 3_500],
    [50, 5_000],
    [500, 5_000],
    [501, 8_000],
  ])('for a tenant of %s users is %s in ten seconds', (users, units) => {
    const quota = new Quota(undefined, () => users, 'scope');
    expect(granted(quota, 900, 10, 1_000_000)).toBe(units / 10);
    expect(granted(quota, 1, 10, 1_009_999)).toBe(0);
    expect(granted(quota, 900, 10, 1_010_000)).toBe(units / 10);
  });

  it('grows with the tenant', () => {
    let users = 10;
    const quota = new Quota(undefined, () => users, 'scope');
    expect(granted(quota, 10, 500, 1_000_000)).toBe(7);
    users = 600;
    expect(granted(quota, 10, 500, 1_010_000)).toBe(10);
  });

  it('can be switched off', () => {
    expect(granted(new Quota(null, () => 10, 'scope'), 1_000, 100, 1_000_000)).toBe(1_000);
  });
});
