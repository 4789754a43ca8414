import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { codeOf, failures } from '../domain/failures';

/** What can't be done because of what was asked: nothing has changed. The message names every fault for the UI; `details` for programs, for a fault may have a `; ` of its own. */
export function refused(faults: readonly string[]): ApplicationFailure {
  return ApplicationFailure.nonRetryable(faults.join('; '), 'Refused', { faults });
}

/** Whether it was made by `refused`, and so says all that there is to say. */
export function isRefusal(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.type === 'Refused';
}

/** An activity's failure in the words of its cause, with the remedy: whoever waits for the answer sees that and not "Activity task failed". */
export function asRefusal(error: unknown): unknown {
  // A local activity's failure comes without the wrapping; what is neither is a mistake in our own code and stays one.
  if (!(error instanceof ActivityFailure || error instanceof ApplicationFailure)) return error;
  const code = codeOf(error);
  return ApplicationFailure.create({
    message: code === 'Unexpected' ? unexpected(error) : withRemedy(wordsOf(error, code), failures[code].remedy),
    type: code,
    nonRetryable: true,
    cause: error.cause,
  });
}

/** In a line, for whatever is shown and not thrown. */
export function inWords(error: unknown): string {
  const refusal = asRefusal(error);
  return refusal instanceof Error ? refusal.message.slice(0, 500) : String(refusal);
}

function unexpected(error: ActivityFailure | ApplicationFailure): string {
  if (error instanceof ApplicationFailure) return error.message;
  const { cause } = error;
  if (cause instanceof TimeoutFailure)
    return `${error.activityType} was not done in time: are the workers and the database up? Nothing was decided; send it again.`;
  return `${error.activityType} failed: ${cause?.message ?? error.message}. Nothing was decided; the worker’s log has the rest.`;
}

function withRemedy(says: string, remedy: string): string {
  return says.includes(remedy) ? says : `${says} ${remedy}`;
}

/** The message of the very failure that has the code. */
function wordsOf(error: Error, code: string): string {
  if (error instanceof ApplicationFailure && error.type === code) return error.message;
  return error.cause instanceof Error ? wordsOf(error.cause, code) : error.message;
}
