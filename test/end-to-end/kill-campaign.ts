import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connectRollcall, type RollcallClient } from '../../client/rollcall-client';
import type { RunReport } from '../../domain/run/run';
import { Chance } from '../../sandbox/controls/chance';
import { everybody, startEntra, type Entra } from '../../sandbox/entra/entra';
import { startLms, type Lms } from '../../sandbox/lms/lms';
import { handMadeAccounts } from '../../sandbox/people/hand-made';
import { populate } from '../../sandbox/people/population';
import type { TruePerson } from '../../sandbox/start/compare';
import type { Demo } from '../../sandbox/start/servers';
import { customerId, onboard } from '../../sandbox/start/story';
import { aDayAt } from './campaign-days';
import { blindness, entraTroubles, lmsTroubles } from './campaign-faults';
import { drawMoment, Traffic } from './campaign-moments';
import { startCampaignServers, type CampaignServers, type Victim } from './campaign-servers';
import { judge } from './campaign-verdict';
import { wrongMoments } from './watch-the-lms';

export interface CampaignOptions {
  kills: number;
  members: number;
  seed: number;
  /** Of each write of the LMS, so that a run lasts long enough to be killed in the middle. Milliseconds. */
  writeLatencyMs: number;
  say: (line: string) => void;
}

export interface Verdict {
  /** Kills that hit a run which was under way. */
  kills: number;
  /** Those among them before which the run had begun to write. */
  afterWrites: number;
  runs: number;
  /** Accounts that are as directory and mapping demand. */
  agree: number;
  /** A sentence for everything that is wrong; empty: exactly right. */
  wrong: string[];
}

const victims: readonly Victim[][] = [
  ['worker'],
  ['temporal'],
  ['postgres'],
  ['worker', 'temporal'],
  ['worker', 'postgres'],
  ['temporal', 'postgres'],
];
const pages = 8; // of the group, however small
const graphLatencyMs = 50; // of a page or batch
/** How often nobody's memberships can be seen in a whole run. */
const blindRounds = 0.15;
/** When so many runs in a row are held or fail, no later one will do better. */
const patientRounds = 6;
/** How long one call may take to get through, while everything comes back. */
const patience = 180_000; // ms

/** Kills servers at random moments of runs with faults on; afterwards one clean run, and a look at how the LMS ended and at every moment on the way. */
export async function killCampaign(options: CampaignOptions): Promise<Verdict> {
  const { members, seed, say, writeLatencyMs } = options;
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-kills-'));
  const population = { size: members, seed };
  const [entra, lms] = await Promise.all([
    startEntra({ population, mostPerPage: Math.min(999, Math.ceil(members / pages)) }),
    startLms({ kind: 'lean', latency: { write: writeLatencyMs } }),
  ]);
  entra.controls.latency.set({ page: graphLatencyMs, batch: graphLatencyMs });
  const byHand = handMadeAccounts(populate(population), seed, { ambiguous: 0 }).map(({ userName, displayName, active, email }) => ({
    userName,
    displayName,
    active,
    emails: [{ value: email, type: 'work' }],
  }));
  lms.addAccounts([{ userName: 'lms.administrator', active: true }, ...byHand]);
  const servers = await startCampaignServers(folder, entra);
  let isRight = false;
  try {
    const client = await connectRollcall(servers.env);
    try {
      const verdict = await new Campaign(options, client, servers, entra, lms).fight();
      isRight = verdict.wrong.length === 0;
      return verdict;
    } finally {
      await client.close();
    }
  } finally {
    await servers.stop();
    await Promise.all([entra.close(), lms.close()]);
    if (isRight) await rm(folder, { recursive: true, force: true });
    else say(`Logs and data are kept in ${folder}`);
  }
}

class Campaign {
  private readonly traffic: Traffic;
  private readonly reports = new Map<string, RunReport>();
  private readonly wrong: string[] = [];
  /** Every account that was there before, as it was: JSON by id. */
  private readonly before: ReadonlyMap<string, string>;
  /** User names, as they are compared, of everybody who could be synced in some run. */
  private readonly names = new Set<string>();
  private seen = 0;
  private kills = 0;
  private afterWrites = 0;

  constructor(
    private readonly options: CampaignOptions,
    private readonly client: RollcallClient,
    private readonly servers: CampaignServers,
    private readonly entra: Entra,
    private readonly lms: Lms,
  ) {
    this.traffic = new Traffic(entra, lms);
    this.before = new Map(lms.accounts().map((account) => [account.id, JSON.stringify(account)]));
  }

  async fight(): Promise<Verdict> {
    const { entra, lms, options } = this;
    const { members, say, seed } = options;
    await persistently(() => onboard({ client: this.client, demo: { entra, lms } as Demo, say, show: () => undefined }));
    entra.controls.faults.addAll(entraTroubles(seed));
    lms.controls.faults.addAll(lmsTroubles(seed));
    let expected = members;
    let fruitless = 0; // rounds in a row that did not succeed
    for (let round = 1; this.kills < options.kills && fruitless < patientRounds; round += 1) {
      const chance = new Chance(seed + 1_000 * round); // of its own, so that a round draws the same however the one before went
      const isBlind = round > 1 && chance.happens(blindRounds);
      const blind = isBlind ? entra.controls.faults.addAll(blindness(seed + round)) : [];
      const report = await this.round(chance, expected);
      for (const { id } of blind) entra.controls.faults.remove(id);
      say(`round ${round}${isBlind ? ', blind' : ''}: ${told(report)}; ${this.kills} of ${options.kills} kills`);
      // What a broken run left is finished first: leavers of several days at once would go beyond the threshold.
      if (report.outcome === 'succeeded') expected = aDayAt(entra, chance);
      fruitless = report.outcome === 'succeeded' ? 0 : fruitless + 1;
    }
    if (fruitless === patientRounds) this.wrong.push(`${fruitless} runs in a row did not succeed`);
    entra.controls.faults.remove();
    lms.controls.faults.remove();
    const last = await this.round();
    say(`clean run: ${told(last)}`);
    if (last.outcome !== 'succeeded') this.wrong.push(`the clean run ended as ${told(last)}`);
    if (last.done.failed > 0) this.wrong.push(`the clean run failed for ${last.done.failed} people`);
    return this.verdict();
  }

  /** One run from its start to its end, with kills in between if `chance` is given. `expected`: about so many writes. */
  private async round(chance?: Chance, expected = 0): Promise<RunReport> {
    const { kills, say } = this.options;
    this.noteNames();
    const start = this.traffic.now();
    const { run } = await persistently(() => this.client.update(customerId, 'syncNow', { by: 'kill campaign' }));
    let over = false;
    const end = persistently(() => this.endOf(run)).finally(() => (over = true));
    end.catch(() => undefined); // awaited below
    // A few in each run, so that first and later runs alike are hit early and late.
    const wanted = chance ? 1 + chance.below(3) : 0;
    for (let left = wanted; chance && left > 0 && this.kills < kills; left -= 1) {
      const moment = drawMoment(chance, { reads: 2 * pages, writes: Math.ceil(expected / wanted) });
      const whom = chance.pick(victims);
      if (!(await this.traffic.reaches(moment, () => over))) break;
      this.kills += 1;
      const { reads, writes } = this.traffic.now();
      if (writes > start.writes) this.afterWrites += 1;
      say(
        `  kill ${this.kills}: ${whom.join(' and ')}, after ${reads - start.reads} requests to Entra and ${writes - start.writes} writes`,
      );
      await this.servers.killAndRestart(whom);
    }
    const report = await end;
    await this.lookAt(report);
    return report;
  }

  private async endOf(run: { workflowId: string; runId: string }): Promise<RunReport> {
    for await (const sight of this.client.watchRun(run)) {
      if (sight.state !== 'closed') continue;
      if (sight.report) return sight.report;
      throw new Error(`run ${run.runId} ended as ${sight.status}${sight.failure ? `: ${sight.failure}` : ''}`);
    }
    throw new Error(`run ${run.runId} is out of sight`);
  }

  /** Everything that was written in this round, held against who was a member during it: the directory changes between rounds alone. */
  private async lookAt(report: RunReport): Promise<void> {
    this.reports.set(report.runId, report);
    for (const other of await persistently(() => this.client.query(customerId, 'runs')))
      if (other.mode === 'sync') this.reports.set(other.runId, other); // the Schedule's too
    const gone = new Set(this.people().flatMap(({ id, isMember, accountEnabled }) => (isMember && accountEnabled ? [] : [id])));
    const mayBeInactive = new Set(
      this.lms.accounts().flatMap(({ id, externalId }) => (externalId && gone.has(externalId.toLowerCase()) ? [id] : [])),
    );
    const entries = this.lms.journal({ since: this.seen });
    this.seen = entries.at(-1)?.seq ?? this.seen;
    this.wrong.push(...wrongMoments(entries, { byHand: new Set(this.notOurs().keys()), mayBeInactive }));
  }

  /** Accounts that were there before and whose user name no member had at the time of any run; the others are adopted, as they should be. */
  private notOurs(): Map<string, string> {
    return new Map([...this.before].filter(([, text]) => !this.names.has(keyOf((JSON.parse(text) as { userName: string }).userName))));
  }

  /** To be called before each run: a rename of later doesn't make an adopted account somebody else's. */
  private noteNames(): void {
    for (const { userPrincipalName, isMember, accountEnabled, userType } of this.people()) {
      if (isMember && accountEnabled && userType === 'Member') this.names.add(keyOf(userPrincipalName));
    }
  }

  private verdict(): Verdict {
    const { kills, afterWrites, lms } = this;
    const reports = [...this.reports.values()];
    const { agree, wrong } = judge({ people: this.people(), lms, reports, untouched: this.notOurs() });
    return { kills, afterWrites, runs: reports.length, agree, wrong: [...this.wrong, ...wrong] };
  }

  private people(): TruePerson[] {
    return [...everybody(this.entra.tenant)] as unknown as TruePerson[];
  }
}

const keyOf = (userName: string) => userName.trim().toLowerCase();

/** While servers come back, a call may fail for any reason; what still fails after minutes is a failure. */
async function persistently<Result>(call: () => Promise<Result>): Promise<Result> {
  for (const until = Date.now() + patience; ; await wait(500)) {
    try {
      return await call();
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

function told({ outcome, because, detail, done, plan }: RunReport): string {
  const people = Object.entries(done).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
  return [outcome, because, detail, ...people, plan.held > 0 && `${plan.held} held`].filter(Boolean).join(', ');
}
