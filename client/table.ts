import Table from 'cli-table3';

export interface Column<Row> {
  head: string;
  of: (row: Row) => string | number | undefined;
  align?: 'left' | 'right';
}

/** Room between two columns. */
const gap = 2;
/** A column that can be wrapped is still readable with so many characters. */
const narrowest = 14;

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
};
const bare = { ...plain, left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: ' '.repeat(gap) };

/**
 * Rows in columns without borders. In a terminal that is too narrow the widest columns are wrapped, and where that doesn't help every row becomes
 * lines of its own; without a width (a pipe) nothing is ever cut or wrapped. Columns that are empty in every row are left out.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { width, bold }: { width?: number; bold: (text: string) => string },
): string {
  const used = columns.filter(({ of }) => rows.some((row) => textOf(of(row)) !== ''));
  const cells = rows.map((row) => used.map(({ of }) => textOf(of(row))));
  const natural = used.map(({ head }, at) => Math.max(widthOf(head), ...cells.map((row) => widthOf(row[at] ?? ''))));
  const widths = width === undefined ? natural : fit(natural, width - gap * (used.length - 1));
  if (!widths)
    return cells
      .map((row) =>
        record(
          used.map(({ head }) => head),
          row,
          bold,
        ),
      )
      .join('\n\n');
  const drawn = new Table({
    head: used.map(({ head }) => bold(head)),
    colWidths: widths,
    colAligns: used.map(({ align = 'left' }) => align),
    wordWrap: true,
    wrapOnWordBoundary: false,
    chars: bare,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  drawn.push(...cells);
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Widths that add up to the room there is, taken from the widest first; none where some would get too narrow. */
function fit(natural: readonly number[], room: number): number[] | undefined {
  const widths = [...natural];
  for (let total = sum(widths); total > room; total -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= narrowest) return undefined;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function record(heads: readonly string[], row: readonly string[], bold: (text: string) => string): string {
  const filled = heads.flatMap((head, at) => (row[at] ? [`${bold(`${head}:`)} ${row[at]}`] : []));
  return filled.join('\n');
}

function textOf(value: string | number | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'number' ? value.toLocaleString('en') : printable(value);
}

/** One line, and nothing that a terminal would obey: values come from directories and LMSs. */
export function printable(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function widthOf(text: string): number {
  return [...text].length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
