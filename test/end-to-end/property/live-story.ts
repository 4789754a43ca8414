import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunReport } from '../../../domain/run/run';
import { everybody, startEntra } from '../../../sandbox/entra/entra';
import { startLms } from '../../../sandbox/lms/lms';
import { addCustomer, untilTold, type Entra, type Lms, type World } from '../../integration/sync/world';
import { bringAbout } from './changes';
import type { Revision } from './choices';
import { expectationsOf, type Beginning, type Expectations, type Link } from './expected';
import { differences, wrongMoments } from './judge';
import { notKept } from './lms-choices';
import { written, type Settings } from './settings';
import type { Day, Story } from './stories';
import { ownerOf, type Account, type Person, type Truth } from './truth';
import type { Trouble } from './troubles';

/** Whatever lasts longer than this is taken away: an outage that ends. Temporal tries a step again after 1, 2, 4 … seconds. */
const outageLasts = 2_500; // ms

/** Lives a story through; throws with every sentence about what was wrong, and the runs that led there. */
export async function live(world: World, told: Story, seen: Seen): Promise<void> {
  const [entra, lms] = await Promise.all([
    startEntra({ population: { size: told.people, seed: told.seed, awkward: told.isAwkward }, tenantId: randomUUID(), ...told.directory }),
    startLms({ kind: told.lms.kind, ...(told.lms.kind === 'lean' && { awkward: told.lms.habits }) }),
  ]);
  try {
    entra.setTokenLifetime(59_000); // so short that each run signs in anew
    await new Living(world, told, entra, lms, seen).all();
  } finally {
    await Promise.all([entra.close(), lms.close()]);
  }
}

/** How often what was met, by name, so that a reader sees that the stories are not all about nothing. */
export type Seen = Map<string, number>;

class Living {
  private settings: Settings;
  private links = new Map<string, Link>();
  private readonly leftAlone = new Set<string>();
  private readonly forgotten = new Set<string>();
  private readonly released = new Set<string>();
  /** Accounts that a run wrote to which came to no good end, or perhaps without hearing of it. */
  private readonly doubted = new Set<string>();
  private readonly log: string[] = [];
  private customer!: Awaited<ReturnType<typeof addCustomer>>;

  constructor(
    private readonly world: World,
    private readonly told: Story,
    private readonly entra: Entra,
    private readonly lms: Lms,
    private readonly seen: Seen,
  ) {
    this.settings = { ...told.settings, protectedAccounts: [] };
  }

  async all(): Promise<void> {
    const { told, entra, lms, world } = this;
    lms.addAccounts([{ userName: 'lms.administrator', active: true }]);
    for (const one of told.before) bringAbout(one, entra, lms);
    // With nobody in the group there is no member who could be tried, and nobody goes live.
    if (!this.truth().people.some(({ isMember }) => isMember)) entra.hire({});
    this.customer = await addCustomer(world, `property-${randomUUID()}`, entra, lms, written(this.settings));
    await this.customer.goLive();
    this.blame('going live', lms.journal({ by: 'client' }).length > 0 ? ['the preview wrote to the LMS'] : []);
    if (told.startsSynced) await this.clean('the first run');
    for (const [index, one] of told.days.entries()) await this.day(index + 1, one);
    entra.controls.faults.remove();
    lms.controls.faults.remove();
    await this.clean('the clean run');
    await this.unchanged();
    await this.customer.update('pause', { reason: 'the story is told', by: 'test' });
  }

  private async day(number: number, { changes, revision: revised, protect, troubles, pauseAfter, deafAfter }: Day): Promise<void> {
    const { entra, lms } = this;
    for (const one of changes) bringAbout(one, entra, lms);
    if (revised || protect !== undefined) await this.revise(revised, protect);
    const title = `day ${number}`;
    if (troubles.length === 0 && pauseAfter === undefined && deafAfter === undefined) return this.clean(title);
    for (const one of troubles) this.switchOn(one);
    await this.run(title, { pauseAfter, deafAfter });
    entra.controls.faults.remove();
    lms.controls.faults.remove();
  }

  private switchOn({ at, rule, who }: Trouble): void {
    const members = this.entra.tenant.group.members.all();
    const id = who === undefined ? undefined : members[who % Math.max(1, members.length)];
    (at === 'entra' ? this.entra : this.lms).controls.faults.add({ ...rule, ...(id !== undefined && { with: { id } }) });
  }

  private async revise(revised: Revision | undefined, protect: number | undefined): Promise<void> {
    const accounts = this.lms.accounts();
    const account = protect === undefined ? undefined : accounts[protect % Math.max(1, accounts.length)];
    const { protectedAccounts, fields } = this.settings;
    const email = this.settings.matching === 'email' && { email: fields.email as NonNullable<typeof fields.email> };
    this.settings = {
      ...this.settings,
      ...revised,
      ...(revised && {
        fields: { ...revised.fields, ...(revised.fields.email && { email: { ...revised.fields.email, default: undefined } }), ...email },
      }),
      protectedAccounts: account
        ? [...protectedAccounts, (protect as number) % 2 === 0 ? account.id : account.userName]
        : protectedAccounts,
    };
    for (const name of Object.keys(fields)) if (!Object.hasOwn(this.settings.fields, name)) this.forgotten.add(name);
    await this.customer.update('configure', { configuration: { ...this.customer.configuration, ...written(this.settings) }, by: 'test' });
  }

  /** A run without faults: afterwards the LMS equals the model. A threshold may hold changes back: then they are released, and it takes a second run. */
  private async clean(title: string): Promise<void> {
    const first = await this.run(title);
    const { rows } = await this.customer.lookUp('holds');
    const byNumber = rows.filter(({ state, code }) => state === 'open' && code.startsWith('Threshold'));
    let [last, lastTitle] = [first, title];
    if (first.report.outcome === 'held' && byNumber.length > 0) {
      await this.customer.update('decideHolds', {
        decision: 'release',
        holds: byNumber.map(({ holdId }) => holdId),
        by: 'test',
        reason: 'it was meant',
      });
      for (const { memberId } of byNumber) this.released.add(memberId);
      lastTitle = `${title}, released`;
      last = await this.run(lastTitle);
      this.released.clear();
    }
    const { report, beginning, expectations, after } = last;
    const outcome =
      report.outcome === 'succeeded' || report.outcome === 'held'
        ? []
        : [`a run without faults ended as ${report.outcome} (${report.because}: ${report.detail})`];
    this.blame(lastTitle, [...outcome, ...differences(beginning, expectations, after, notKept(this.told.lms))]);
    for (const { must } of expectations.byPerson.values()) this.count(`must ${must}`);
    this.settle(expectations, after);
  }

  private count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  /** Nothing is written where nothing has changed. People whom the model leaves open may be tried again. */
  private async unchanged(): Promise<void> {
    const { journal, expectations } = await this.run('the run after it');
    const isOpen = [...expectations.byPerson.values()].some(({ must }) => must === 'notEnd' || must === 'stayOrEnd');
    const writes = journal.filter(({ by }) => by === 'client').length;
    this.blame('the run after it', writes > 0 && !isOpen ? [`${writes} writes, though nothing has changed`] : []);
  }

  private async run(
    title: string,
    { pauseAfter, deafAfter }: Pick<Day, 'pauseAfter' | 'deafAfter'> = {},
  ): Promise<{
    report: RunReport;
    beginning: Beginning;
    expectations: Expectations;
    after: Account[];
    journal: ReturnType<Lms['journal']>;
  }> {
    const { lms, entra } = this;
    const beginning: Beginning = {
      truth: this.truth(),
      settings: this.settings,
      forgotten: this.forgotten,
      accounts: lms.accounts(),
      links: new Map(this.links),
      leftAlone: new Set(this.leftAlone),
      released: new Set(this.released),
      uniqueEmails: this.told.lms.habits.uniqueEmails === true,
    };
    const expectations = expectationsOf(beginning);
    const since = lms.journal().at(-1)?.seq ?? 0;
    const asked = entra.controls.counts.report().total;
    const isUnderWay = () => entra.controls.counts.report().total > asked;
    let losing = deafAfter === 0 ? this.world.loseResults(this.customer.customerId) : undefined;
    let isOver = false;
    const ending = this.customer.sync().finally(() => (isOver = true));
    ending.catch(() => undefined); // awaited below
    const until = Date.now() + outageLasts;
    const isDueAt = (writes: number | undefined) =>
      writes !== undefined && isUnderWay() && lms.journal({ since, by: 'client' }).length >= writes;
    while (!isOver && Date.now() < until) {
      if (!losing && isDueAt(deafAfter)) losing = this.world.loseResults(this.customer.customerId);
      if (isDueAt(pauseAfter) || (losing && losing.lost() > 0)) {
        pauseAfter = undefined;
        await this.customer.update('pause', { reason: 'in the middle', by: 'test' });
        await ending;
        await this.customer.update('resume', { by: 'test' });
        if (losing) this.count('run that went unheard');
      }
      await Promise.race([ending.catch(() => undefined), wait(pauseAfter === undefined && deafAfter === undefined ? 100 : 5)]);
    }
    losing?.end();
    entra.controls.faults.remove();
    lms.controls.faults.remove();
    const report = await ending;
    await untilTold(report.runId, () => this.customer.status());
    const after: Account[] = lms.accounts();
    const journal = lms.journal({ since });
    this.count(`run ${report.outcome}`);
    this.log.push(`${title}: ${report.outcome} ${report.because ?? ''} ${JSON.stringify(report.done)} ${JSON.stringify(report.problems)}`);
    this.blame(title, wrongMoments(journal, beginning.accounts, expectations, this.doubted));
    for (const { by, id } of journal) if (by === 'client') this.doubted.add(id);
    this.unsettle(beginning, expectations, after);
    return { report, beginning, expectations, after, journal };
  }

  private truth(): Truth {
    const { tenant } = this.entra;
    return {
      people: [...everybody(tenant)].map((person) => ({ ...person })) as unknown as Person[],
      contacts: tenant.contacts.map(({ id }) => id),
    };
  }

  /** After a run that may have come to no good end: what it may have linked or unlinked is open. */
  private unsettle({ accounts }: Beginning, { standings }: Expectations, after: readonly Account[]): void {
    const before = new Set(accounts.map(ownerOf));
    for (const account of after) {
      const owner = ownerOf(account);
      if (owner === undefined) continue;
      const is = standings.get(owner)?.is;
      const link = this.links.get(owner) ?? 'none';
      if (
        !before.has(owner) ||
        (is === 'excluded' && link === 'linked') ||
        (is === 'wanted' && link === 'none') ||
        this.isProtected(account)
      )
        this.links.set(owner, 'maybe');
    }
    for (const [id, standing] of standings) {
      if (standing.is === 'gone' && this.settings.leavers[standing.because] === 'leave') this.leftAlone.add(id);
      else if (standing.is === 'wanted') continue;
    }
  }

  /** After a clean one it is known. */
  private settle({ byPerson, standings }: Expectations, after: readonly Account[]): void {
    this.doubted.clear();
    const owners = new Set(after.map(ownerOf));
    for (const [id, { must, from }] of byPerson) {
      const is = standings.get(id)?.is;
      if (must === 'agree' && owners.has(id)) {
        this.links.set(id, 'linked');
        this.leftAlone.delete(id);
      } else if (is === 'excluded' || (from && this.isProtected(from))) this.links.set(id, 'none');
    }
  }

  private isProtected({ id, userName }: Account): boolean {
    return this.settings.protectedAccounts.some((one) => one === id || one.toLowerCase() === userName.toLowerCase());
  }

  private blame(title: string, wrong: readonly string[]): void {
    if (wrong.length > 0)
      throw new Error(
        `${title}:\n  ${wrong.join('\n  ')}\nruns:\n  ${this.log.join('\n  ')}\ncustomer ${JSON.stringify(this.customer?.configuration ?? {})}`,
      );
  }
}
