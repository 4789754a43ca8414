/** What the process ends with; docs/cli.md and `rollcall --help` say the same. */
export const exitCodes = {
  /** Done. */
  done: 0,
  /** Refused, or failed; the message names every fault and what to do. A connection test that found something wrong is among these. */
  refused: 1,
  /** Asked wrongly: arguments, a file, or a setting in the environment. */
  usage: 2,
  /** Temporal, a worker or a sandbox server doesn't answer. */
  unreachable: 3,
  /** The run that was waited for failed, was cancelled or was skipped. */
  runFailed: 4,
  /** The run that was waited for did its work, but changes wait for a decision or were refused by the LMS. */
  runIncomplete: 5,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitCodeWords: Readonly<Record<ExitCode, string>> = {
  [exitCodes.done]: 'done',
  [exitCodes.refused]: 'refused or failed: the message names every fault and what to do',
  [exitCodes.usage]: 'asked wrongly: arguments, a file, or a setting in the environment',
  [exitCodes.unreachable]: 'not reachable: Temporal, a worker or a sandbox server doesn’t answer (rollcall doctor)',
  [exitCodes.runFailed]: 'with --wait: the run failed, was cancelled or was skipped',
  [exitCodes.runIncomplete]: 'with --wait: the run ended, but some changes wait for a decision or were refused by the LMS',
  [exitCodes.interrupted]: 'stopped by Ctrl-C',
};
