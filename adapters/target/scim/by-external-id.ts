import type { Account } from '../../../domain/account';
import type { Accounts } from './listing';

/** Many servers follow no filter but that of the user name: what one of them answers to this is nothing, or everybody. */
export async function byExternalId(accounts: Accounts, externalId: string, signal: AbortSignal): Promise<Account[]> {
  const rows = (await accounts.filtered(`externalId eq ${JSON.stringify(externalId)}`, signal)) ?? [];
  return rows.filter((account) => account.externalId?.toLowerCase() === externalId.toLowerCase());
}
