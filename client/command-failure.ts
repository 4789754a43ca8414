import type { ExitCode } from './exit-codes';

interface Told {
  /** A code of domain/failures.ts, or one of the client's own: `Usage`, `Unreachable`, `NoWorker`, `KeyRing`, `Interrupted`. */
  code: string;
  /** Each in a sentence; at least one. */
  faults: readonly string[];
  /** What to do, where the faults don't say it themselves. */
  remedy?: string;
  exit: ExitCode;
  cause?: unknown;
}

/** Why a command did not do what was asked, in the words of whoever has to act. */
export class CommandFailure extends Error {
  readonly code: string;
  readonly faults: readonly string[];
  readonly remedy?: string;
  readonly exit: ExitCode;

  constructor({ code, faults, remedy, exit, cause }: Told) {
    super(faults.join('; '), { cause });
    this.name = 'CommandFailure';
    this.code = code;
    this.faults = faults;
    this.remedy = remedy;
    this.exit = exit;
  }
}
