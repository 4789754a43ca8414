import type { PoolClient } from 'pg';
import type { View } from '../schema';

/** A link to an account that is where the customer's accounts are now: by its id, and by what shows that it is the same person's. $1 customer. */
const isThere = `exists (select 1 from account a where a.customer_id = $1 and a.account_id = link.account_id
  and case when a.external_id is null then a.user_name_key = link.user_name_key else a.external_id = link.member_id::text end)`;

/**
 * After a change of the LMS, or of its address, an account's id may be nobody's, or a stranger's: links that the accounts which were just read don't confirm are let go, and their
 * people are matched anew. A preview only leaves them out, by a table of the same name that lasts as long as the transaction.
 */
export async function leaveOtherTarget(client: PoolClient, customerId: string, view: View, baseUrl: string): Promise<void> {
  const { rows } = await client.query<{ linked_to: string | null }>('select linked_to from customer where customer_id = $1', [customerId]);
  const before = rows[0]?.linked_to ?? baseUrl;
  if (view === 'live') {
    if (before !== baseUrl) await client.query(`delete from link where customer_id = $1 and not ${isThere}`, [customerId]);
    if (rows[0]?.linked_to !== baseUrl)
      await client.query('update customer set linked_to = $2 where customer_id = $1', [customerId, baseUrl]);
  } else if (before !== baseUrl)
    await client.query(`create temp table link on commit drop as select * from link where customer_id = $1 and ${isThere}`, [customerId]);
}
