import type { ChangeResult, PendingChange } from '../../adapters/store/change-store';
import { Failure } from '../../domain/failure';
import { failures } from '../../domain/failures';
import { pause, type Progress } from '../long-step';
import { applyChange } from './apply-change';
import { desiredOf, type Applying } from './applying';
import { giveBackName } from './names-aside';

/** Tries of one change in one attempt of the step, with growing pauses between them. */
const tries = 4;
/** When so many people in a row used up their tries, it isn't the person, it's the LMS. */
const outageAfter = 8;

interface Tried {
  change: PendingChange;
  attempts: number;
  error: Failure;
}

/** Makes changes, each tried until it is made or refused. Whether it is the person or the LMS that a change fails of is told by the others: who succeeds after them. */
export class Tries {
  /** Everybody waits until then, milliseconds since 1970: the LMS asked for it. */
  private quietUntil = 0;
  /** Whose tries are used up, since anybody last got a proper answer. */
  private doubtful: Tried[] = [];
  private ending: { because: unknown } | undefined;

  constructor(
    private readonly applying: Applying,
    private readonly progress: Progress,
    private readonly push: (result: ChangeResult) => void,
  ) {}

  get isEnding(): boolean {
    return this.ending !== undefined || this.applying.signal.aborted;
  }

  /** Nothing more is sent. What was not made, or is not known to be, stays pending. */
  end(because: unknown): void {
    this.ending ??= { because };
  }

  throwIfEnding(): void {
    this.applying.signal.throwIfAborted();
    if (this.ending) throw this.ending.because;
  }

  async make(change: PendingChange, mayBeMade: boolean): Promise<void> {
    let isUncertain = mayBeMade;
    for (let attempts = change.attempts + 1, tried = 1; !this.isEnding; attempts += 1, tried += 1) {
      try {
        await this.keepQuiet();
        const applied = await applyChange(change, isUncertain, this.applying);
        this.push({ position: change.position, memberId: change.memberId, attempts, ...applied });
        return await this.clearUp();
      } catch (error) {
        if (this.isEnding) return;
        if (!(error instanceof Failure)) return this.end(error);
        const { passes, reach } = failures[error.code];
        if (!passes && reach === 'person') {
          await this.fail({ change, attempts, error });
          return await this.clearUp();
        }
        if (!passes || error.code === 'StoreUnavailable') return this.end(error);
        isUncertain = true;
        if (error.code === 'TargetThrottled') {
          tried -= 1; // the person is not to blame
          await this.hush(error);
        } else if (tried === tries) return this.doubt({ change, attempts, error });
        else await this.wait(Math.min(error.retryAfterMs ?? 250 * 2 ** tried, 30_000));
      }
    }
  }

  /** Nobody is left to try. Those of whom nobody can tell are their own failures if the LMS answers a question about the first of them. */
  async conclude(): Promise<void> {
    const [first] = this.doubtful;
    if (!first || this.isEnding) return;
    const { target, signal } = this.applying;
    const { change, error } = first;
    try {
      if (change.accountId) await target.get(change.accountId, signal);
      else await target.findByUserName(desiredOf(change, this.applying).userName, signal);
    } catch {
      return this.end(error);
    }
    await this.clearUp();
  }

  private doubt(tried: Tried): void {
    this.doubtful.push(tried);
    if (this.doubtful.length >= outageAfter) this.end(tried.error);
  }

  /** The LMS deals with others: those whose tries were in vain have a failure of their own. */
  private async clearUp(): Promise<void> {
    for (let tried = this.doubtful.shift(); tried; tried = this.doubtful.shift()) await this.fail(tried);
  }

  /** This person's failure. Nobody is left with a temporary name, if it can be helped. */
  private async fail({ change, attempts, error }: Tried): Promise<void> {
    let detail = error.message;
    const link = await giveBackName(change, this.applying).catch((refusal: unknown) => {
      if (!(refusal instanceof Failure)) throw refusal;
      detail += ' The account has a temporary user name until a run succeeds for it.';
      return undefined;
    });
    const { position, memberId } = change;
    this.push({ position, memberId, attempts, outcome: 'failed', code: error.code, detail, link });
  }

  /** A long wait, or one that gets nowhere, is left to the server's timer. */
  private async hush(error: Failure): Promise<void> {
    this.quietUntil = Math.max(this.quietUntil, Date.now() + (error.retryAfterMs ?? 1_000));
    await this.progress.waitInPlace(error).catch((reason: unknown) => this.end(reason));
  }

  private async keepQuiet(): Promise<void> {
    for (let quiet = this.quietUntil - Date.now(); quiet > 0; quiet = this.quietUntil - Date.now()) await this.wait(quiet);
  }

  private wait(ms: number): Promise<void> {
    return pause(ms, this.applying.signal).catch(() => undefined); // whoever is cancelled sees that next
  }
}
