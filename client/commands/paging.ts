import type { Command } from 'commander';
import type { Output } from '../output';
import { wholeNumber } from './arguments';

export interface Paging {
  limit: number;
  cursor?: string;
}

/** A list, of which a part is shown. */
export function paged(command: Command): Command {
  return command
    .option('--limit <n>', 'at most so many', wholeNumber, 100)
    .option('--cursor <next>', 'goes on after the rows before: their “next”');
}

export function noteMore(output: Output, { next }: { next?: string }): void {
  if (next !== undefined) output.note(`There are more: --cursor '${next}', or a larger --limit.`);
}
