import {
  isGrpcServiceError,
  NamespaceNotFoundError,
  QueryNotRegisteredError,
  QueryRejectedError,
  ServiceError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { searchAttributeNames } from '../adapters/engine/search-attributes';
import { PayloadUnreadable } from '../adapters/payloads/payload-codec';
import { codeOf, failures } from '../domain/failures';
import { customerOf } from '../domain/workflow-ids';
import { CommandFailure, type CommandCode } from './command-failure';
import { exitCodes } from './exit-codes';

const doctor = 'rollcall doctor says what doesn’t answer.';

/** Whatever was thrown, as what an operator can act on. */
export function toldFailure(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  const unreadable = [...causesOf(error)].find((cause) => cause instanceof PayloadUnreadable);
  if (unreadable) {
    return new CommandFailure({
      code: 'KeyRing',
      faults: [unreadable.message],
      remedy: 'The workers encrypt with another ring than this one: give this command theirs (ROLLCALL_PAYLOAD_KEYS_FILE).',
      exit: exitCodes.usage,
      cause: error,
    });
  }
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError) return fromWorkflow(error);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return noAnswer(error);
  if (error instanceof WorkflowNotFoundError) return notFound(error);
  if (error instanceof QueryRejectedError) {
    return refused(
      'CustomerUnknown',
      ['the customer’s workflow is closed: it failed at its start, or was terminated'],
      'Add it again: rollcall customer add.',
      error,
    );
  }
  if (error instanceof QueryNotRegisteredError) {
    return refused(
      'Refused',
      ['the customer can’t answer yet: it is being set up, or its worker is of another version'],
      `Try again in a moment. ${doctor}`,
      error,
    );
  }
  return fromServer(error);
}

/** No worker took it in time; where some are there, they wait for something themselves. */
export function noAnswer(cause?: unknown, says = 'no worker has answered in time', isNobodyThere = false): CommandFailure {
  const todo = isNobodyThere
    ? 'Start one: npm run worker.'
    : 'Is one there (npm run worker)? Then it is at work on what was asked before, or waits for a database that is down.';
  return new CommandFailure({
    code: 'NoWorker',
    faults: [says],
    remedy: `${todo} What was asked may still be done: rollcall customer show tells. ${doctor}`,
    exit: exitCodes.unreachable,
    cause,
  });
}

export function unreachable(faults: readonly string[], remedy: string, cause?: unknown): CommandFailure {
  return new CommandFailure({ code: 'Unreachable', faults, remedy, exit: exitCodes.unreachable, cause });
}

function noSearchAttribute(name: string, cause: unknown): CommandFailure {
  return new CommandFailure({
    code: 'SearchAttributesMissing',
    faults: [`Temporal’s namespace has no search attribute ${name}`],
    remedy: 'Start a worker: it registers what is missing (npm run worker). Where it may not, rollcall doctor has the command.',
    exit: exitCodes.unreachable,
    cause,
  });
}

function refused(code: CommandCode, faults: readonly string[], remedy: string | undefined, cause: unknown): CommandFailure {
  return new CommandFailure({ code, faults, remedy, exit: exitCodes.refused, cause });
}

function fromWorkflow(error: WorkflowUpdateFailedError | WorkflowFailedError): CommandFailure {
  const code = codeOf(error);
  const spoken = [...causesOf(error)].find(
    (cause) => cause instanceof ApplicationFailure && (code === 'Unexpected' || cause.type === code),
  );
  const message = (spoken ?? error.cause ?? error).message;
  const listed = [...causesOf(error)].flatMap((cause) => (cause instanceof ApplicationFailure ? faultsIn(cause.details) : []));
  const faults = listed.length > 0 ? listed : code === 'Refused' ? message.split('; ') : [message];
  const remedy = code === 'Unexpected' ? 'The worker’s log has the rest.' : failures[code].remedy;
  return refused(code, faults, code === 'Refused' || (message.includes(remedy) && listed.length === 0) ? undefined : remedy, error);
}

/** Where a failure brings its faults along as a list: sentences, or a message with the path that it is about. */
function faultsIn(details: readonly unknown[] | null | undefined): string[] {
  const { faults } = (details?.[0] ?? {}) as { faults?: unknown };
  if (!Array.isArray(faults)) return [];
  return (faults as unknown[]).flatMap((fault) => {
    if (typeof fault === 'string') return [fault];
    const { path, message } = (fault ?? {}) as { path?: string; message?: string };
    return message === undefined ? [] : [path ? `${path}: ${message}` : message];
  });
}

function notFound(error: WorkflowNotFoundError): CommandFailure {
  const customerId = customerOf(error.workflowId);
  const [isCustomer, isRun] = ['customer/', 'sync/'].map((kind) => error.workflowId.startsWith(kind));
  return refused(
    isCustomer ? 'CustomerUnknown' : 'RunUnknown',
    [isCustomer ? `there is no customer ${customerId}` : `Temporal doesn’t know ${error.workflowId} (any more)`],
    isCustomer ? failures.CustomerUnknown.remedy : isRun ? `See rollcall runs ${customerId}.` : 'Ask again.',
    error,
  );
}

/** gRPC's own status codes. */
const grpc = { cancelled: 1, invalid: 3, deadline: 4, denied: 7, precondition: 9, unavailable: 14, unauthenticated: 16 };

function fromServer(error: unknown): CommandFailure {
  if (error instanceof NamespaceNotFoundError)
    return unreachable(
      [`Temporal has no namespace ${error.namespace}`],
      `Set TEMPORAL_NAMESPACE, or create it: temporal operator namespace create -n ${error.namespace}`,
      error,
    );
  const cause = error instanceof ServiceError ? error.cause : error;
  if (isGrpcServiceError(cause)) {
    const code = Number(cause.code);
    if (code === grpc.deadline || code === grpc.cancelled || code === grpc.precondition)
      return noAnswer(error, cause.details || 'no answer came in time');
    if (code === grpc.unavailable) return unreachable([`Temporal doesn’t answer: ${cause.details}`], doctor, error);
    if (code === grpc.denied || code === grpc.unauthenticated)
      return unreachable(
        [`Temporal refuses this client: ${cause.details}`],
        'Check TEMPORAL_API_KEY and the TEMPORAL_TLS… variables.',
        error,
      );
    const unknown = searchAttributeNames.find((name) => cause.details?.includes(name));
    if (code === grpc.invalid && unknown) return noSearchAttribute(unknown, error);
    return refused('Unexpected', [cause.details || cause.message], doctor, error);
  }
  return refused('Unexpected', [error instanceof Error ? error.message : String(error)], undefined, error);
}

function* causesOf(error: unknown): Iterable<Error> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) yield cause;
}
