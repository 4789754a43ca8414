import { cursorOf } from '../adapters/store/look-up-store';
import { Failure } from '../domain/failure';
import { pageOf } from '../domain/look-up/page';
import { usualRows, type LookUpRequest } from '../domain/look-up/request';
import type { CustomerRow, LookUpPage } from '../domain/look-up/rows';
import type { Dependencies } from './dependencies';
import type { LookUpSteps } from './look-up-steps';

type Deps = Pick<Dependencies, 'lookUps' | 'customers' | 'credentials'>;

export function createLookUpRows({ lookUps, customers, credentials }: Deps): LookUpSteps['lookUpRows'] {
  return async function lookUpRows({ what, customerId = '', runId, kind, cursor, limit = usualRows }: LookUpRequest): Promise<LookUpPage> {
    if (cursor !== undefined && !cursors[what].test(cursor)) throw new Failure('Refused', '"cursor" must be the "next" of a page before.');
    if (what === 'sealingKey') return { rows: [await credentials.sealingKey()] };
    if (what === 'customers') return pageOf(await someCustomers(cursor, limit + 1), limit, (row) => row.customerId);
    if (!(await customers.find(customerId))) throw new Failure('CustomerUnknown');
    // One more than asked for: whether there is more is then known without counting.
    switch (what) {
      case 'changes':
        return pageOf(await lookUps.changes(customerId, { runId, kind }, cursor, limit + 1), limit, cursorOf.changes);
      case 'problems':
        return pageOf(await lookUps.problems(customerId, cursor, limit + 1), limit, cursorOf.problems);
      case 'excluded':
        return pageOf(await lookUps.excluded(customerId, cursor, limit + 1), limit, cursorOf.excluded);
      case 'holds':
        return pageOf(await lookUps.holds(customerId, kind, cursor, limit + 1), limit, cursorOf.holds);
      case 'unlinkedAccounts':
        return pageOf(await lookUps.unlinkedAccounts(customerId, cursor, limit + 1), limit, cursorOf.unlinkedAccounts);
      case 'configurations':
        return pageOf(await lookUps.configurations(customerId, cursor, limit + 1), limit, cursorOf.configurations);
    }
  };

  async function someCustomers(after = '', limit: number): Promise<CustomerRow[]> {
    const all = await customers.all();
    return all
      .filter(({ customerId }) => customerId > after)
      .slice(0, limit)
      .map(({ customerId, configuration, phase, runs, paused }) => ({
        customerId,
        name: configuration.name,
        phase,
        runs,
        ...(paused && { paused }),
      }));
  }
}

/** What a cursor of ours looks like. */
const cursors: Record<LookUpRequest['what'], RegExp> = {
  changes: /^[a-z]+:\d{1,9}$/,
  problems: /^\S+ [A-Za-z]+ .*$/s,
  excluded: /^[0-9a-f-]{36}$/,
  holds: /^\d{4}-\d\d-\d\dT[\d:.]+Z \S+$/,
  unlinkedAccounts: /./s,
  configurations: /^\d{1,9}$/,
  sealingKey: /./s,
  customers: /^[a-z0-9-]+$/,
};
