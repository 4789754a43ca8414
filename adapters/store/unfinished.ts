/** What runs since the LMS was last read as a whole have left open, of which the next one must know. As SQL: $1 customer, $2 the run that asks. */

const sinceRead = `coalesce((select opened_at from run where customer_id = $1 and reconciled and plan is not null order by opened_at desc limit 1), '-infinity')`;

/** A stage `s` of which not every change has an outcome. */
export const isLeftOpen = `s.total > (select coalesce(sum(n), 0) from tally t where t.customer_id = $1 and t.run_id = s.run_id and t.stage = s.stage)`;

/** A change `c` of a stage `s` that may have got through without anybody hearing of it. */
export const isUnheard = '(c.position <= s.sent_until and (c.outcome is null or c.unheard))';

/** Runs that may have made or adopted somebody without hearing of it: mostly there are none, and then nobody's row needs to be looked at. `run_id`, `sent_until`. */
export const runsWithUnheardCreates = `
  select r.run_id, s.sent_until from run r join stage s on s.customer_id = $1 and s.run_id = r.run_id and s.stage = 'upsert'
  where r.customer_id = $1 and r.run_id <> $2 and r.opened_at >= ${sinceRead} and s.sent_until > 0
    and (exists (select 1 from tally t where t.customer_id = $1 and t.run_id = r.run_id and t.stage = 'upsert' and t.outcome = 'failed') or ${isLeftOpen})`;

/** Members whom a run may have made or adopted without hearing of it: `member_id`, and the account as it was `sent`. */
export const unheardCreates = `
  select c.member_id, c.sent from (${runsWithUnheardCreates}) s
  join change c on c.customer_id = $1 and c.run_id = s.run_id and c.stage = 'upsert' and ${isUnheard}
  where c.kind in ('create', 'adopt')
    and not exists (select 1 from link l where l.customer_id = $1 and l.member_id = c.member_id)`;

/** Accounts that were matched, and not linked yet: `member_id`, `account_id`. */
export const openAdoptions = `
  select c.member_id, c.account_id from run r
  join change c on c.customer_id = $1 and c.run_id = r.run_id and c.stage = 'upsert'
  where r.customer_id = $1 and r.run_id <> $2 and r.mode = 'sync' and r.opened_at >= ${sinceRead} and (r.plan->>'adopt')::int > 0
    and c.kind = 'adopt' and c.outcome is distinct from 'done'`;
