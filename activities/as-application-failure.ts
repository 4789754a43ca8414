import { ApplicationFailure } from '@temporalio/activity';
import { Failure } from '../domain/failure';
import { failures } from '../domain/failures';

/** Ours become Temporal's, so that retry policies and workflows can go by the code; all else passes as it is. */
export function asApplicationFailure(error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  const wait = error.retryAfterMs;
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !failures[error.code].passes,
    nextRetryDelay: wait !== undefined && wait > 1_000 ? wait : undefined,
    cause: error.cause instanceof Error ? error.cause : undefined,
  });
}

/** Every function of a set, its failures translated. */
export function translating<Steps extends object>(steps: Steps): Steps {
  const wrapped = Object.entries(steps).map(([name, step]) => [
    name,
    async (...parameters: unknown[]): Promise<unknown> => {
      try {
        return await (step as (...parameters: unknown[]) => Promise<unknown>)(...parameters);
      } catch (error) {
        throw asApplicationFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as Steps;
}
