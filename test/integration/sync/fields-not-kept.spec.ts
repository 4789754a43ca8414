/** An LMS that drops what it doesn't know without a word. */
import { crowd, stepsOf, storeAndLms } from './steps-world';

jest.setTimeout(120_000);

const its = storeAndLms();

test('a field that the LMS doesn’t keep is told once, by the run that finds it out; no row claims it, and no run writes it again', async () => {
  its.lms.setAwkwardness({ dropsAttributes: ['title', 'enterprise'] });
  const acme = await stepsOf(its.store, its.lms);
  const [boss, ...reports] = crowd(5).map((one, n) => ({ ...one, title: `Cook ${n}` }));
  const people = [boss, ...reports.map((one) => ({ ...one, boss: boss?.id }))] as typeof reports;

  const run = await acme.open(people);
  await run.plan();
  await run.write();
  const report = await run.close();
  expect(report).toMatchObject({ done: { created: 5, managers: 0 }, notKept: ['manager', 'title'], foundNotKept: ['manager', 'title'] });
  expect(its.lms.accounts().some((account) => 'title' in account)).toBe(false);

  const next = await acme.open(people.map((one) => ({ ...one, title: `Baker of ${one.mail}` })));
  await next.plan();
  const writes = its.lms.journal({ by: 'client' }).length;
  await next.write();
  expect(its.lms.journal({ by: 'client' })).toHaveLength(writes);
  const told = await next.close();
  expect(told).toMatchObject({ done: { updated: 0, managers: 0, failed: 0 }, notKept: ['manager', 'title'] });
  expect(told).not.toHaveProperty('foundNotKept');

  const { changes } = its.store.lookUps;
  const rows = [
    ...(await changes(acme.customerId, { runId: run.run.runId }, undefined, 100)),
    ...(await changes(acme.customerId, { runId: next.run.runId }, undefined, 100)),
  ];
  expect(rows.filter(({ kind }) => kind === 'manager').every(({ outcome }) => outcome === 'unchanged')).toBe(true);
  // Of the first few nobody knew yet; what came later claims nothing.
  expect(rows.filter(({ kind, outcome }) => kind === 'update' && outcome !== 'unchanged')).toEqual([]);
});
