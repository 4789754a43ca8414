import type { PoolClient } from 'pg';
import { userNameKeyOf } from '../../../domain/mapping/user-name-key';
import type { Configuration } from '../../../domain/configuration/configuration';

/** What is never changed. */
export interface Protected {
  /** In the form in which two names are the same to the target. */
  names: string[];
  accountIds: string[];
}

/** An entry is an account's id, or a user name: the one that we wrote, or the one that the account was last seen with, whoever gave it that. */
export async function protectedOnes(
  client: PoolClient,
  customerId: string,
  { protectedAccounts }: Pick<Configuration, 'protectedAccounts'>,
): Promise<Protected> {
  if (protectedAccounts.length === 0) return { names: [], accountIds: [] };
  const names = protectedAccounts.map(userNameKeyOf);
  const { rows } = await client.query<{ account_id: string }>(
    'select account_id from account where customer_id = $1 and user_name_key = any($2)',
    [customerId, names],
  );
  return { names, accountIds: [...protectedAccounts, ...rows.map(({ account_id }) => account_id)] };
}
