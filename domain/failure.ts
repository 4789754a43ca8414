import { failures, type FailureCode } from './failures';

/** The one error that adapters throw: a code of the table, and what cannot stand in the table. */
export class Failure extends Error {
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The HTTP status of the answer; none where none came. */
  readonly status?: number;

  /** `detail` goes to operators and logs: never a secret, never a person's data. */
  constructor(
    readonly code: FailureCode,
    detail?: string,
    options: { retryAfterMs?: number; status?: number; cause?: unknown } = {},
  ) {
    super(detail ? `${failures[code].says} ${detail}` : failures[code].says, { cause: options.cause });
    this.name = 'Failure';
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
  }

  /** What Temporal and `codeOf` match on. */
  get type(): FailureCode {
    return this.code;
  }
}
