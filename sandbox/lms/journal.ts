/** One write, in the order in which they took effect. */
export interface JournalEntry {
  seq: number;
  at: string;
  did: 'create' | 'update' | 'delete';
  /** Through the LMS's API, or by somebody inside the LMS (the admin port). */
  by: 'client' | 'admin';
  id: string;
  /** As they are after the write; after a deletion, as they were. */
  userName: string;
  active: boolean | null;
  /** What was otherwise before, of these three. */
  was?: { id?: string; userName?: string; active?: boolean | null };
  /** A write that changed nothing. */
  unchanged?: true;
}

export interface JournalQuery {
  id?: string;
  /** Entries after this number. */
  since?: number;
  by?: JournalEntry['by'];
}

/** Shows who was what at every moment, so that a test can say that nobody was ever inactive who should not have been. */
export class Journal {
  private all: JournalEntry[] = [];
  private count = 0;

  add(entry: Omit<JournalEntry, 'seq' | 'at'>, at: string): void {
    this.all.push({ seq: ++this.count, at, ...entry });
  }

  entries({ id, since = 0, by }: JournalQuery = {}): JournalEntry[] {
    if (id === undefined && since === 0 && by === undefined) return [...this.all];
    return this.all.filter(
      (entry) => entry.seq > since && (by === undefined || entry.by === by) && (id === undefined || concerns(entry, id)),
    );
  }

  /** Forgets the entries; the numbers go on, so that `since` never points to another entry. */
  clear(): void {
    this.all = [];
  }
}

function concerns(entry: JournalEntry, id: string): boolean {
  return entry.id === id || entry.was?.id === id;
}
