import type { ChangeResult } from './change-store';

/** An account is one person's: the index says so when two are to be linked to one. */
export function isAccountTaken(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'link_account';
}

/**
 * The results, and those that would link an account which is somebody else's as failures of these persons: a server that answers a create with an account that was there (one
 * that upserts) must not keep the whole batch from being stored.
 */
export async function withoutTaken(
  results: readonly ChangeResult[],
  ownersOf: (accounts: readonly string[]) => Promise<Map<string, string>>,
): Promise<ChangeResult[]> {
  const owners = await ownersOf(results.flatMap(({ link }) => (link ? [link.accountId] : [])));
  return results.map((result) => {
    const { link, memberId, position, attempts } = result;
    if (!link) return result;
    const owner = owners.get(link.accountId) ?? memberId;
    owners.set(link.accountId, owner);
    if (owner === memberId) return result;
    return {
      position,
      memberId,
      attempts,
      outcome: 'failed',
      code: 'AccountLinkedElsewhere',
      detail: `The LMS answered with account ${link.accountId}.`,
    };
  });
}
