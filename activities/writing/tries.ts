import type { ChangeResult, PendingChange } from '../../adapters/store/change-store';
import { Failure } from '../../domain/failure';
import { failures } from '../../domain/failures';
import { pause, type Progress } from '../long-step';
import { applyChange } from './apply-change';
import type { Applying } from './applying';
import { giveBackName } from './names-aside';

/** Tries of one change in one attempt of the step, with growing pauses between them. */
const tries = 4;
/** When so many people in a row used up their tries, it may well be the LMS: others get one try each, until somebody succeeds. */
const suspectAfter = 8;
/** When so many people in a row were in vain, it isn't the person, it's the LMS. */
const outageAfter = 40;

interface Tried {
  change: PendingChange;
  attempts: number;
  error: Failure;
}

interface Failed extends Tried {
  /** A try before the last one may have got through. */
  isUncertain: boolean;
}

/** Makes changes, each tried until it is made or refused. Whether it is the person or the LMS that a change fails of is told by the others: who succeeds after them. */
export class Tries {
  /** Everybody waits until then, milliseconds since 1970: the LMS asked for it. */
  private quietUntil = 0;
  /** Whose tries are used up, since anybody last got a proper answer. */
  private doubtful: Tried[] = [];
  private ending: { because: unknown } | undefined;
  /** Tries that were begun so far, and the latest begun of those that got a proper answer. */
  private begun = 0;
  private answered = 0;

  constructor(
    private readonly applying: Applying,
    private readonly progress: Progress,
    private readonly failedBefore: ReadonlySet<string>,
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
    let begunAtFirst: number | undefined;
    for (let attempts = change.attempts + 1, tried = 1; !this.isEnding; attempts += 1, tried += 1) {
      const error = await this.once(change, isUncertain, attempts);
      if (!error) return;
      isUncertain = true;
      if (error.code === 'TargetThrottled') {
        tried -= 1; // the person is not to blame
        await this.hush(error);
        continue;
      }
      begunAtFirst ??= this.begun;
      if (tried === tries && this.answered > begunAtFirst) {
        return this.fail({ change, attempts, error, isUncertain }); // others began and succeeded between one of these tries and another
      } else if (tried === tries || this.strangers() >= suspectAfter) return this.doubt({ change, attempts, error });
      else await this.wait(Math.min(error.retryAfterMs ?? 250 * 2 ** tried, 30_000));
    }
  }

  /** Nobody is left to try. A few of whom nobody can tell have failures of their own if the LMS answers what is not about them: some fail on whatever concerns one account. */
  async conclude(): Promise<void> {
    const { target, signal } = this.applying;
    for (let [first] = this.doubtful; first && !this.isEnding; [first] = this.doubtful) {
      const { error } = first;
      if (this.strangers() >= suspectAfter) return this.end(error);
      try {
        await target.answers(signal);
      } catch {
        return this.end(error);
      }
      await this.clearUp();
    }
  }

  /** One try. The failure that another one may mend; none when nothing is left to do. `cause`: what the tries before failed of. */
  private async once(change: PendingChange, isUncertain: boolean, attempts: number, cause?: Failure): Promise<Failure | undefined> {
    let began = 0;
    try {
      if (this.quietUntil > Date.now()) await this.keepQuiet();
      began = ++this.begun;
      const applied = await applyChange(change, isUncertain, this.applying);
      this.push({ position: change.position, memberId: change.memberId, attempts, ...applied });
    } catch (error) {
      if (this.isEnding) return undefined;
      const failure = error instanceof Failure ? error : undefined;
      const kind = failure && failures[failure.code];
      if (kind?.passes && failure?.code !== 'StoreUnavailable') return failure;
      if (!failure || kind?.reach !== 'person') {
        this.end(error);
        return undefined;
      }
      await this.fail({ change, attempts, error: cause ?? failure, isUncertain });
    }
    this.answered = Math.max(this.answered, began);
    if (this.doubtful.length > 0) await this.clearUp();
    return undefined;
  }

  private doubt(tried: Tried): void {
    this.doubtful.push(tried);
    if (this.strangers() >= outageAfter) this.end(tried.error);
  }

  /** Those in doubt who say something of how the LMS is today: whoever failed in the run before this one doesn't. */
  private strangers(): number {
    return this.doubtful.filter(({ change }) => !this.failedBefore.has(change.memberId)).length;
  }

  /** The LMS deals with others: whoever fails once more now has a failure of their own. */
  private async clearUp(): Promise<void> {
    for (let tried = this.doubtful.shift(); tried && !this.isEnding; tried = this.doubtful.shift()) {
      const attempts = tried.attempts + 1;
      const error = await this.once(tried.change, true, attempts, tried.error);
      if (error?.code === 'TargetThrottled') {
        this.doubtful.push(tried);
        return this.hush(error);
      }
      if (error) await this.fail({ ...tried, attempts, isUncertain: true });
    }
  }

  /** This person's failure. Nobody is left with a temporary name, if it can be helped. */
  private async fail({ change, attempts, error, isUncertain }: Failed): Promise<void> {
    let detail = error.message;
    const link = await giveBackName(change, this.applying).catch((refusal: unknown) => {
      if (!(refusal instanceof Failure)) throw refusal;
      detail += ' The account has a temporary user name until a run succeeds for it.';
      return undefined;
    });
    const { position, memberId, kind } = change;
    // What is there already may be changed by several requests, of which the last was refused.
    const unheard = isUncertain || kind !== 'create';
    this.push({ position, memberId, attempts, outcome: 'failed', code: error.code, detail, unheard, link });
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
