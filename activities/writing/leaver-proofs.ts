import type { PendingChange } from '../../adapters/store/change-store';
import type { LeaverProof, LeaverStore } from '../../adapters/store/leaver-store';
import type { Writer } from '../../adapters/store/lease-store';
import type { Directory, Whereabouts } from '../../adapters/directory/directory';
import { confirmedAtOnce, whereaboutsOf } from '../confirming';
import type { Progress } from '../long-step';
import { waitWhileThrottled } from '../throttled';

/** Milliseconds. Creating everybody, or an outage, may lie between planning and the leavers: whoever came back meanwhile keeps the account. */
const countsFor = 5 * 60_000;

interface Asking {
  leavers: LeaverStore;
  writer: Writer;
  directory(): Promise<Directory>;
  progress: Progress;
  now(): number;
}

/** What speaks for each deactivation, asked for again where it is old. Throws as the directory does. */
export class LeaverProofs {
  private proven = new Map<string, number>();

  constructor(private readonly asking: Asking) {}

  /** Whether this person is still to be deactivated. Changes come in the order of their positions. */
  async stands({ memberId, position }: PendingChange): Promise<boolean> {
    if (!this.isRecent(this.proven.get(memberId))) await this.look(position);
    return this.proven.has(memberId);
  }

  private isRecent(toldAt: number | undefined): boolean {
    return toldAt !== undefined && this.asking.now() - toldAt <= countsFor;
  }

  private async look(from: number): Promise<void> {
    const { leavers, writer, now } = this.asking;
    const proofs = await leavers.proofs(writer, from, confirmedAtOnce);
    const old = proofs.filter(({ toldAt }) => !this.isRecent(toldAt));
    const told = new Map(old.length > 0 ? (await this.ask(old)).map(({ memberId, is }) => [memberId, is]) : []);
    this.proven = new Map();
    for (const proof of proofs) {
      const is = told.get(proof.memberId);
      // What was asked again a moment ago, perhaps by an attempt before this one, is not asked a third time: its answer stands.
      if (speaksFor(proof, is ?? proof.told)) this.proven.set(proof.memberId, is === undefined ? proof.toldAt : now());
    }
  }

  private async ask(proofs: readonly LeaverProof[]): Promise<Whereabouts[]> {
    const { leavers, writer, progress } = this.asking;
    const directory = await this.asking.directory();
    const disabled = proofs.filter(({ cause }) => cause === 'disabled').map(({ memberId }) => memberId);
    const gone = proofs.filter(({ cause }) => cause !== 'disabled').map(({ memberId }) => memberId);
    for (;;) {
      try {
        const still = new Set(disabled.length > 0 ? await directory.disabledAmong(disabled, progress.signal) : []);
        const told = [
          ...disabled.map((memberId): Whereabouts => ({ memberId, is: still.has(memberId) ? 'disabled' : 'unknown' })),
          ...(gone.length > 0 ? await whereaboutsOf(gone, { directory, leavers, writer, signal: progress.signal }) : []),
        ];
        await leavers.keep(writer, told);
        return told;
      } catch (error) {
        await waitWhileThrottled(error, progress);
      }
    }
  }
}

/** `told`: what the directory said last; nothing where the read itself showed it. Where a person decided without a proof, only a proof of the contrary counts. */
function speaksFor({ cause }: LeaverProof, told: Whereabouts['is'] | null): boolean {
  if (told === null) return true;
  if (cause === null) return told !== 'member';
  return told === 'left' || told === 'disabled' || told === 'deleted';
}
