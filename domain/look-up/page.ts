import { mostBytes } from './request';

/**
 * As many of the rows as fit one answer, at least one of them, and where to go on. `rows` holds one more than were asked for where there are more;
 * `cursorOf` names the place right after a row.
 */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): { rows: Row[]; next?: string } {
  let bytes = 0;
  const fitting = rows.slice(0, limit).filter((row, index) => {
    bytes += bytesOf(JSON.stringify(row)) + 1;
    return index === 0 || bytes <= mostBytes;
  });
  const last = fitting.at(-1);
  return last !== undefined && fitting.length < rows.length ? { rows: fitting, next: cursorOf(last) } : { rows: fitting };
}

/** In UTF-8. */
function bytesOf(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    // Two more for the rest of the basic plane, one more for each half of a surrogate pair, whose four bytes make up for two units.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
