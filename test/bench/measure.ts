import { compare } from '../../sandbox/start/compare';
import { admin, countsOf, lines, resetCounts } from './admin';
import { lineOf, type Changed, type Latency, type Line, type Scenario } from './line';
import type { World } from './world';

/** Milliseconds. Set on the servers, which wait by timers; without it they answer as fast as they can. */
const waits = { none: { page: 0, write: 0 }, real: { page: 150, write: 20 } } as const;

export async function setLatency({ entraAdmin, lmsAdmin }: World, latency: Latency): Promise<void> {
  const { page, write } = waits[latency];
  await admin(entraAdmin, 'POST', '/latency', { page });
  for (const lms of Object.values(lmsAdmin)) await admin(lms, 'POST', '/latency', { write });
}

export interface Measured {
  line: Line;
  changed: Changed;
  seenMs: number;
  steps: string;
}

interface Asked {
  scenario: Scenario;
  latency: Latency;
  members: number;
  seed: number;
  /** Who goes first. */
  isOurTurn: boolean;
}

/** Both sides, one after the other, over the same state of the directory; then both LMSs are held against it. Throws when anything differs. */
export async function measure(world: World, { scenario, latency, members, seed, isOurTurn }: Asked): Promise<Measured> {
  const { entraAdmin, lmsAdmin } = world;
  const changed = await changeDirectory(entraAdmin, scenario, members, seed);
  const ours = async () => {
    await resetCounts(entraAdmin, lmsAdmin.rollcall);
    const { report: _report, seenMs, steps, ...run } = await world.rollcall.sync();
    return { seenMs, steps, figures: { ...run, ...(await countsOf(entraAdmin, lmsAdmin.rollcall)) } };
  };
  const theirs = async () => {
    await resetCounts(entraAdmin, lmsAdmin.bare);
    const wallMs = await world.bare.run();
    return { wallMs, ...(await countsOf(entraAdmin, lmsAdmin.bare)) };
  };
  let rollcall: Awaited<ReturnType<typeof ours>>;
  let bare: Awaited<ReturnType<typeof theirs>>;
  if (isOurTurn) [rollcall, bare] = [await ours(), await theirs()];
  else {
    bare = await theirs();
    rollcall = await ours();
  }
  await check(world);
  const { wallMs, graphRequests, targetReads, targetWrites, historyEvents, activities, peakRssMb } = rollcall.figures;
  return {
    line: lineOf({
      scenario,
      latency,
      members,
      rollcall: { wallMs, graphRequests, targetReads, targetWrites, historyEvents, activities, peakRssMb },
      bare,
    }),
    changed,
    seenMs: Math.round(rollcall.seenMs),
    steps: rollcall.steps,
  };
}

async function changeDirectory(entraAdmin: string, scenario: Scenario, members: number, seed: number): Promise<Changed> {
  if (scenario === 'unchanged') return { people: 0, leavers: 0 };
  if (scenario === 'first') return { people: members, leavers: 0 };
  const percent = Math.min(100, Math.max(1, 100 / members)); // somebody, however few they are
  const churned = await admin<Record<string, string[]>>(entraAdmin, 'POST', '/churn', { percent, seed });
  const of = (...kinds: string[]) => kinds.reduce((sum, kind) => sum + (churned[kind]?.length ?? 0), 0);
  return { people: of(...Object.keys(churned)), leavers: of('left', 'deleted', 'disabled') };
}

async function check({ entraAdmin, lmsAdmin }: World): Promise<void> {
  const people = await lines<Parameters<typeof compare>[0][number]>(entraAdmin, '/people');
  for (const [side, origin] of Object.entries(lmsAdmin)) {
    const accounts = await lines<Parameters<typeof compare>[1][number]>(origin, '/accounts');
    const { differences, others, agree } = compare(people, accounts);
    if (differences.length > 0 || others > 0 || agree === 0)
      throw new Error(
        `${side}: ${differences.length} accounts are not as they should be, ${others} are nobody’s, ${agree} agree: ${differences.slice(0, 5).join('; ')}`,
      );
  }
}
