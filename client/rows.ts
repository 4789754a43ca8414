import { mostRows, type LookUpRequest } from '../domain/look-up/request';
import type { LookUpPage, LookUpWhat, RowsOf } from '../domain/look-up/rows';
import type { Session } from './session';

/** At most `limit` rows, however many pages they take; `next` where there are more. */
export async function rowsOf<What extends LookUpWhat>(
  session: Session,
  request: LookUpRequest & { what: What },
  limit: number,
): Promise<LookUpPage<What>> {
  const client = await session.client();
  const rows: RowsOf[What][] = [];
  let { cursor } = request;
  do {
    const page = await client.lookUp<What>({ ...request, cursor, limit: Math.min(mostRows, limit - rows.length) });
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined && rows.length < limit);
  return { rows, ...(cursor !== undefined && { next: cursor }) };
}
