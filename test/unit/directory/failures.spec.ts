import { graphFailure, refusalOf, refusesTheWay, unansweredFailure } from '../../../adapters/directory/graph-failures';
import { NoAnswer } from '../../../adapters/directory/connections';
import { retryAfterMs } from '../../../adapters/directory/retry-after';
import { signInFailure, tokenAnswerOf } from '../../../adapters/directory/sign-in-failures';

describe('what Graph’s refusals mean', () => {
  const refused = (status: number, code?: string, headers: Record<string, string> = {}) =>
    graphFailure(
      refusalOf(
        status,
        code === undefined ? undefined : { error: { code, message: 'about Jo Doe', innerError: { 'request-id': 'r-1' } } },
        (name) => headers[name],
      ),
    );

  it.each([
    [400, 'Directory_ExpiredPageToken', 'DirectoryExpiredPageToken'],
    [410, 'syncStateNotFound', 'DirectoryExpiredPageToken'],
    [400, 'Request_BadRequest', 'DirectoryRequestRefused'],
    [401, 'InvalidAuthenticationToken', 'DirectoryTokenRejected'],
    [401, undefined, 'DirectoryTokenRejected'],
    [403, 'Authorization_RequestDenied', 'PermissionMissing'],
    [403, undefined, 'DirectoryUnavailable'],
    [404, 'Request_ResourceNotFound', 'GroupNotFound'],
    [404, undefined, 'DirectoryUnavailable'],
    [429, 'TooManyRequests', 'DirectoryThrottled'],
    [429, undefined, 'DirectoryThrottled'],
    [302, undefined, 'DirectoryUnavailable'],
    [408, 'Timeout', 'DirectoryUnavailable'],
    [500, 'UnknownError', 'DirectoryUnavailable'],
    [501, 'NotImplemented', 'DirectoryRequestRefused'],
    [503, undefined, 'DirectoryUnavailable'],
    [504, 'GatewayTimeout', 'DirectoryUnavailable'],
  ])('takes HTTP %i %s for %s', (status, code, expected) => {
    expect(refused(status, code).code).toBe(expected);
  });

  it('says Graph’s code and request id, and nothing of what Graph says about people', () => {
    const { message } = refused(403, 'Authorization_RequestDenied');
    expect(message).toContain('(HTTP 403, Authorization_RequestDenied, request-id r-1)');
    expect(message).not.toContain('Jo');
    expect(refused(400, 'Jo Doe is no code').message).not.toContain('Jo');
  });

  it('passes on how long Graph wants to be left alone', () => {
    expect(refused(429, 'x', { 'retry-after': '2.5' }).retryAfterMs).toBe(2500);
    expect(refused(503, undefined, { 'retry-after': '7' }).retryAfterMs).toBe(7000);
    expect(refused(429, 'x').retryAfterMs).toBeUndefined();
  });

  it('tells a query of a kind that the tenant does not take from everything else', () => {
    const way = (status: number, code?: string) => refusesTheWay({ status, code });
    expect([way(400, 'Request_UnsupportedQuery'), way(400, 'Request_BadRequest'), way(400, 'BadRequest')]).toEqual([true, true, true]);
    expect([way(400, 'Directory_ExpiredPageToken'), way(403, 'BadRequest'), way(400), way(500, 'BadRequest')]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('tells an answer that broke off from one that never began', () => {
    expect(unansweredFailure(new NoAnswer('No answer: ECONNREFUSED.', false)).code).toBe('DirectoryUnavailable');
    expect(unansweredFailure(new NoAnswer('The answer broke off.', true)).code).toBe('DirectoryAnswerCutOff');
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-24T22:00:00Z');
  it.each([
    ['3', 3000],
    ['0', 0],
    ['1.25', 1250],
    ['Tue, 24 Nov 2026 22:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 21:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('of %s is %s ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('what the token endpoint’s refusals mean', () => {
  const refused = (status: number, aadsts?: number, error = 'invalid_client', retryAfter?: string) =>
    signInFailure(
      tokenAnswerOf(
        status,
        retryAfter,
        aadsts === undefined ? undefined : { error, error_codes: [aadsts], error_description: `AADSTS${aadsts}: s3cret of Jo` },
      ),
    );

  it.each([
    [401, 7000215, 'SecretRejected'],
    [401, 7000222, 'SecretExpired'],
    [400, 700016, 'ApplicationNotFound'],
    [400, 7000229, 'ApplicationNotFound'],
    [400, 90002, 'TenantNotFound'],
    [400, 900023, 'TenantNotFound'],
    [400, 53003, 'SignInRefused'],
    [401, 700027, 'SignInRefused'],
    [400, 90033, 'SignInUnavailable'],
    [503, 50001, 'SignInUnavailable'],
    [200, undefined, 'SignInUnavailable'],
    [429, undefined, 'SignInUnavailable'],
    [500, undefined, 'SignInUnavailable'],
    [403, undefined, 'SignInUnavailable'],
  ])('takes HTTP %i AADSTS%s for %s', (status, aadsts, expected) => {
    expect(refused(status, aadsts).code).toBe(expected);
  });

  it('names the AADSTS number, and nothing that the description says', () => {
    const { message } = refused(400, 53003);
    expect(message).toContain('AADSTS53003');
    expect(message).not.toMatch(/s3cret|Jo/);
  });

  it('finds the number in the description where there is no list of numbers', () => {
    const answer = tokenAnswerOf(400, undefined, { error: 'invalid_request', error_description: "AADSTS90002: Tenant 'x' not found." });
    expect(signInFailure(answer).code).toBe('TenantNotFound');
  });

  it('passes on how long Entra wants to be left alone', () => {
    expect(refused(429, undefined, '', '12').retryAfterMs).toBe(12_000);
  });
});
