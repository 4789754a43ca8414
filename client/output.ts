import type { CommandFailure } from './command-failure';
import type { Sink, Surroundings } from './surroundings';
import { printable, table, type Column } from './table';

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;
type Style = keyof typeof codes;

/** Data on stdout, as text for people or as JSON; whatever else there is to say on stderr. */
export class Output {
  readonly json: boolean;
  private readonly stdout: Sink;
  private readonly stderr: Sink;
  private readonly env: NodeJS.ProcessEnv;

  constructor({ stdout, stderr, env }: Pick<Surroundings, 'stdout' | 'stderr' | 'env'>, { json }: { json: boolean }) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.env = env;
    this.json = json;
  }

  /** What the command answers. */
  data(value: unknown, text: () => string): void {
    const written = this.json ? JSON.stringify(value, undefined, 2) : text();
    if (written !== '') this.stdout.write(`${written}\n`);
  }

  /** For whoever watches; never part of the data. */
  note(line: string): void {
    this.stderr.write(`${line}\n`);
  }

  /** Each fault on a line, then what to do. With `--json` one JSON object. */
  failed({ code, faults, remedy }: CommandFailure): void {
    if (this.json) return void this.stderr.write(`${JSON.stringify({ error: { code, faults, remedy } })}\n`);
    const lines = faults.flatMap((fault) => fault.split('\n')).map((fault) => `  - ${printable(fault)}`);
    this.stderr.write(`${this.style('red', `${code}:`, this.stderr)}\n${lines.join('\n')}\n`);
    if (remedy) this.stderr.write(`${this.style('bold', 'What to do:', this.stderr)} ${printable(remedy)}\n`);
  }

  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
    return table(rows, columns, { width: this.stdout.isTTY ? this.stdout.columns : undefined, bold: (text) => this.style('bold', text) });
  }

  /** Plain where the stream is no terminal, or NO_COLOR (https://no-color.org) is set. */
  style(style: Style, text: string, on: Sink = this.stdout): string {
    const { NO_COLOR, FORCE_COLOR, TERM } = this.env;
    const isWanted = FORCE_COLOR ? FORCE_COLOR !== '0' : Boolean(on.isTTY) && TERM !== 'dumb';
    if (NO_COLOR || !isWanted) return text;
    const [open, close] = codes[style];
    return `\u001b[${open}m${text}\u001b[${close}m`;
  }

  /** Whether somebody watches stderr, so that a line may be drawn over and over. */
  get isWatched(): boolean {
    return Boolean(this.stderr.isTTY) && !this.json;
  }

  get progressStream(): NodeJS.WritableStream {
    return this.stderr as unknown as NodeJS.WritableStream;
  }
}
