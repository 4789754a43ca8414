import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTemporalRollcallClient } from '../../../client/temporal-rollcall-client';
import { startEntra } from '../../../sandbox/entra/entra';
import { startLms } from '../../../sandbox/lms/lms';
import { rollcall } from '../../unit/client/console';
import { startWorld, type Entra, type Lms, type World } from '../sync/world';

jest.setTimeout(120_000);

let world: World;
let entra: Entra;
let lms: Lms;
beforeAll(async () => {
  [world, entra, lms] = await Promise.all([
    startWorld(),
    startEntra({ population: { size: 30, seed: 7, awkward: false } }),
    startLms({ kind: 'lean' }),
  ]);
  world.addTenant(entra);
}, 600_000);
afterAll(() => Promise.all([world?.close(), entra?.close(), lms?.close()]));

/** The command, with the real client on a real server. */
const call = (line: string, stdin = '') =>
  rollcall(line.split(' '), { client: { ...createTemporalRollcallClient(world.client), close: async () => undefined }, stdin });

function configurationFile(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'rollcall-')), 'acme.json');
  const { tenantId, clientId, groupId } = entra;
  const fields = { givenName: 'givenName', familyName: 'surname', displayName: 'displayName', email: 'mail' };
  const configuration = {
    name: 'Acme',
    directory: { tenantId, clientId, groupId },
    target: { type: 'scim', baseUrl: lms.baseUrl },
    userName: 'userPrincipalName',
    fields,
  };
  writeFileSync(file, JSON.stringify(configuration));
  return file;
}

it('takes a customer from nothing to a first sync, and says what is refused on the way', async () => {
  expect(await call('customer show acme')).toMatchObject({ exit: 1, err: expect.stringContaining('there is no customer acme') });

  const file = configurationFile();
  const added = await call(`customer add acme --file ${file}`);
  expect(added).toMatchObject({ exit: 0, out: expect.stringContaining('Next: rollcall credential set acme --for directory') });
  expect(await call(`customer add acme --file ${file}`)).toMatchObject({ exit: 1, err: expect.stringContaining('there already') });

  const early = await call('customer go-live acme');
  expect(early.exit).toBe(1);
  expect(early.err.match(/ {2}- /g)?.length).toBeGreaterThan(3);

  expect((await call('credential set acme --for directory --secret-stdin', entra.clientSecret)).exit).toBe(0);
  expect((await call('credential set acme --for target --secret-stdin', lms.token)).exit).toBe(0);
  expect(await call('customer test-connection acme')).toMatchObject({
    exit: 0,
    out: expect.stringContaining('Next: rollcall customer preview acme'),
  });

  const preview = await call('customer preview acme --wait --json');
  expect(preview.exit).toBe(0);
  const { report } = JSON.parse(preview.out);
  expect(report).toMatchObject({ mode: 'preview', outcome: 'succeeded', plan: { create: 30 } });
  expect(lms.accounts()).toHaveLength(0);
  expect(JSON.parse((await call(`changes acme --run-id ${report.runId} --json`)).out).rows).toHaveLength(30);

  expect((await call(`customer sign-off acme --run-id ${report.runId}`)).exit).toBe(0);
  expect(await call('customer go-live acme')).toMatchObject({
    exit: 0,
    out: expect.stringContaining('Next: rollcall customer sync acme --wait'),
  });

  const sync = await call('customer sync acme --wait');
  expect(sync).toMatchObject({ exit: 0, out: expect.stringContaining('30 created') });
  expect(lms.accounts()).toHaveLength(30);

  expect((await call('runs acme')).out).toContain('30 created');

  // What it prints is what it takes, and changes nothing by itself.
  const now = await call('customer configuration acme');
  expect(now.err).toContain('Version 1, accepted ');
  const again = `${file}.again`;
  writeFileSync(again, now.out);
  expect((await call(`customer configure acme --file ${again}`)).out).toBe('Version 2 of acme’s configuration counts from now on.\n');
  writeFileSync(again, JSON.stringify({ ...JSON.parse(now.out), cadence: { everyMinutes: 45 } }));
  expect((await call(`customer configure acme --file ${again} --by Ann`)).exit).toBe(0);
  expect(JSON.parse((await call('customer configuration acme --json')).out)).toMatchObject({ cadence: { everyMinutes: 45 } });
  expect((await call('customer configuration acme --version 1')).out).toBe(now.out);
  expect((await call('customer configuration acme --history')).out).toMatch(/3 .*Ann\n.*2 .*jo\n.*1 /);
  expect(await call('customer configuration acme --version 9')).toMatchObject({ exit: 1, err: expect.stringContaining('--history') });
  expect((await call('problems acme')).out).toContain('Nobody has a problem.');
  expect((await call('customer holds acme')).out).toContain('Nothing waits for a decision.');
  expect(await call('customer holds acme --release h8 h9 --reason x --json')).toMatchObject({
    exit: 1,
    out: '',
    err: expect.stringMatching(/"faults":\["h8 is no hold of acme that [^"]+","h9 is no hold of acme that [^"]+"\]/),
  });
  expect((await call('keys show')).out).toContain(world.key.fingerprint);
  expect(await call('customer pause acme --reason migration')).toMatchObject({ exit: 0 });
  expect(await call('customer sync acme')).toMatchObject({ exit: 1, err: expect.stringContaining('paused') });
});

it('ends with 4 and says why, where the run that was waited for failed', async () => {
  await call('customer resume acme');
  entra.controls.faults.add({ kind: 'groupGone' });
  const { exit, out } = await call('customer sync acme --wait');
  entra.controls.faults.remove();
  expect(out).toContain('sync failed after');
  expect(exit).toBe(4);
});
