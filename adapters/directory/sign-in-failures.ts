import { Failure } from '../../domain/failure';
import type { FailureCode } from '../../domain/failures';
import { retryAfterMs } from './retry-after';
import { plainWord } from './told';

/** What the token endpoint said, as far as it can be told: never the description, which names people and applications. */
export interface TokenAnswer {
  status: number;
  /** OAuth's `error`, such as invalid_client. */
  error?: string;
  /** The number of AADSTS7000215. */
  aadsts?: number;
  traceId?: string;
  retryAfter?: string;
}

/** "Microsoft Entra authentication & authorization error codes"; what is not here is refused with its number. */
const codes: Record<number, FailureCode> = {
  7000215: 'SecretRejected',
  7000222: 'SecretExpired',
  700016: 'ApplicationNotFound',
  /** The application exists, but nobody has consented to it in this tenant. */
  7000229: 'ApplicationNotFound',
  90002: 'TenantNotFound',
  900021: 'TenantNotFound',
  900023: 'TenantNotFound',
  /** Entra's own troubles, sometimes told with status 400. */
  50196: 'SignInUnavailable',
  90006: 'SignInUnavailable',
  90012: 'SignInUnavailable',
  90024: 'SignInUnavailable',
  90033: 'SignInUnavailable',
  90055: 'SignInUnavailable',
};

/** The failure behind an answer without a token. */
export function signInFailure(answer: TokenAnswer): Failure {
  return new Failure(codeOf(answer), detailOf(answer), { status: answer.status, retryAfterMs: retryAfterMs(answer.retryAfter) });
}

function codeOf({ status, aadsts, error }: TokenAnswer): FailureCode {
  const known = aadsts === undefined ? undefined : codes[aadsts];
  if (known) return known;
  if (status === 408 || status === 429 || status >= 500 || status < 400) return 'SignInUnavailable';
  if (error === 'temporarily_unavailable' || error === 'server_error') return 'SignInUnavailable';
  // Entra always says what it refuses; a bare 4xx comes from something in between.
  return aadsts === undefined && error === undefined ? 'SignInUnavailable' : 'SignInRefused';
}

function detailOf({ status, error, aadsts, traceId }: TokenAnswer): string {
  const said = aadsts === undefined ? error : `AADSTS${aadsts}`;
  const parts = [`HTTP ${status}`, said, traceId && `trace ${traceId}`].filter(Boolean);
  return `(${parts.join(', ')})`;
}

/** Reads what may be told from a token endpoint's answer; anything may have come instead of JSON. */
export function tokenAnswerOf(status: number, retryAfter: string | undefined, body: unknown): TokenAnswer {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const number = Array.isArray(said.error_codes) ? Number(said.error_codes[0]) : NaN;
  const described = typeof said.error_description === 'string' ? /AADSTS(\d{4,9})\b/.exec(said.error_description)?.[1] : undefined;
  const aadsts = Number.isInteger(number) ? number : described === undefined ? undefined : Number(described);
  return { status, retryAfter, aadsts, error: plainWord(said.error), traceId: plainWord(said.trace_id) };
}
