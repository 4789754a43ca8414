import type { JournalEntry } from '../../sandbox/lms/journal';

export interface Watched {
  /** Accounts that nobody but the LMS's own people may touch, by id. */
  byHand: ReadonlySet<string>;
  /** Accounts whose owner has left or is disabled: they alone may become inactive. */
  mayBeInactive: ReadonlySet<string>;
}

/** What was wrong at any moment, however well it ended: a sentence for each write that should never have been. */
export function wrongMoments(journal: readonly JournalEntry[], { byHand, mayBeInactive }: Watched): string[] {
  return journal
    .filter(({ by }) => by === 'client')
    .flatMap(({ seq, did, id, active }) => {
      const wrong: string[] = [];
      if (did === 'delete') wrong.push(`write ${seq} deleted account ${id}`);
      if (byHand.has(id)) wrong.push(`write ${seq} touched account ${id}, which was made by hand`);
      if (active !== true && !mayBeInactive.has(id)) wrong.push(`write ${seq} left account ${id} inactive, whose owner is a member`);
      return wrong;
    });
}

/** Accounts that share a user name or an external id, in a sentence each. */
export function duplicates(accounts: readonly { id: string; userName: string; externalId?: string }[]): string[] {
  const said: string[] = [];
  for (const name of ['userName', 'externalId'] as const) {
    const seen = new Map<string, string>();
    for (const account of accounts) {
      const value = account[name]?.toLowerCase();
      if (!value) continue;
      const other = seen.get(value);
      if (other) said.push(`accounts ${other} and ${account.id} have the same ${name}`);
      seen.set(value, account.id);
    }
  }
  return said;
}
