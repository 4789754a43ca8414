import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type Cell = string | number | boolean | null | undefined;

/** Rows straight into a table, by COPY: the fastest way in, for the server as for us. `before` stands in front of each row. */
export async function copyRows(
  client: PoolClient,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  before: readonly Cell[] = [],
): Promise<void> {
  const head = before.map((cell) => `${copyCell(cell)}\t`).join('');
  let text = '';
  for (const row of rows) {
    text += head;
    for (let i = 0; i < row.length; i += 1) text += i === 0 ? copyCell(row[i]) : `\t${copyCell(row[i])}`;
    text += '\n';
  }
  await pipeline(Readable.from([Buffer.from(text)]), client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`)));
}

/** COPY's text format (PostgreSQL, "COPY", Text Format). */
function copyCell(cell: Cell): string {
  if (cell === undefined || cell === null) return '\\N';
  if (typeof cell !== 'string') return String(cell);
  return /[\\\t\n\r]/.test(cell) ? cell.replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n').replace(/\r/g, '\\r') : cell;
}
