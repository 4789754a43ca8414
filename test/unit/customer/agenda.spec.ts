import fc from 'fast-check';
import { nextDue } from '../../../domain/customer/agenda';
import { nextRunAt, offsetOf } from '../../../domain/customer/cadence';
import { paused } from '../../../domain/customer/decisions';
import { withRun } from '../../../domain/customer/run-history';
import { acme, at, live, report } from './acme';

const known = <State extends object>(state: State) => ({ ...state, sealing: { kids: ['k1'], knownSince: at(0) } });
const minutes = (text: string) => Date.parse(text);

describe('the agenda', () => {
  test('asks for the sealing keys at once, and then daily', () => {
    expect(nextDue(acme)).toEqual({ what: 'refreshSealingKeys', at: 0 });
    expect(nextDue(known(acme))).toEqual({ what: 'refreshSealingKeys', at: minutes(at(24 * 60)) });
  });

  test('misses a success two cadences and ten minutes after the last one', () => {
    expect(nextDue(known(withRun(live, report({ runId: 'r1', endedAt: at(60) }))))).toEqual({
      what: 'missSuccess',
      at: minutes(at(60 + 120 + 10)),
    });
  });

  test('misses the first success counted from going live', () => {
    expect(nextDue(known(live))).toEqual({ what: 'missSuccess', at: minutes(at(6 + 120 + 10)) });
  });

  test('misses nothing twice, nor while paused or before going live', () => {
    for (const state of [acme, { ...live, staleSince: at(1) }, paused(live, 'migration', 'Jo', at(7))])
      expect(nextDue(known(state))?.what).toBe('refreshSealingKeys');
  });

  test('tells the world again at once when it may not have followed', () => {
    expect(nextDue(known({ ...live, unfollowed: true as const }))?.what).toBe('followDecisions');
  });

  test('comes round to what was postponed no sooner than it was postponed to', () => {
    const state = {
      ...live,
      unfollowed: true as const,
      sealing: { kids: [] },
      postponed: { refreshSealingKeys: { until: at(30), because: 'down' }, followDecisions: { until: at(20), because: 'down' } },
    };
    expect(nextDue(state)).toEqual({ what: 'followDecisions', at: minutes(at(20)) });
  });
});

describe('the turn of a customer within its cadence', () => {
  test('comes once in every cadence, after now', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 5, max: 10_080 }), fc.integer({ min: 0, max: 4e12 }), (id, every, now) => {
        const wait = Date.parse(nextRunAt(id, every, now)) - now;
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeLessThanOrEqual(every * 60_000);
        expect((now + wait - offsetOf(id, every)) % (every * 60_000)).toBe(0);
      }),
    );
  });

  test('differs between customers, so that they don’t all start at once', () => {
    expect(new Set(Array.from({ length: 100 }, (_none, n) => offsetOf(`customer-${n}`, 60))).size).toBeGreaterThan(95);
  });
});
