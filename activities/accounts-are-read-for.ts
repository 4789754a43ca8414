import { createHash } from 'node:crypto';
import type { Configuration } from '../domain/configuration/configuration';

/**
 * Changes with whatever needs another look at the LMS's accounts: what decides who is whom, and the protected list, whose entries may be names that accounts were given there
 * behind our back.
 */
export function accountsAreReadFor(rehearsalKey: string, { protectedAccounts }: Pick<Configuration, 'protectedAccounts'>): string {
  if (protectedAccounts.length === 0) return rehearsalKey;
  const list = createHash('sha256').update(JSON.stringify(protectedAccounts.toSorted()));
  return `${rehearsalKey} ${list.digest('hex').slice(0, 16)}`;
}
