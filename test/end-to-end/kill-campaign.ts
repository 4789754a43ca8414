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
import { compare, type TruePerson } from '../../sandbox/start/compare';
import type { Demo } from '../../sandbox/start/servers';
import { customerId, onboard } from '../../sandbox/start/story';
import { entraTroubles, lmsTroubles } from './campaign-faults';
import { startCampaignServers, type CampaignServers, type Victim } from './campaign-servers';
import { duplicates, wrongMoments } from './watch-the-lms';

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
/** A day's changes to so many of the members; leavers and renames stay below the thresholds. */
const churned = 15; // percent
/** How long one call may take to get through, while everything comes back. */
const patience = 180_000; // ms

/** Kills servers at random moments of runs with faults on; afterwards one clean run, and a look at how the LMS ended and at every moment on the way. */
export async function killCampaign(options: CampaignOptions): Promise<Verdict> {
  const { members, seed, say, writeLatencyMs } = options;
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-kills-'));
  const population = { size: members, seed };
  const [entra, lms] = await Promise.all([startEntra({ population }), startLms({ kind: 'lean', latency: { write: writeLatencyMs } })]);
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
  private readonly chance: Chance;
  private readonly reports = new Map<string, RunReport>();
  private readonly wrong: string[] = [];
  private readonly untouched: ReadonlyMap<string, string>;
  /** User names, as they are compared, of everybody who could be synced in some run. */
  private readonly names = new Set<string>();
  private seen = 0;
  private kills = 0;

  constructor(
    private readonly options: CampaignOptions,
    private readonly client: RollcallClient,
    private readonly servers: CampaignServers,
    private readonly entra: Entra,
    private readonly lms: Lms,
  ) {
    this.chance = new Chance(options.seed);
    this.untouched = new Map(lms.accounts().map((account) => [account.id, JSON.stringify(account)]));
  }

  async fight(): Promise<Verdict> {
    const { entra, lms, options } = this;
    const { say, seed } = options;
    await persistently(() => onboard({ client: this.client, demo: { entra, lms } as Demo, say, show: () => undefined }));
    entra.controls.faults.addAll(entraTroubles(seed));
    lms.controls.faults.addAll(lmsTroubles(seed));
    for (let round = 1; this.kills < options.kills; round += 1) {
      const report = await this.round(true);
      say(`round ${round}: ${told(report)}; ${this.kills} of ${options.kills} kills`);
      // What a broken run left is finished first: leavers of several days at once would go beyond the threshold.
      if (report.outcome === 'succeeded') entra.churn({ percent: churned, seed: seed + round });
    }
    entra.controls.faults.remove();
    lms.controls.faults.remove();
    const last = await this.round(false);
    say(`clean run: ${told(last)}`);
    if (last.outcome !== 'succeeded') this.wrong.push(`the clean run ended as ${told(last)}`);
    if (last.done.failed > 0) this.wrong.push(`the clean run failed for ${last.done.failed} people`);
    return this.verdict();
  }

  /** One run from its start to its end, with kills in between if they are wanted. */
  private async round(kill: boolean): Promise<RunReport> {
    this.noteNames();
    const { run } = await persistently(() => this.client.update(customerId, 'syncNow', { by: 'kill campaign' }));
    let over = false;
    const end = persistently(() => this.endOf(run)).finally(() => (over = true));
    end.catch(() => undefined); // awaited below
    // A few in each run, so that first and later runs alike are hit early and late.
    for (let left = kill ? 1 + this.chance.below(3) : 0; left > 0 && this.kills < this.options.kills; left -= 1) {
      await Promise.race([end, wait(this.chance.below(2_500))]);
      if (over) break;
      const whom = this.chance.pick(victims);
      this.kills += 1;
      this.options.say(`  kill ${this.kills}: ${whom.join(' and ')}`);
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
    this.wrong.push(...wrongMoments(entries, { byHand: new Set(this.notOurs()), mayBeInactive }));
  }

  /** Accounts that were there before and whose user name no member had at the time of any run; the others are adopted, as they should be. */
  private notOurs(): string[] {
    return [...this.untouched].flatMap(([id, text]) =>
      this.names.has(keyOf((JSON.parse(text) as { userName: string }).userName)) ? [] : [id],
    );
  }

  /** To be called before each run: a rename of later doesn't make an adopted account somebody else's. */
  private noteNames(): void {
    for (const { userPrincipalName, isMember, accountEnabled, userType } of this.people()) {
      if (isMember && accountEnabled && userType === 'Member') this.names.add(keyOf(userPrincipalName));
    }
  }

  private verdict(): Verdict {
    const { entra, lms, wrong } = this;
    const { agree, differences } = compare(this.people(), lms.accounts() as never, [...entra.tenant.others.values()]);
    wrong.push(...differences, ...duplicates(lms.accounts()));
    for (const id of this.notOurs())
      if (JSON.stringify(lms.account(id)) !== this.untouched.get(id)) wrong.push(`account ${id}, made by hand, is no longer as it was`);
    const reports = [...this.reports.values()];
    const made = lms.journal({ by: 'client' }).filter(({ did }) => did === 'create').length;
    const told = reports.reduce((sum, { done }) => sum + done.created, 0);
    if (made !== told) wrong.push(`${made} accounts were made, and the runs tell of ${told}`);
    for (const { runId, outcome, plan, done } of reports) {
      const planned = plan.create + plan.adopt + plan.update + plan.reactivate + plan.deactivate + plan.unlink;
      const sent = done.created + done.adopted + done.updated + done.reactivated + done.deactivated + done.unlinked + done.failed;
      if (outcome === 'succeeded' && planned !== sent) wrong.push(`run ${runId} planned ${planned} people and sent ${sent}`);
    }
    return { kills: this.kills, runs: reports.length, agree, wrong };
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
