import type { Writer } from '../adapters/store/lease-store';
import type { View } from '../adapters/store/schema';
import type { Configuration, LeaverPolicy } from '../domain/configuration/configuration';
import { Failure } from '../domain/failure';
import { userNameKeyOf } from '../domain/mapping/user-name-key';
import { accountsAreReadFor } from './accounts-are-read-for';
import { confirmedAtOnce, whereaboutsOf } from './confirming';
import { contextOf } from './context-of';
import type { CustomerContext, Dependencies } from './dependencies';
import { longStep, type Progress } from './long-step';
import type { LongSteps } from './steps';
import { waitWhileThrottled } from './throttled';

type Deps = Pick<Dependencies, 'customers' | 'leases' | 'runs' | 'accounts' | 'leavers' | 'plans' | 'directoryOf' | 'targetOf' | 'now'>;

/** When this many in a row turn out to be members after all, it is the read that was wrong. */
const tooManyMissed = 380;

/** The store goes through all links to tell who is absent: so it is asked seldom, for this many leavers. */
const toldAtOnce = 50 * confirmedAtOnce;

export function createPlanChanges(deps: Deps): LongSteps['planChanges'] {
  const { customers, leases, runs, accounts, leavers, plans, directoryOf, targetOf, now } = deps;
  return function planChanges(run) {
    return longStep(now, async (progress) => {
      const { customerId, runId, mode } = run;
      const row = await runs.find(customerId, runId);
      if (row?.plan) return row.plan;
      const customer = await contextOf(customers, run);
      const view: View = mode === 'preview' ? 'preview' : 'live';
      const writer = { customerId, runId, fence: await leases.nextFence(customerId, runId) };

      if (view === 'live') await plans.markDoubtful(writer);
      const isReconciled = await reconcile(customer, writer, view, progress);
      const isEmptied = row?.members === 0;
      await confirmLeavers(customer, writer, { isEmptied, isReconciled }, progress);
      const plan = await plans.plan({
        writer,
        view,
        configuration: customer.configuration,
        isReconciled,
        additionsExempt: mode === 'preview' || (await customers.isFirstSync(customerId, runId)),
        isEmptied,
      });
      progress.report({ done: 1, left: 0, ...plan });
      return plan;
    });
  };

  /** Reads what the target holds where many must be compared: at first, weekly, and after a change of target, user name or matching. */
  async function reconcile(customer: CustomerContext, writer: Writer, view: View, { show, signal }: Progress): Promise<boolean> {
    const { configuration, projection } = customer;
    const what = accountsAreReadFor(projection.configuration.rehearsalKey, configuration);
    const isDue = view === 'preview' || (await accounts.isDue(writer, what));
    const target = await targetOf(customer);
    try {
      // Where a user name is one account's alone, creating somebody who is there already is refused; elsewhere only the comparison tells.
      const isRefused = configuration.matching.by === 'userName' && target.keepsNamesUnique();
      if (!isDue && (isRefused || !(await plans.hasNewcomers(writer, view)))) return false;
      await accounts.forget(writer);
      let done = 0;
      for await (const page of target.accounts(signal)) {
        await accounts.keep(writer, page.accounts, {
          userName: ({ userName }) => userNameKeyOf(userName),
          email: ({ fields }) => fields.email?.toLowerCase(),
        });
        done += page.accounts.length;
        show({ done, left: Math.max(0, (page.total ?? done) - done), reading: 'accounts of the LMS' });
      }
    } finally {
      await customers.rememberTarget(writer.customerId, target.memory());
      await target.close();
    }
    await accounts.complete(writer, what);
    // A preview's reading is as good to find people by, so that the next sync needs none for that; but it links nobody, and proves nothing about earlier runs.
    if (view === 'live') {
      await accounts.linkLost(writer);
      await accounts.reconciled(writer, what);
    }
    return true;
  }

  /** Nobody is a leaver by absence alone: each is asked about, and every batch must prove that it can see members at all. */
  async function confirmLeavers(
    customer: CustomerContext,
    writer: Writer,
    { isEmptied, isReconciled }: { isEmptied: boolean; isReconciled: boolean },
    { report, waitInPlace, signal }: Progress,
  ): Promise<void> {
    const { customerId, runId } = writer;
    // The cause may be another one by now: looked at with every reconciliation.
    const policies = Object.entries(customer.configuration.leavers) as [keyof Configuration['leavers'], LeaverPolicy][];
    const leftAlone = isReconciled ? [] : policies.flatMap(([cause, policy]) => (policy === 'leave' ? [cause] : []));
    let asked = 0;
    let missed = 0;
    for (;;) {
      const { ids, left } = await leavers.unasked(customerId, runId, toldAtOnce, leftAlone);
      if (ids.length === 0) return;
      const directory = await directoryOf(customer);
      try {
        if (isEmptied) {
          await proveEmptied(ids);
          return;
        }
        for (let from = 0; from < ids.length; from += confirmedAtOnce) {
          const some = ids.slice(from, from + confirmedAtOnce);
          const whereabouts = await whereaboutsOf(some, { directory, leavers, writer, signal });
          await leavers.keep(writer, whereabouts);
          asked += some.length;
          missed = whereabouts.every(({ is }) => is === 'member') ? missed + some.length : 0;
          report({ done: asked, left: left + ids.length - from - some.length, confirming: 'leavers' });
          if (missed >= tooManyMissed) throw new Failure('DirectoryUnavailable', 'It left out many members of the group.');
        }
        if (left === 0) return;
      } catch (error) {
        await waitWhileThrottled(error, { waitInPlace });
      }

      /** Two of those who vanished serve as the controls of the others: answers one as a member, the empty answer was wrong; nobody is concluded to have left either way. A few pairs, for some may really have left. */
      async function proveEmptied(vanished: string[]): Promise<void> {
        const asked = vanished.slice(0, 20);
        for (let pair = 0; pair < Math.min(10, asked.length); pair += 2) {
          const controls = asked.slice(pair, pair + 2);
          const answers = await directory.confirm(
            asked.filter((id) => !controls.includes(id)),
            controls,
            signal,
          );
          if (answers.some(({ is }) => is === 'member' || is === 'nested')) throw new Failure('MembersMissing');
        }
      }
    }
  }
}
