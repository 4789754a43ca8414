/** Ids in order, so that a page is a slice and a change of membership shifts the rows after it, as in a directory without snapshots. */
export class SortedIds {
  private readonly ids: string[];
  private readonly present: Set<string>;

  constructor(ids: Iterable<string> = []) {
    this.present = new Set(ids);
    this.ids = [...this.present].sort();
  }

  get size(): number {
    return this.ids.length;
  }

  has(id: string): boolean {
    return this.present.has(id);
  }

  add(id: string): boolean {
    if (this.present.has(id)) return false;
    this.present.add(id);
    this.ids.splice(this.position(id), 0, id);
    return true;
  }

  delete(id: string): boolean {
    if (!this.present.delete(id)) return false;
    this.ids.splice(this.position(id), 1);
    return true;
  }

  all(): readonly string[] {
    return this.ids;
  }

  /** Where the id is, or would be. */
  private position(id: string): number {
    let [low, high] = [0, this.ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ids[middle] as string) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
