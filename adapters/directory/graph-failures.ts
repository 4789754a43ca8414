import { Failure } from '../../domain/failure';
import type { FailureCode } from '../../domain/failures';
import type { NoAnswer } from './connections';
import { retryAfterMs } from './retry-after';
import { plainWord } from './told';

/** A refusal, of a request or of one item of a batch, without its message: that may name people. */
export interface Refusal {
  status: number;
  /** Graph's code; none where the body was not Graph's JSON, so that something in between has answered. */
  code?: string;
  requestId?: string;
  /** The name that Graph says it doesn't know. */
  property?: string;
  retryAfterMs?: number;
}

const expired = /PageToken$|^syncStateNotFound$|^resyncRequired$/i;

/** Codes with which Graph refuses a kind of query, rather than this one's values. */
const unsupported = /^(Request_UnsupportedQuery|Request_BadRequest|BadRequest|UnsupportedQuery)$/i;

/** Whether the tenant may want to be asked the other way. */
export function refusesTheWay(refusal: Refusal): boolean {
  return refusal.status === 400 && refusal.code !== undefined && unsupported.test(refusal.code);
}

/** `code`: where more is known than the refusal says. */
export function graphFailure(refusal: Refusal, code = codeOf(refusal)): Failure {
  return new Failure(code, detailOf(refusal), { status: refusal.status, retryAfterMs: refusal.retryAfterMs });
}

function codeOf({ status, code }: Refusal): FailureCode {
  if (status === 429) return 'DirectoryThrottled'; // the code varies
  if (status === 401) return 'DirectoryTokenRejected';
  // Graph refuses in JSON: a bare 403 or 404 is a proxy's, and says nothing about permissions or groups.
  if (code === undefined || status < 400) return 'DirectoryUnavailable';
  if ((status === 400 || status === 410) && expired.test(code)) return 'DirectoryExpiredPageToken';
  if (status === 403) return 'PermissionMissing';
  if (status === 404) return 'GroupNotFound';
  // 501: an attribute that Graph gives of one person but not in lists.
  if (status === 501) return 'DirectoryRequestRefused';
  return status >= 500 || status === 408 || status === 409 || status === 423 || status === 425
    ? 'DirectoryUnavailable'
    : 'DirectoryRequestRefused';
}

function detailOf({ status, code, requestId, property }: Refusal): string {
  const parts = [`HTTP ${status}`, code ?? 'not Graph’s JSON', requestId && `request-id ${requestId}`].filter(Boolean);
  return `${property ? `It knows no attribute “${property}”. ` : ''}(${parts.join(', ')})`;
}

/** Reads a refusal from a body that may be anything, and headers by lower-case name. */
export function refusalOf(status: number, body: unknown, header: (name: string) => string | undefined): Refusal {
  const { error } = (body ?? {}) as { error?: { code?: unknown; message?: unknown; innerError?: { 'request-id'?: unknown } } };
  return {
    status,
    property: propertyIn(error?.message),
    code: plainWord(error?.code),
    requestId: plainWord(header('request-id')) ?? plainWord(error?.innerError?.['request-id']),
    retryAfterMs: retryAfterMs(header('retry-after')),
  };
}

/** OData's sentence about a name in `$select`, which the configuration has brought; of other sentences nothing is told. */
function propertyIn(message: unknown): string | undefined {
  return typeof message === 'string' ? /Could not find a property named '(\w{1,300})'/.exec(message)?.[1] : undefined;
}

/** The connection's own failures. A body that broke off after an answer had begun is told apart: its page is asked for again. */
export function unansweredFailure(error: NoAnswer): Failure {
  return new Failure(error.cutOff ? 'DirectoryAnswerCutOff' : 'DirectoryUnavailable', error.detail, { cause: error });
}
