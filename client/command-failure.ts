import type { FailureCode } from '../domain/failures';
import type { ExitCode } from './exit-codes';

/** What can go wrong on this side of Temporal; docs/cli.md lists them. */
export const ownCodes = [
  'Usage',
  'Unreachable',
  'NoWorker',
  'SearchAttributesMissing',
  'KeyRing',
  'CustomerThere',
  'RunUnknown',
  'RunEnded',
  'SealingKeyUnusable',
  'SandboxRefused',
  'Interrupted',
] as const;

/** `Unexpected`: a fault of ours that nobody foresaw. */
export type CommandCode = FailureCode | (typeof ownCodes)[number] | 'Unexpected';

interface Told {
  code: CommandCode;
  /** Each in a sentence; at least one. */
  faults: readonly string[];
  /** What to do, where the faults don't say it themselves. */
  remedy?: string;
  exit: ExitCode;
  cause?: unknown;
}

/** Why a command did not do what was asked, in the words of whoever has to act. */
export class CommandFailure extends Error {
  readonly code: CommandCode;
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
