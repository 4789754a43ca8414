import { compare, type TruePerson } from '../../../sandbox/start/compare';
import { startEntra } from '../../../sandbox/entra/entra';
import { startLms } from '../../../sandbox/lms/lms';
import { addCustomer, startWorld, type Entra, type Lms, type World } from './world';

let world: World;
let entra: Entra;
let lms: Lms;

beforeAll(async () => {
  world = await startWorld();
}, 600_000);
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  entra = await startEntra({ population: { size: 40, seed: 7, awkward: false } });
  lms = await startLms({ kind: 'lean' });
});
afterEach(async () => {
  await Promise.all([entra.close(), lms.close()]);
});

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
void compare;
void (0 as unknown as TruePerson);
