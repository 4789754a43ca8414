import type { PendingChange } from '../../adapters/store/change-store';

/** The changes of a stage in their order, fetched ahead, so that no request waits for the store. */
export class PendingChanges {
  private fetched: PendingChange[] = [];
  private coming: Promise<PendingChange[]> | undefined;
  private last = 0;
  private isAll = false;
  /** The first are few, so that they are soon there. */
  private size: number;

  /** `fetch`: so many behind a position, in their order. `sizes`: at first, and from then on. */
  constructor(
    private readonly fetch: (after: number, size: number) => Promise<PendingChange[]>,
    private readonly sizes: { first: number; usual: number },
  ) {
    this.size = sizes.first;
  }

  /** The next one, mostly at once; none when nothing is left. */
  take(): PendingChange | undefined | Promise<PendingChange | undefined> {
    if (this.fetched.length === 0 && !this.isAll) return this.append().then(() => this.fetched.shift());
    if (this.fetched.length < this.sizes.usual / 2 && !this.isAll && !this.coming) void this.ask();
    return this.fetched.shift();
  }

  /** What is known of those that follow. */
  get following(): readonly PendingChange[] {
    return this.fetched;
  }

  /** Those that follow `position` are to be looked at anew. */
  forget(position: number): void {
    this.fetched = [];
    this.coming = undefined;
    this.last = position;
    this.isAll = false;
  }

  private ask(): Promise<PendingChange[]> {
    this.coming = this.fetch(this.last, this.size);
    this.coming.catch(() => undefined); // heard of by whoever takes the first of them
    return this.coming;
  }

  private async append(): Promise<void> {
    const rows = await (this.coming ?? this.ask());
    this.coming = undefined;
    this.isAll = rows.length < this.size;
    this.size = this.sizes.usual;
    this.last = rows.at(-1)?.position ?? this.last;
    this.fetched = rows;
  }
}
