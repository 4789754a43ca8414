import { CommandFailure } from './command-failure';
import { exitCodes, type ExitCode } from './exit-codes';
import type { Output } from './output';
import type { RollcallClient } from './rollcall-client';
import type { Surroundings } from './surroundings';

/** One call of the command: its surroundings, a connection that is made when it is first needed, and what the process will end with. */
export class Session {
  exit: ExitCode = exitCodes.done;
  private connection?: Promise<RollcallClient>;

  constructor(
    readonly surroundings: Surroundings,
    readonly output: Output,
  ) {}

  client(): Promise<RollcallClient> {
    return (this.connection ??= this.surroundings.connect(this.surroundings.env));
  }

  /** Whose decision it is: `--by`, else whoever is at the terminal. */
  by({ by }: { by?: string }): string {
    return by ?? this.surroundings.user();
  }

  async close(): Promise<void> {
    const client = await this.connection?.catch(() => undefined); // that it failed was told
    await client?.close();
  }
}

/** Asked wrongly. */
export function usageFailure(faults: string | readonly string[], remedy?: string): CommandFailure {
  return new CommandFailure({ code: 'Usage', faults: typeof faults === 'string' ? [faults] : faults, remedy, exit: exitCodes.usage });
}
