import type { WorkStage } from '../adapters/store/change-store';
import type { Writer } from '../adapters/store/lease-store';
import type { Target } from '../adapters/target/target';
import type { Run } from '../domain/run/run';
import { contextOf } from './context-of';
import type { Dependencies } from './dependencies';
import { longStep } from './long-step';
import type { LongSteps } from './steps';
import { writeChanges } from './write-changes';
import { LeaverProofs } from './writing/leaver-proofs';
import { MadeAccounts } from './writing/made-accounts';

type Deps = Pick<Dependencies, 'customers' | 'leases' | 'changes' | 'leavers' | 'directoryOf' | 'targetOf' | 'now'>;

/** The three stages that write to the target, in the order in which a run goes through them. */
export function createWriteStages(deps: Deps): Pick<LongSteps, 'upsertAccounts' | 'setManagers' | 'deactivateLeavers'> {
  const { customers, leases, changes, leavers, directoryOf, targetOf, now } = deps;

  function stageOf<Result>(
    stage: WorkStage,
    run: Run,
    finish: (customer: Awaited<ReturnType<typeof contextOf>>) => Promise<Result>,
  ): Promise<Result> {
    return longStep(now, async (progress) => {
      const { customerId, runId } = run;
      const customer = await contextOf(customers, run);
      const { configuration } = customer;
      const writer = { customerId, runId, fence: await leases.nextFence(customerId, runId) };
      if (stage === 'manager') await changes.planManagers(writer, configuration);
      const target = await targetOf(customer);
      const before = JSON.stringify(target.memory());
      const proofs = new LeaverProofs({ leavers, writer, directory: () => directoryOf(customer), progress, now });
      try {
        await writeChanges({
          stage,
          writer,
          changes,
          concurrency: configuration.target.concurrency,
          progress,
          stillLeaves: (change) => proofs.stands(change),
          applying: {
            target,
            configuration,
            signal: progress.signal,
            made: new MadeAccounts(),
            linkedMember: (accountId) => changes.linkedMember(customerId, accountId),
            isMember: (id) => changes.isMember(customerId, runId, id),
          },
        });
      } finally {
        if (JSON.stringify(target.memory()) !== before) await remember(writer, target).catch(() => undefined); // found out anew next time
        await target.close();
      }
      return finish(customer);
    });
  }

  async function remember(writer: Writer, target: Target): Promise<void> {
    await customers.rememberNotKept(writer, target.notKept());
    await customers.rememberTarget(writer.customerId, target.memory());
  }

  return {
    upsertAccounts: (run) =>
      stageOf('upsert', run, async ({ customerId, configuration }) => ({
        done: await changes.done(customerId, run.runId),
        managers: await changes.countManagers({ customerId, runId: run.runId, fence: 0 }, configuration),
      })),
    setManagers: (run) => stageOf('manager', run, () => Promise.resolve()),
    deactivateLeavers: (run) => stageOf('leaver', run, () => Promise.resolve()),
  };
}
