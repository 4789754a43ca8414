/** Every fault of the sandbox, on a run that has somebody to create, to change and to deactivate: what becomes of the run, what the operator is told, and that nobody is changed who should not be. */
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow';
import { createTemporalRollcallClient } from '../../../client/temporal-rollcall-client';
import { failures, remedyOf, type FailureCode } from '../../../domain/failures';
import type { RunReport } from '../../../domain/run/run';
import { commonKinds } from '../../../sandbox/controls/faults';
import { entraFaults, everybody, startEntra } from '../../../sandbox/entra/entra';
import { startLms } from '../../../sandbox/lms/lms';
import { ownFaultKinds } from '../../../sandbox/lms/requests';
import { compare, type TruePerson } from '../../../sandbox/start/compare';
import { demoConfiguration } from '../../../sandbox/start/demo-configuration';
import { rollcall } from '../../unit/client/console';
import { forAllTests } from '../opened';
import { addCustomer, startWorld, untilTold, type World } from '../sync/world';
import { faultCases, type FaultCase } from './fault-table';

// Each row has a directory, an LMS and a customer of its own; most of its time is waiting, so that several go at once.
jest.setTimeout(300_000);

let world: World;
let customers = 0;

forAllTests(startWorld, (started) => (world = started), 900_000);

const byHand = [
  { userName: 'lms.administrator', active: true },
  { userName: 'temp.trainer@elsewhere.example', active: true },
];

/** A customer that is not live yet, and what can be seen from inside its directory and its LMS. */
async function scene({ pages }: Pick<FaultCase, 'pages'> = {}) {
  const seed = (customers += 1);
  const customerId = `faults-${seed}`;
  const [entra, lms] = await Promise.all([
    startEntra({ population: { size: 30, seed, awkward: false }, ...(pages && { mostPerPage: 12 }) }),
    startLms({ kind: 'lean' }),
  ]);
  entra.setTokenLifetime(59_000); // so short that each run signs in anew
  lms.addAccounts(byHand);
  const { tenantId, clientId, groupId } = entra;
  const acme = await addCustomer(world, customerId, entra, lms, demoConfiguration({ tenantId, clientId, groupId, baseUrl: lms.baseUrl }));
  const truth = () => [...everybody(entra.tenant)] as unknown as TruePerson[];

  return {
    acme,
    customerId,
    entra,
    lms,
    truth,
    difference: () => compare(truth(), lms.accounts() as never).differences,

    /** A day with one of each: the only one who may be deactivated is the leaver that is answered. */
    aDay(): string {
      const members = [...entra.tenant.group.members.all()].flatMap((id) => entra.tenant.find(id) ?? []);
      const manageNobody = members.filter(({ person }) => entra.tenant.reportsOf(person.id).size === 0).map(({ person }) => person);
      const [leaver, changed] = manageNobody as [(typeof manageNobody)[0], (typeof manageNobody)[0]];
      entra.leave({ id: leaver.id });
      entra.set({ id: changed.id, attributes: { jobTitle: 'Harbour pilot' } });
      entra.hire({ count: 2 });
      return leaver.id;
    },

    /** At no moment was anybody switched off but the leaver; nothing was deleted, and nobody made by hand was touched. */
    expectNobodyWronged(leaver: string): void {
      const allowed = lms.accounts().find(({ externalId }) => externalId === leaver)?.id;
      const writes = lms.journal({ by: 'client' });
      expect(writes.filter(({ active, id }) => active !== true && id !== allowed)).toEqual([]);
      expect(lms.deletions()).toBe(0);
      const names = new Set(byHand.map(({ userName }) => userName));
      expect(writes.filter(({ userName }) => names.has(userName))).toEqual([]);
    },

    /** Whoever looks, in the Temporal UI or by the command, is told code and remedy. */
    async expectTold({ runId }: RunReport, code: FailureCode): Promise<void> {
      await untilTold(runId, () => acme.status());
      const remedy = remedyOf(code, customerId);
      const { health } = await acme.status();
      expect(health).toMatchObject({ is: 'failing', because: expect.arrayContaining([expect.stringContaining(code)]) });
      const metadata = await acme.handle.query<{ currentDetails?: string }, []>('__temporal_workflow_metadata');
      const client = { ...createTemporalRollcallClient(world.client), close: async () => undefined };
      const { out } = await rollcall(['customer', 'show', customerId], { client });
      for (const words of [health.because.join(' '), metadata.currentDetails ?? '', out]) {
        expect(words).toContain(code);
        expect(words).toContain(remedy);
      }
    },

    close: () => Promise.all([entra.close(), lms.close()]),
  };
}
type Scene = Awaited<ReturnType<typeof scene>>;

async function within(options: Pick<FaultCase, 'pages'>, play: (scene: Scene) => Promise<void>): Promise<void> {
  const opened = await scene(options);
  try {
    await play(opened);
  } finally {
    await opened.close();
  }
}

/** What attempts of the run's steps failed with before one got through, from the run's history. */
async function failuresMet({ workflowId, runId }: RunReport): Promise<{ code: string; words: string }[]> {
  const { events } = await world.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const met = (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) => started?.lastFailure ?? []);
  return Promise.all(
    met.map(async (failure) => ({
      code: failure.applicationFailureInfo?.type ?? '',
      words: (await decodeOptionalFailureToOptionalError(world.client.options.loadedDataConverter, failure))?.message ?? '',
    })),
  );
}

const told = ({ at, rule, says, outcome, code, holds }: FaultCase) => {
  const how = [rule.ending !== undefined && `by ${rule.ending as string}`, rule.match && `on ${JSON.stringify(rule.match)}`, says]
    .filter(Boolean)
    .join(', ');
  const what = code ? `${outcome}, ${code}` : holds ? `${outcome}, ${holds}` : outcome;
  return `${at}: ${rule.kind}${how && ` (${how})`} → ${what}`;
};

test.concurrent.each(faultCases.map((one) => [told(one), one] as const))('%s', (_title, { at, rule, outcome, code, holds, pages }) =>
  within({ pages }, async ({ acme, entra, lms, aDay, difference, expectNobodyWronged, expectTold }) => {
    await acme.goLive();
    expect((await acme.sync()).outcome).toBe('succeeded');
    const leaver = aDay();
    const before = lms.journal().length;

    const fault = (at === 'LMS' ? lms : entra).controls.faults.add(rule);
    const report = await acme.sync();
    expect(fault.fired).toBeGreaterThan(0);
    expect(report.outcome).toBe(outcome);
    expectNobodyWronged(leaver);
    if (outcome === 'failed') {
      expect(report.because).toBe(code);
      expect(lms.journal()).toHaveLength(before); // what fails before the plan is made changes nobody at all
      await expectTold(report, code as FailureCode);
    } else if (code) {
      const met = (await failuresMet(report)).filter((one) => one.code === code);
      expect(met).not.toEqual([]);
      for (const { words } of met) expect(words).toContain(failures[code].says);
      expect(failures[code]).toMatchObject({ passes: true, remedy: expect.stringMatching(/^None/) }); // nobody has to do anything, and nobody did
    }
    if (holds) {
      const { rows } = await acme.lookUp('holds');
      expect(rows).toContainEqual(expect.objectContaining({ code: holds, says: failures[holds].says, remedy: failures[holds].remedy }));
    }
    if (outcome === 'succeeded') expect(difference()).toEqual([]); // got through: no second run is needed

    entra.controls.faults.remove();
    lms.controls.faults.remove();
    expect((await acme.sync()).outcome).toBe('succeeded');
    expect(difference()).toEqual([]);
    expectNobodyWronged(leaver);
  }),
);

test.concurrent('LMS: a list of accounts that is empty though there are some (emptyList) makes nobody twice', () =>
  within({}, async ({ acme, lms, truth, difference }) => {
    const [known] = truth();
    lms.addAccounts([{ userName: known?.userPrincipalName, active: true }]);
    const fault = lms.controls.faults.add({ kind: 'emptyList', match: { path: '/Users([?](?!.*filter)|$)' } });
    await acme.goLive();
    expect(await acme.sync()).toMatchObject({ outcome: 'succeeded' });
    expect(fault.fired).toBeGreaterThan(0);
    expect(lms.accounts().filter(({ userName }) => userName === known?.userPrincipalName)).toHaveLength(1);
    lms.controls.faults.remove();
    expect(await acme.sync()).toMatchObject({ outcome: 'succeeded' });
    expect(difference()).toEqual([]);
  }),
);

test.concurrent('LMS: a token that is no longer accepted → failed, TargetCredentialRejected', () =>
  within({}, async ({ acme, lms, aDay, difference, expectNobodyWronged, expectTold }) => {
    await acme.goLive();
    await acme.sync();
    const leaver = aDay();
    const { token } = lms;
    const before = lms.journal().length;
    lms.setToken('another');
    const report = await acme.sync();
    expect(report).toMatchObject({ outcome: 'failed', because: 'TargetCredentialRejected' });
    expect(lms.journal()).toHaveLength(before);
    await expectTold(report, 'TargetCredentialRejected');
    lms.setToken(token);
    expect(await acme.sync()).toMatchObject({ outcome: 'succeeded' });
    expect(difference()).toEqual([]);
    expectNobodyWronged(leaver);
  }),
);

test('every kind of fault that the sandbox knows stands in this table', () => {
  const tested = new Set(['emptyList', ...faultCases.map(({ rule }) => rule.kind)]);
  expect(Object.keys({ ...commonKinds, ...entraFaults, ...ownFaultKinds }).filter((kind) => !tested.has(kind))).toEqual([]);
});
