import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureRings } from '../../adapters/credentials/ensure-rings';
import { searchAttributeDefinitions } from '../../adapters/engine/search-attributes';
import { startPostgres, startTemporal } from '../../sandbox/servers';
import { demoConfiguration } from '../../sandbox/start/demo-configuration';
import { freePort } from '../../sandbox/servers/free-port';
import type { Closing } from '../../sandbox/start/closing';
import { workerEnvironment } from '../../sandbox/start/worker-environment';
import { untilReady } from '../../sandbox/start/worker-process';
import { admin } from './admin';
import type { BareOptions } from './bare-sync';
import { startAnnounced, startBare, startWorker } from './own-process';
import { RollcallSide } from './rollcall-side';

/** Writes in flight at once, on both sides. */
export const concurrency = 64;
/** Of each side, in turn. */
const warmUpPasses = 3;

interface EntraTold {
  origin: string;
  adminOrigin: string;
  caPath: string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  groupId: string;
}
interface LmsTold {
  baseUrl: string;
  token: string;
  adminOrigin: string;
}

export interface World {
  entraAdmin: string;
  /** Each side has an LMS to itself. */
  lmsAdmin: { rollcall: string; bare: string };
  rollcall: RollcallSide;
  bare: { run(): Promise<number> };
  folder: string;
}

export interface WorldOptions {
  members: number;
  seed: number;
  /** For the worker: such as `--cpu-prof`. */
  workerOptions: readonly string[];
  /** Everything that is started is closed by it. */
  closing: Closing;
  say(line: string): void;
}

/** Every server in a process of its own, nothing kept from another world; both sides ready for their first run. */
export async function startWorld({ members, seed, workerOptions, closing, say }: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  await closing.add(folder, () => rm(folder, { recursive: true, force: true }));
  const rings = await ensureRings(join(folder, 'keys'));
  const temporal = await startTemporal({
    folder: join(folder, 'temporal'),
    headless: true,
    own: true,
    searchAttributes: searchAttributeDefinitions,
    say,
  });
  await closing.add(temporal, () => temporal.stop());
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), own: true, say });
  await closing.add(postgres, () => postgres.stop());
  const start = async <Told>(script: string, args: readonly string[]): Promise<Told> => {
    const server = await startAnnounced<Told>(script, args);
    await closing.add(server, () => server.stop());
    return server.told;
  };
  const startLms = () => start<LmsTold>('sandbox/lms/main.js', ['--kind', 'lean', '--stop-with-stdin']);
  const entra = await start<EntraTold>('sandbox/entra/main.js', [
    '--members',
    String(members),
    '--seed',
    String(seed),
    '--plain',
    '--with-parent',
  ]);
  const [ours, theirs] = [await startLms(), await startLms()];
  const bare = startBare(entra.caPath);
  await closing.add(bare, () => bare.stop());

  const healthPort = String(await freePort());
  const env: NodeJS.ProcessEnv = {
    ...workerEnvironment({ temporal, postgres, rings, entra }),
    ROLLCALL_FOLDER: folder,
    ROLLCALL_HEALTH_PORT: healthPort,
  };
  const workerLog = join(folder, 'worker.log');
  const worker = startWorker(env, workerLog, workerOptions);
  await closing.add(worker, () => worker.stop());
  await untilReady(`http://127.0.0.1:${healthPort}/ready`, workerLog);
  const customer = async (id: string, lms: LmsTold): Promise<RollcallSide> => {
    const side = await RollcallSide.connect(env, worker.pid, id);
    await closing.add(side, () => side.close());
    await side.onboard(configurationOf(entra, lms), { directory: entra.clientSecret, target: lms.token });
    return side;
  };
  // A cold side takes twice as long, and would flatter the other: so both warm up as often, in turn, on LMSs that are emptied after each pass.
  const times: Record<'bare' | 'rollcall', number[]> = { bare: [], rollcall: [] };
  for (let pass = 1; pass <= warmUpPasses; pass += 1) {
    times.bare.push(Math.round(await bare.run({ name: `warm-up ${pass}`, options: bareOptions(entra, theirs) })));
    await admin(theirs.adminOrigin, 'POST', '/reset', { accounts: true });
    const warmUp = await customer(`warm-up-${pass}`, ours);
    times.rollcall.push((await warmUp.sync()).wallMs);
    await warmUp.pause();
    await admin(ours.adminOrigin, 'POST', '/reset', { accounts: true });
  }
  say(`warmed up: the bare script (${times.bare.join(', ')} ms), Rollcall with a customer for each pass (${times.rollcall.join(', ')} ms)`);
  const rollcall = await customer('bench', ours);
  say('Rollcall: the measured customer is onboarded, with a preview');

  return {
    entraAdmin: entra.adminOrigin,
    lmsAdmin: { rollcall: ours.adminOrigin, bare: theirs.adminOrigin },
    rollcall,
    bare: { run: () => bare.run({ name: 'measured', options: bareOptions(entra, theirs) }) },
    folder,
  };
}

/** The demo's mapping, which the comparison knows; 64 in flight; a day's churn is not to be held; no scheduled run in between if it can be helped. */
function configurationOf(entra: EntraTold, lms: LmsTold): object {
  const demo = demoConfiguration({ ...entra, baseUrl: lms.baseUrl });
  const never = { count: 1_000_000, percent: 100 };
  return {
    ...demo,
    target: { type: 'scim', baseUrl: lms.baseUrl, concurrency },
    thresholds: { leavers: never, additions: never, renames: never },
    cadence: { everyMinutes: 1440 },
  };
}

function bareOptions({ origin, tenantId, clientId, clientSecret, groupId }: EntraTold, { baseUrl, token }: LmsTold): BareOptions {
  return { entra: origin, tenantId, clientId, clientSecret, groupId, baseUrl, token, concurrency };
}
