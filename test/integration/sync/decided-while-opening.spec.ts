import { randomUUID } from 'node:crypto';
import { createFollowDecisions } from '../../../activities/customer/follow-decisions';
import type { Dependencies } from '../../../activities/dependencies';
import { createOpenRun } from '../../../activities/open-run';
import type { KnownCustomer } from '../../../adapters/store/customer-store';
import type { Projection } from '../../../domain/customer/projection';
import type { Mode } from '../../../domain/run/run';
import { configuration, forEachCustomer, type Store } from '../store/store-under-test';

jest.setTimeout(60_000); // a real database, also on a busy machine

let store: Store;
let customerId: string;
let cancelled: string[];
forEachCustomer((its) => ({ store, customerId } = its));
beforeEach(() => void (cancelled = []));

const engine = {
  describeRun: () => Promise.resolve(undefined),
  reconcileSchedule: () => Promise.resolve(),
  cancel: (workflowId: string, runId: string) => Promise.resolve(void cancelled.push(`${workflowId} ${runId}`)),
} as unknown as Dependencies['engine'];

/** As the customer's workflow has it followed. */
async function decide(changes: Partial<Projection>): Promise<void> {
  const { projection } = (await store.customers.find(customerId)) as KnownCustomer;
  await createFollowDecisions({ ...store, engine })({ ...projection, ...changes, decisions: projection.decisions + 1 });
}

const pause = () =>
  decide({
    runs: { allowed: false, because: 'Paused' },
    previews: false,
    paused: { reason: 'LMS migration', by: 'Jo', since: '2026-11-25T00:00:00Z' },
  });

async function reconfigure(changes: Partial<typeof configuration> = { userName: 'userPrincipalName' }): Promise<void> {
  const { projection } = (await store.customers.find(customerId)) as KnownCustomer;
  const version = await store.customers.keepConfiguration(customerId, 2, { ...configuration, ...changes }, 'Jo');
  await decide({ configuration: { ...projection.configuration, version } });
}

/** The decision isn't made again when what it fell into is tried again. */
function once(decision: () => Promise<void>): () => Promise<void> {
  let made: Promise<void> | undefined;
  return () => (made ??= decision());
}

type Moment = 'before the lease is taken' | 'before the run is stored' | 'when the run is stored';

/** Opens a run; at the moment something is decided. */
async function openWhile(moment: Moment, decision: () => Promise<void>, mode: Mode = 'sync') {
  const runId = randomUUID();
  const workflowId = `sync/${customerId}/${mode === 'preview' ? 'preview' : 'manual'}`;
  const leases: Store['leases'] = {
    ...store.leases,
    async take(...parameters) {
      if (moment === 'before the lease is taken') await decision();
      return store.leases.take(...parameters);
    },
  };
  const runs: Store['runs'] = {
    ...store.runs,
    async open(run) {
      if (moment === 'before the run is stored') await decision();
      await store.runs.open(run);
      if (moment === 'when the run is stored') await decision();
    },
  };
  const opened = await createOpenRun({ ...store, leases, runs, engine, now: Date.now })({ customerId, mode, runId, workflowId });
  return { opened, name: `${workflowId} ${runId}`, row: await store.runs.find(customerId, runId) };
}

describe('a pause that meets a run while it opens', () => {
  test('before it has the lease: the run is skipped, and leaves neither lease nor run behind', async () => {
    const { opened, row } = await openWhile('before the lease is taken', pause);
    expect(opened).toMatchObject({ skipped: { outcome: 'skipped', because: 'Paused', detail: 'LMS migration' } });
    expect(await store.leases.holder(customerId)).toBeUndefined();
    expect(row).toBeUndefined();
  });

  test.each(['before the run is stored', 'when the run is stored'] as const)('%s: the run is cancelled', async (moment) => {
    const { name } = await openWhile(moment, pause);
    expect(cancelled).toEqual([name]);
  });

  test('cancels a preview that is being opened too', async () => {
    const { name } = await openWhile('before the run is stored', pause, 'preview');
    expect(cancelled).toEqual([name]);
  });

  test('a decision against syncs alone leaves a preview that is being opened alone', async () => {
    const { opened } = await openWhile(
      'before the run is stored',
      () => decide({ runs: { allowed: false, because: 'SignOffMissing' } }),
      'preview',
    );
    expect(opened).toHaveProperty('run');
    expect(cancelled).toEqual([]);
  });
});

describe('a new configuration that meets a run while it opens', () => {
  test.each(['before the lease is taken', 'before the run is stored', 'when the run is stored'] as const)(
    '%s is the one that the run goes by',
    async (moment) => {
      const { opened, row } = await openWhile(moment, once(reconfigure));
      expect(opened).toMatchObject({ run: { configurationVersion: 2 } });
      expect(row).toMatchObject({ configurationVersion: 2 });
    },
  );

  test('between two attempts to open it is the one that the run, its mapping too, is stored for', async () => {
    const request = { customerId, mode: 'sync', runId: randomUUID(), workflowId: 'sync' } as const;
    const openRun = createOpenRun({ ...store, engine, now: Date.now });
    await openRun(request);
    const first = await store.runs.find(customerId, request.runId);
    await reconfigure();
    expect(await openRun(request)).toMatchObject({ run: { configurationVersion: 2 } });
    const second = await store.runs.find(customerId, request.runId);
    expect(second).toMatchObject({ configurationVersion: 2 });
    expect(second?.mappingVersion).not.toBe(first?.mappingVersion);
  });
});

describe('a configuration that protects another account', () => {
  const open = (mode: Mode) =>
    createOpenRun({ ...store, engine, now: Date.now })({ customerId, mode, runId: randomUUID(), workflowId: `sync/${customerId}/manual` });

  test('cancels the sync that is under way: what it has not written yet is planned anew, without that account', async () => {
    await open('sync');
    await reconfigure({ protectedAccounts: ['lms-admin'] });
    expect(cancelled).toHaveLength(1);
  });

  test.each<[string, Mode, Partial<typeof configuration>]>([
    ['a preview, which changes nobody', 'preview', { protectedAccounts: ['lms-admin'] }],
    ['a sync where the list stays as it was', 'sync', { name: 'Acme Ltd' }],
  ])('leaves %s alone', async (_title, mode, changes) => {
    await open(mode);
    await reconfigure(changes);
    expect(cancelled).toEqual([]);
  });

  test('of which one is taken off the list, cancels nobody', async () => {
    await reconfigure({ protectedAccounts: ['lms-admin', 'boss'] });
    await open('sync');
    await reconfigure({ protectedAccounts: ['boss'] });
    expect(cancelled).toEqual([]);
  });
});
