/** Every fault of the sandbox, on a run that has somebody to create, to change and to deactivate: what becomes of the run, and that nobody is changed who should not be. */
import { failures } from '../../../domain/failures';
import type { RunReport } from '../../../domain/run/run';
import { entraFaults, everybody, startEntra } from '../../../sandbox/entra/entra';
import { commonKinds } from '../../../sandbox/controls/faults';
import { ownFaultKinds } from '../../../sandbox/lms/requests';
import { startLms } from '../../../sandbox/lms/lms';
import { compare, type TruePerson } from '../../../sandbox/start/compare';
import { demoConfiguration } from '../../../sandbox/start/demo-configuration';
import { addCustomer, startWorld, type Entra, type Lms, type World } from '../sync/world';
import { faultCases, type FaultCase } from './fault-table';

jest.setTimeout(60_000);

let world: World;
let entra: Entra;
let lms: Lms;
let customers = 0;

beforeAll(async () => {
  world = await startWorld();
}, 900_000);
afterAll(async () => {
  await world.close();
});
afterEach(async () => {
  await Promise.all([entra.close(), lms.close()]);
});

const byHand = [
  { userName: 'lms.administrator', active: true },
  { userName: 'temp.trainer@elsewhere.example', active: true },
];

async function customerWith(size: number) {
  const seed = (customers += 1);
  [entra, lms] = await Promise.all([startEntra({ population: { size, seed, awkward: false } }), startLms({ kind: 'lean' })]);
  entra.setTokenLifetime(59_000); // so short that each run signs in anew
  lms.addAccounts(byHand);
  const { tenantId, clientId, groupId } = entra;
  return addCustomer(world, `faults-${seed}`, entra, lms, demoConfiguration({ tenantId, clientId, groupId, baseUrl: lms.baseUrl }));
}

/** A day with one of each: the only one who may be deactivated is `leaver`. */
function aDay() {
  const members = [...entra.tenant.group.members.all()].flatMap((id) => entra.tenant.find(id) ?? []);
  const manageNobody = members.filter(({ person }) => entra.tenant.reportsOf(person.id).size === 0).map(({ person }) => person);
  const [leaver, changed] = manageNobody as [(typeof manageNobody)[0], (typeof manageNobody)[0]];
  entra.leave({ id: leaver.id });
  entra.set({ id: changed.id, attributes: { jobTitle: 'Harbour pilot' } });
  entra.hire({ count: 2 });
  return { leaver: leaver.id };
}

const truth = () => [...everybody(entra.tenant)] as unknown as TruePerson[];
const difference = () => compare(truth(), lms.accounts() as never).differences;

/** At no moment was anybody switched off but the leaver; nothing was deleted, and nobody made by hand was touched. */
function expectNobodyWronged(leaver: string): void {
  const allowed = lms.accounts().find(({ externalId }) => externalId === leaver)?.id;
  const writes = lms.journal({ by: 'client' });
  expect(writes.filter(({ active, id }) => active !== true && id !== allowed)).toEqual([]);
  expect(lms.deletions()).toBe(0);
  const names = new Set(byHand.map(({ userName }) => userName));
  expect(writes.filter(({ userName }) => names.has(userName))).toEqual([]);
}

/** Codes that attempts of the run's steps failed with before one got through, from the run's history. */
async function codesMet({ workflowId, runId }: RunReport): Promise<string[]> {
  const { events } = await world.client.workflow.getHandle(workflowId, runId).fetchHistory();
  return (events ?? []).flatMap(
    ({ activityTaskStartedEventAttributes: started }) => started?.lastFailure?.applicationFailureInfo?.type ?? [],
  );
}

const told = ({ at, rule, says, outcome, code, holds }: FaultCase) => {
  const how = [rule.ending !== undefined && `by ${rule.ending as string}`, rule.match && `on ${JSON.stringify(rule.match)}`, says]
    .filter(Boolean)
    .join(', ');
  const what = code ? `${outcome}, ${code}` : holds ? `${outcome}, ${holds}` : outcome;
  return `${at}: ${rule.kind}${how && ` (${how})`} → ${what}`;
};

test.each(faultCases.map((one) => [told(one), one] as const))('%s', async (_title, { at, rule, outcome, code, holds, pages }) => {
  const acme = await customerWith(pages ? 1_010 : 30);
  await acme.goLive();
  expect((await acme.sync()).outcome).toBe('succeeded');
  const { leaver } = aDay();
  const before = lms.journal().length;

  const fault = (at === 'LMS' ? lms : entra).controls.faults.add(rule);
  const report = await acme.sync();
  expect(fault.fired).toBeGreaterThan(0);
  expect(report.outcome).toBe(outcome);
  expectNobodyWronged(leaver);
  if (outcome === 'failed') {
    expect(report.because).toBe(code);
    expect(lms.journal()).toHaveLength(before); // what fails before the plan is made changes nobody at all
  } else if (code) {
    expect(await codesMet(report)).toContain(code);
  }
  if (holds) expect((await acme.lookUp('holds')).rows.map((hold) => hold.code)).toEqual(expect.arrayContaining([holds]));
  for (const one of [code, holds]) if (one) expect(failures[one].remedy).not.toBe('');
  if (outcome === 'succeeded') expect(difference()).toEqual([]); // got through: no second run is needed

  entra.controls.faults.remove();
  lms.controls.faults.remove();
  expect((await acme.sync()).outcome).toBe('succeeded');
  expect(difference()).toEqual([]);
  expectNobodyWronged(leaver);
});

test('LMS: a list of accounts that is empty though there are some (emptyList) makes nobody twice', async () => {
  const acme = await customerWith(30);
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
});

test('LMS: a token that is no longer accepted → failed, TargetCredentialRejected', async () => {
  const acme = await customerWith(30);
  await acme.goLive();
  await acme.sync();
  const { leaver } = aDay();
  const { token } = lms;
  const before = lms.journal().length;
  lms.setToken('another');
  expect(await acme.sync()).toMatchObject({ outcome: 'failed', because: 'TargetCredentialRejected' });
  expect(lms.journal()).toHaveLength(before);
  lms.setToken(token);
  expect(await acme.sync()).toMatchObject({ outcome: 'succeeded' });
  expect(difference()).toEqual([]);
  expectNobodyWronged(leaver);
});

test('every kind of fault that the sandbox knows stands in this table', () => {
  const tested = new Set(['emptyList', ...faultCases.map(({ rule }) => rule.kind)]);
  expect(Object.keys({ ...commonKinds, ...entraFaults, ...ownFaultKinds }).filter((kind) => !tested.has(kind))).toEqual([]);
});
