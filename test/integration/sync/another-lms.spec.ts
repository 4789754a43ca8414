/** The customer's LMS is exchanged for another one, where the ids of the old one's accounts are nobody's, or strangers'. */
import { startLms } from '../../../sandbox/lms/lms';
import { startEntra } from '../../../sandbox/entra/entra';
import { forAllTests, forEachTest } from '../opened';
import { addCustomer, startWorld, untilTold, type Entra, type Lms, type World } from './world';

jest.setTimeout(120_000);

let world: World;
let entra: Entra;
let lms: Lms;
let other: Lms;

forAllTests(startWorld, (started) => (world = started), 600_000);
forEachTest(
  () => startEntra({ population: { size: 12, seed: 4, awkward: false } }),
  (started) => (entra = started),
);
forEachTest(
  () => startLms({ kind: 'lean' }),
  (started) => (lms = started),
);
forEachTest(
  () => startLms({ kind: 'lean', token: 'other' }),
  (started) => (other = started),
);

const owners = (of: Lms) => of.accounts().flatMap(({ externalId }) => externalId ?? []);

/** Live with the one, and configured for the other. */
async function moved() {
  const acme = await addCustomer(world, 'acme', entra, lms);
  await acme.goLive();
  await acme.sync();
  await acme.update('configure', {
    configuration: { ...acme.configuration, target: { ...acme.configuration.target, baseUrl: other.baseUrl } },
    by: 'Jo',
  });
  return acme;
}

async function signedOff(acme: Awaited<ReturnType<typeof moved>>) {
  const preview = await acme.preview();
  await untilTold(preview.runId, () => acme.status());
  await acme.update('signOffPreview', { runId: preview.runId, by: 'test' });
  return preview;
}

test('in the new LMS everybody is made or adopted, strangers’ accounts are left alone, and nobody is written to in the old one', async () => {
  const acme = await moved();
  const [first, second] = lms.accounts();
  other.addAccounts([{ userName: String(first?.userName), active: true }]);
  await acme.credential('target', other.token, other);
  await acme.update('testConnection', {});
  const preview = await signedOff(acme);
  expect(preview).toMatchObject({ plan: { create: 11, adopt: 1, update: 0 } });
  const before = lms.journal().length;
  const report = await acme.sync();
  expect(report).toMatchObject({ outcome: 'succeeded', done: { created: 11, adopted: 1, failed: 0 } });
  expect(new Set(owners(other))).toEqual(new Set(owners(lms)));
  expect(lms.journal()).toHaveLength(before);

  // From now on the new one is followed.
  entra.disable({ id: String(second?.externalId) });
  await acme.sync();
  expect(other.accounts().find(({ externalId }) => externalId === second?.externalId)?.active).toBe(false);
  expect(lms.journal()).toHaveLength(before);
});
