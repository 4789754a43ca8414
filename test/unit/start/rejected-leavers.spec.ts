import type { RollcallClient } from '../../../client/rollcall-client';
import { rejectedLeavers } from '../../../sandbox/start/rejected-leavers';

it('counts the leavers whom somebody decided to keep, on all pages', async () => {
  const pages: Record<string, { rows: { state: string }[]; next?: string }> = {
    first: { rows: [{ state: 'rejected' }, { state: 'open' }], next: 'second' },
    second: { rows: [{ state: 'released' }, { state: 'rejected' }] },
  };
  const asked: object[] = [];
  const lookUp = (async (request: { cursor?: string }) => {
    asked.push(request);
    return pages[request.cursor ?? 'first'];
  }) as unknown as RollcallClient['lookUp'];
  expect(await rejectedLeavers({ lookUp }, 'acme')).toBe(2);
  expect(asked).toEqual([undefined, 'second'].map((cursor) => ({ what: 'holds', customerId: 'acme', kind: 'deactivate', cursor })));
});
