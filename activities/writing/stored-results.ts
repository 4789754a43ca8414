import type { ChangeResult, ChangeStore, WorkStage } from '../../adapters/store/change-store';
import type { Writer } from '../../adapters/store/lease-store';
import type { Progress } from '../long-step';

/** Results are stored when so many are there, or so many milliseconds have passed. */
const batch = { rows: 500, ms: 200 };

/**
 * Results on their way into the store, and the mark up to which requests may go out: after a crash only those between the last stored result and the mark are
 * uncertain. One batch at a time, so that the mark only grows; whoever comes meanwhile waits for the one that is under way.
 */
export class StoredResults {
  private results: ChangeResult[] = [];
  private storing: Promise<void> | undefined;
  private storedAt = Date.now();

  private constructor(
    private readonly where: { changes: ChangeStore; writer: Writer; stage: WorkStage; progress: Progress },
    private readonly total: number,
    private done: number,
    /** Requests up to here may have been sent by an attempt before this one. */
    readonly uncertainUntil: number,
    /** Requests up to here may go out: the store knows. */
    private mark: number,
  ) {}

  static async open(where: StoredResults['where']): Promise<StoredResults> {
    const { total, finished, sentUntil } = await where.changes.resume(where.writer, where.stage);
    return new StoredResults(where, total, finished, sentUntil, sentUntil);
  }

  get isComplete(): boolean {
    return this.done === this.total;
  }

  push(result: ChangeResult): void {
    this.results.push(result);
  }

  permits(position: number): boolean {
    return position <= this.mark;
  }

  /** Lets the request at `position` go out, and those up to `until` with the next batch. Rejects when the store refuses. */
  async permit(position: number, until: number): Promise<void> {
    while (!this.permits(position)) await this.store(until);
  }

  /** Whether what is there is to be stored by now. */
  get isDue(): boolean {
    return this.results.length >= batch.rows || (this.results.length > 0 && Date.now() - this.storedAt >= batch.ms);
  }

  store(mark = this.mark): Promise<void> {
    return (this.storing ??= this.storeNow(mark).finally(() => (this.storing = undefined)));
  }

  /** Everything that is there. */
  async drain(): Promise<void> {
    await this.storing;
    if (this.results.length > 0) await this.store();
  }

  private async storeNow(mark: number): Promise<void> {
    const { changes, writer, stage, progress } = this.where;
    const rows = this.results;
    this.results = [];
    this.storedAt = Date.now();
    await changes.storeResults(writer, stage, rows, Math.max(mark, this.mark));
    this.mark = Math.max(mark, this.mark);
    if (rows.length === 0) return; // a mark is no progress
    this.done += rows.length;
    progress.report({ done: this.done, left: this.total - this.done, stage });
  }
}
