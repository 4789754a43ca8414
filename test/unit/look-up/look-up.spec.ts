import fc from 'fast-check';
import { pageOf } from '../../../domain/look-up/page';
import { faultsOfLookUp, mostBytes } from '../../../domain/look-up/request';

describe('a look-up', () => {
  test.each([
    [{ customerId: 'acme', what: 'problems' }],
    [{ customerId: 'acme', what: 'changes', runId: 'r1', kind: 'create', cursor: 'x', limit: 500 }],
    [{ what: 'sealingKey' }],
    [{ what: 'customers', limit: 1 }],
  ])('%j is welcome', (request) => {
    expect(faultsOfLookUp(request)).toEqual([]);
  });

  test('is refused with every fault at once', () => {
    expect(faultsOfLookUp({ customerId: 'Acme Ltd', what: 'problems', runId: 'r1', limit: 501, cursor: '' })).toEqual([
      '"runId" is not expected for problems',
      expect.stringContaining('"customerId" must be'),
      expect.stringContaining('"cursor" must be text'),
      '"limit" must be a whole number from 1 to 500',
    ]);
    expect(faultsOfLookUp({ what: 'everything', shout: 1 })).toEqual([
      expect.stringContaining('"what" must be one of changes, problems'),
      '"shout" is not expected',
    ]);
    expect(faultsOfLookUp({ what: 'holds' })).toEqual(['"customerId" is missing']);
    expect(faultsOfLookUp(undefined)).toEqual([expect.stringContaining('one JSON object')]);
  });
});

describe('a page of rows', () => {
  const cursorOf = (row: { n: number }) => String(row.n);

  test('names where to go on only when there is more', () => {
    const rows = [1, 2, 3].map((n) => ({ n }));
    expect(pageOf(rows, 2, cursorOf)).toEqual({ rows: rows.slice(0, 2), next: '2' });
    expect(pageOf(rows, 3, cursorOf)).toEqual({ rows });
    expect(pageOf([], 3, cursorOf)).toEqual({ rows: [] });
  });

  test('never outgrows what Temporal takes, loses no row and makes none twice', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (texts, limit) => {
        const all = texts.map((one, n) => ({ n, text: one.repeat(800) }));
        const seen: number[] = [];
        for (let from = 0; from < all.length;) {
          const page = pageOf(all.slice(from, from + limit + 1), limit, cursorOf);
          if (page.rows.length > 1) expect(Buffer.byteLength(JSON.stringify(page.rows))).toBeLessThanOrEqual(mostBytes + 2);
          seen.push(...page.rows.map(({ n }) => n));
          from = page.next === undefined ? all.length : Number(page.next) + 1;
        }
        expect(seen).toEqual(all.map(({ n }) => n));
      }),
      { numRuns: 30 },
    );
  });
});
