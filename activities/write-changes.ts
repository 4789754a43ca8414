import type { ChangeStore, PendingChange, WorkStage } from '../adapters/store/change-store';
import type { Writer } from '../adapters/store/lease-store';
import type { Progress } from './long-step';
import type { Applying } from './writing/applying';
import { PendingChanges } from './writing/pending-changes';
import { StoredResults } from './writing/stored-results';
import { Tries } from './writing/tries';

/** Changes that are fetched at once, and how far requests may go beyond the last stored batch: after a crash, only those are uncertain. */
const ahead = 1_000;

interface Work {
  stage: WorkStage;
  writer: Writer;
  changes: ChangeStore;
  /** Requests that the target takes at once; as many changes again are being prepared or concluded, so that it never waits for us. */
  concurrency: number;
  applying: Applying;
  /** Whether a deactivation is still what the directory demands. */
  stillLeaves(change: PendingChange): Promise<boolean>;
  progress: Progress;
}

/**
 * Makes a stage's changes by a bounded pool and stores the results in batches. Whatever ends it early (a cancellation, an outage, a lost fence), the requests in flight come to
 * their end and their results are stored first; the next attempt goes on with what is left.
 */
export async function writeChanges({ stage, writer, changes, concurrency, applying, stillLeaves, progress }: Work): Promise<void> {
  const results = await StoredResults.open({ stage, writer, changes, progress });
  if (results.isComplete) return;
  const failedBefore = await changes.failedBefore(writer.customerId, writer.runId);
  const tries = new Tries(applying, progress, failedBefore, (result) => results.push(result));
  const atWork = concurrency * 2;
  const inFlight = new Map<string, Promise<void>>();
  let freed: (() => void) | undefined; // whoever waits for a place in the pool
  const allMade = () => Promise.all(inFlight.values());
  const pending = new PendingChanges((after, size) => changes.pending(writer, stage, after, size), { first: atWork, usual: ahead });

  try {
    for (;;) {
      // Nothing is awaited that is there already: with many in flight this loop is much of what each of them costs.
      const next = pending.take();
      const change = next instanceof Promise ? await next : next;
      if (!change || tries.isEnding) break;
      const { position } = change;
      if (change.kind === 'deactivate' && !(await stillLeaves(change))) {
        results.push({
          position,
          memberId: change.memberId,
          attempts: change.attempts,
          outcome: 'unchanged',
          code: 'LeaverUnproven',
          unheard: position <= results.uncertainUntil,
        });
        continue;
      }
      const isSingle = mustBeSingle(change);
      if (change.alone || isSingle) await allMade();
      while (inFlight.size >= atWork) await new Promise<void>((resolve) => (freed = resolve));
      const until = isSingle ? position : beforeSingles(pending.following, position);
      if (!results.permits(position)) await results.permit(position, until);
      if (tries.isEnding) break;
      send(change);
      if (change.alone || isSingle) await allMade();
      if (isSingle) await results.drain();
      else if (results.isDue) void results.store(until).catch((error: unknown) => tries.end(error));
      if (change.kind === 'setAside') {
        // What comes later is about an account that has another name by now, and on some servers another id.
        await results.drain();
        pending.forget(position);
      }
    }
    await allMade();
    await tries.conclude();
  } catch (error) {
    tries.end(error);
  }
  await allMade();
  await results.drain().catch((error: unknown) => tries.end(error));
  tries.throwIfEnding();

  function send(change: PendingChange): void {
    // The manager's request left earlier: waiting for it can't go in circles.
    const manager = change.kind === 'create' && change.managerId ? inFlight.get(change.managerId) : undefined;
    const mayBeMade = change.uncertain || change.position <= results.uncertainUntil;
    const make = () => tries.make(change, mayBeMade); // sends nothing when the step is ending: the manager may be missing because of that
    const ended = () => {
      inFlight.delete(change.memberId);
      freed?.();
    };
    const made = (manager ? manager.then(make) : make()).then(ended, (error: unknown) => {
      tries.end(error);
      ended();
    });
    inFlight.set(change.memberId, made);
  }

  /** Where the LMS would make somebody twice without a word, at most one create at a time is uncertain after a crash. */
  function mustBeSingle({ kind }: PendingChange): boolean {
    return kind === 'create' && !applying.target.keepsNamesUnique();
  }

  /** How far requests may go out with the next batch. */
  function beforeSingles(next: readonly PendingChange[], position: number): number {
    if (applying.target.keepsNamesUnique()) return position + ahead;
    const single = next.findIndex(mustBeSingle);
    return next[single < 0 ? next.length - 1 : single - 1]?.position ?? position;
  }
}
