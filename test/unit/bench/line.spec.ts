import { graphCounts, targetCounts } from '../../bench/admin';
import { lineOf, middleOf, missedBars, type Line } from '../../bench/line';
import { optionsFrom } from '../../bench/options';
import { peakOf } from '../../bench/rollcall-side';

const bare = { wallMs: 1_000.4, graphRequests: 11, targetReads: 1, targetWrites: 10_000 };
const rollcall = {
  wallMs: 1_050,
  graphRequests: 12,
  targetReads: 1,
  targetWrites: 10_000,
  historyEvents: 30,
  activities: 4,
  peakRssMb: 300,
};
const first = lineOf({ scenario: 'first', latency: 'real', members: 10_000, rollcall, bare });
const everybody = { people: 10_000, leavers: 0 };

describe('A line of the bench', () => {
  it('has the ratio of both wall times, and users a second', () => {
    expect(first).toMatchObject({ ratio: 1.05, rollcall: { usersPerSecond: 9_524 }, bare: { wallMs: 1_000 } });
  });

  it('of several rounds is the one in the middle, never a mixture', () => {
    const with_ = (ratio: number): Line => ({ ...first, ratio });
    expect(middleOf([with_(3), with_(1), with_(2)]).ratio).toBe(2);
    expect(middleOf([with_(3), with_(1)]).ratio).toBe(3);
  });
});

describe('The bars', () => {
  it('are kept by a run that is as good as the issue demands', () => {
    expect(missedBars(first, everybody)).toEqual([]);
  });

  it('name each figure that is over', () => {
    const worse = { ...first, ratio: 1.2, rollcall: { ...first.rollcall, graphRequests: 20, targetWrites: 10_300, historyEvents: 50 } };
    expect(missedBars(worse, everybody)).toEqual([
      'Graph requests 20 > 14',
      'target writes a person 1.03 > 1.02',
      'history events 50 > 45',
      'ratio 1.2 > 1.1',
    ]);
  });

  it('allow no write where nothing changed', () => {
    const one = { ...first, scenario: 'unchanged' as const, rollcall: { ...first.rollcall, historyEvents: 18, targetWrites: 1 } };
    expect(missedBars(one, { people: 0, leavers: 0 })).toEqual(['target writes 1 > 0']);
  });

  it('allow a request for each nineteen leavers', () => {
    const churn = { ...first, scenario: 'churn' as const, rollcall: { ...first.rollcall, graphRequests: 16, targetWrites: 100 } };
    expect(missedBars(churn, { people: 100, leavers: 25 })).toEqual([]);
    expect(missedBars(churn, { people: 100, leavers: 19 })).toEqual(['Graph requests 16 > 15']);
  });
});

describe('Counts of the servers', () => {
  it('leave out the token endpoint and the items of batches', () => {
    const routes = { 'GET /groups/{id}/members/microsoft.graph.user': 11, 'POST /$batch': 2, 'item GET /users/{id}': 40 };
    expect(graphCounts({ routes: { ...routes, 'POST /{tenant}/oauth2/v2.0/token': 1 }, peakInFlight: 2 })).toEqual({ graphRequests: 13 });
  });

  it('call a GET a read and all else a write', () => {
    const routes = { 'GET /Users': 10, 'GET /ServiceProviderConfig': 1, 'POST /Users': 5, 'PATCH /Users/{id}': 2, 'PUT /Users/{id}': 1 };
    expect(targetCounts({ routes, peakInFlight: 64 })).toEqual({ targetReads: 11, targetWrites: 8 });
  });

  it('read the peak of a process from what the kernel tells', () => {
    expect(peakOf('VmPeak:\t 999 kB\nVmHWM:\t  204800 kB\nVmRSS:\t 1 kB\n')).toBe(200);
    expect(() => peakOf('Name: node')).toThrow('memory');
  });
});

describe('The bench’s options', () => {
  it('have defaults', () => {
    expect(optionsFrom([])).toMatchObject({ members: 10_000, rounds: 1, latency: 'both', upTo: 'churn', json: false });
  });

  it('are help, whatever stands beside it', () => {
    expect([optionsFrom(['--help', '--members', 'many']), optionsFrom(['-h'])]).toEqual(['help', 'help']);
  });

  it('may ask for few people', () => {
    expect(optionsFrom(['--members', '20'])).toMatchObject({ members: 20 });
  });

  it('name every fault at once', () => {
    expect(optionsFrom(['--members', 'many', '--latency', 'some'])).toEqual({
      faults: ['--members must be a whole number from 1 up, not “many”', '--latency must be none, real, both, not “some”'],
    });
  });
});
