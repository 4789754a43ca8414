/** A run is closed once, by whichever attempt comes first, and says nothing about its customer when another run has taken over. */
import { createCloseRun } from '../../../activities/close-run';
import type { Dependencies } from '../../../activities/dependencies';
import type { Writer } from '../../../adapters/store/lease-store';
import type { Run, RunReport } from '../../../domain/run/run';
import { close, configuration, forEachCustomer, id, make, openRun, read, reportOf, type Somebody, type Store } from './store-under-test';

jest.setTimeout(60_000); // a real database, also on a busy machine

let store: Store;
let customerId: string;
forEachCustomer((its) => ({ store, customerId } = its));

const jo: Somebody = { id: id(1), name: 'jo' };
const al: Somebody = { id: id(2), name: 'al' };

/** All of a run but its end. */
async function made(people: readonly Somebody[]): Promise<Writer> {
  const writer = await openRun(store, customerId);
  await read(store, writer, people);
  await store.plans.plan({ writer, view: 'live', configuration, isReconciled: false, additionsExempt: true, isEmptied: false });
  await make(store, writer, people);
  return writer;
}

/** Everybody is synced, and nothing left to do. */
const synced = async () => close(store, await made([jo, al]));

/** A run that finds somebody gone and is ended there; what it found is the next one's. */
async function endedAfterReading(): Promise<{ end(): Promise<void> }> {
  const writer = await openRun(store, customerId);
  expect(await read(store, writer, [jo])).toMatchObject({ settled: false });
  return { end: () => store.leases.release(customerId, writer.runId) };
}
const nextRead = async () => read(store, await openRun(store, customerId), [jo]);

test('an attempt that was thought dead, and closes once more while the next run is at work, takes nothing from what that one found', async () => {
  await synced();
  const run = await made([jo, al]);
  await close(store, run);
  const next = await endedAfterReading();
  expect(await store.runs.close(reportOf(run), true)).toBe(false);
  await next.end();
  expect(await nextRead()).toMatchObject({ settled: false });
});

test('nor does the first attempt of a run that has lost its lease; its report is kept all the same', async () => {
  await synced();
  const run = await made([jo, al]);
  await store.leases.release(customerId, run.runId); // terminated, and taken over
  const next = await endedAfterReading();
  expect(await store.runs.close(reportOf(run), true)).toBe(true);
  expect(await store.runs.find(customerId, run.runId)).toMatchObject({ report: { runId: run.runId } });
  await next.end();
  expect(await nextRead()).toMatchObject({ settled: false });
});

test('of two attempts at the same time one closes, and the customer is told the same by both', async () => {
  const run = await made([jo, al]);
  const told: RunReport[] = [];
  const counted: RunReport[] = [];
  const closeRun = createCloseRun({
    ...store,
    engine: { signalRunClosed: (_customer: string, report: RunReport) => Promise.resolve(void told.push(report)) },
    onRunClosed: (report: RunReport) => void counted.push(report),
    now: Date.now,
  } as unknown as Dependencies);
  const request = { run: { customerId, runId: run.runId, mode: 'sync', configurationVersion: 1 } satisfies Run, workflowId: 'sync' };
  const [first, second] = await Promise.all([
    closeRun({ ...request, outcome: 'succeeded', detail: 'one' }),
    closeRun({ ...request, outcome: 'succeeded', detail: 'the other' }),
  ]);
  expect(second).toEqual(first);
  expect(told).toEqual([first, first]);
  expect(counted).toEqual([first]);
  expect(await store.leases.holder(customerId)).toBeUndefined();
});
