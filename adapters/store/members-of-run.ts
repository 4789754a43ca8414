/** Everybody on a run's pages, as SQL: `member_id`, each once. $1 customer; `run` is the run's own parameter. To be joined by hash: page by page it would take a minute for a hundred thousand. */
export function membersOfRun(run: '$2' | '$3'): string {
  return `select distinct unnest(member_ids) as member_id from page where customer_id = $1 and run_id = ${run}`;
}
