import type { CustomerQueries } from '../../../domain/customer/messages';
import { compare, type TruePerson } from '../../../sandbox/start/compare';
import { demoConfiguration } from '../../../sandbox/start/demo-configuration';
import { startEntra } from '../../../sandbox/entra/entra';
import { startLms } from '../../../sandbox/lms/lms';
import { forAllTests, forEachTest } from '../opened';
import { addCustomer, startWorld, type Entra, type Lms, type World } from './world';

let world: World;
let entra: Entra;
let lms: Lms;

forAllTests(startWorld, (started) => (world = started), 600_000);
forEachTest(
  () => startEntra({ population: { size: 40, seed: 7, awkward: false } }),
  (started) => (entra = started),
);
forEachTest(
  () => startLms({ kind: 'lean' }),
  (started) => (lms = started),
);

test('a group becomes accounts, managers included, and an unchanged directory costs no write', async () => {
  const acme = await addCustomer(world, 'acme', entra, lms);
  await acme.goLive();
  const first = await acme.sync();
  expect(first).toMatchObject({ outcome: 'succeeded', done: { created: 40, failed: 0 } });
  expect(lms.accounts()).toHaveLength(40);
  const journal = lms.journal().length;
  const second = await acme.sync();
  expect(second).toMatchObject({ outcome: 'succeeded', plan: { create: 0, update: 0, managers: 0 } });
  expect(lms.journal()).toHaveLength(journal);
}, 120_000);

test('a token that may only read is found out before anybody goes live, and no account is made or changed for it', async () => {
  const rule = lms.controls.faults.add({ kind: 'serverError', status: 403, match: { method: 'PATCH' } });
  const acme = await addCustomer(world, 'readers', entra, lms);
  await acme.credential('directory', entra.clientSecret);
  await acme.credential('target', lms.token);
  await acme.update('testConnection', {});
  const checklist = () => acme.handle.query<CustomerQueries['checklist'], [object]>('checklist', {});
  expect((await checklist()).filter(({ done }) => !done).map(({ item, against }) => [item, against?.code])).toEqual([
    ['targetWritable', 'TargetRefusesWrites'],
    ['previewSigned', undefined],
  ]);
  lms.controls.faults.remove(rule.id);
  await acme.update('testConnection', {});
  expect((await checklist()).find(({ item }) => item === 'targetWritable')).toMatchObject({ done: true });
  expect(lms.journal()).toEqual([]);
}, 120_000);

/** The directory as it is, told by the sandbox itself. */
function truth({ tenant }: Entra): TruePerson[] {
  const deleted = [...tenant.deleted.values()].map(({ entry }) => ({ ...entry.person, isMember: false, isDeleted: true }));
  return [
    ...[...tenant.people.values()].map(({ person }) => ({ ...person, isMember: tenant.group.members.has(person.id), isDeleted: false })),
    ...deleted,
  ];
}

describe('an awkward directory', () => {
  let awkward: Entra;
  forEachTest(
    () => startEntra({ population: { size: 400, seed: 3 } }),
    (started) => (awkward = started),
  );

  test('ends up as directory and mapping demand, and a day’s changes follow it', async () => {
    const { tenantId, clientId, groupId } = awkward;
    const configuration = demoConfiguration({ tenantId, clientId, groupId, baseUrl: lms.baseUrl });
    const contoso = await addCustomer(world, 'contoso', awkward, lms, configuration);
    await contoso.goLive();
    const agreed = () => compare(truth(awkward), lms.accounts() as never);

    const first = await contoso.sync();
    expect(first).toMatchObject({ outcome: 'succeeded', done: { failed: 0 } });
    expect(agreed()).toMatchObject({ differences: [], agree: first.done.created });

    awkward.churn({ percent: 4, seed: 5 });
    const second = await contoso.sync();
    expect(second).toMatchObject({ outcome: 'succeeded', done: { failed: 0 } });
    expect(second.done.deactivated).toBeGreaterThan(0);
    expect(agreed().differences).toEqual([]);
  }, 120_000);
});
