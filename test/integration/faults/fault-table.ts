import type { FailureCode } from '../../../domain/failures';
import type { Outcome } from '../../../domain/run/run';

/** A fault that is switched on before a run with somebody to create, to change and to deactivate, and what must come of it. */
export interface FaultCase {
  at: 'Graph' | 'token endpoint' | 'LMS';
  rule: { kind: string; ending?: 'length' | 'connection' } & Record<string, unknown>;
  outcome: Outcome;
  /** Of a run that failed: its code. Of one that got through: what an attempt of a step met, as it stands in the run's history. */
  code?: FailureCode;
  /** Code of the holds that it leaves until the next run. */
  holds?: FailureCode;
  /** The directory needs a second page for it. */
  pages?: true;
  /** What else the title says. */
  says?: string;
}

const once = { times: 1 };
const members = { match: { path: '/members' } };
const token = { match: { path: '/oauth2/v2[.]0/token' } };
const post = { match: { method: 'POST', path: '/Users' } };
const patch = { match: { method: 'PATCH', path: '/Users' } };

const graph: FaultCase[] = [
  { at: 'Graph', rule: { kind: 'throttled', times: 2, retryAfter: 0.1 }, outcome: 'succeeded', says: 'is waited out in place' },
  { at: 'Graph', rule: { kind: 'throttled', times: 1, retryAfter: null }, outcome: 'succeeded', says: 'without a word how long' },
  { at: 'Graph', rule: { kind: 'unavailableHtml', ...once, ...members }, outcome: 'succeeded', code: 'DirectoryUnavailable' },
  { at: 'Graph', rule: { kind: 'gatewayTimeout', ...once, ...members }, outcome: 'succeeded', code: 'DirectoryUnavailable' },
  { at: 'Graph', rule: { kind: 'serverError', ...once, ...members }, outcome: 'succeeded', code: 'DirectoryUnavailable' },
  { at: 'Graph', rule: { kind: 'cutOff', ending: 'length', ...once, ...members }, outcome: 'succeeded', code: 'DirectoryAnswerCutOff' },
  { at: 'Graph', rule: { kind: 'cutOff', ending: 'connection', ...once, ...members }, outcome: 'succeeded', code: 'DirectoryAnswerCutOff' },
  {
    at: 'Graph',
    rule: { kind: 'cutOff', ending: 'length', ...once, match: { path: '/[$]batch' } },
    outcome: 'succeeded',
    code: 'DirectoryAnswerCutOff',
    says: 'while leavers are confirmed',
  },
  { at: 'Graph', rule: { kind: 'resetBefore', ...once, ...members }, outcome: 'succeeded', code: 'DirectoryUnavailable' },
  { at: 'Graph', rule: { kind: 'resetAfter', ...once, ...members }, outcome: 'succeeded', code: 'DirectoryUnavailable' },
  { at: 'Graph', rule: { kind: 'slow', delayMs: 300, times: 3 }, outcome: 'succeeded', says: 'is only slow' },
  { at: 'Graph', rule: { kind: 'emptyOk', ...members }, outcome: 'failed', code: 'MembersMissing' },
  {
    at: 'Graph',
    rule: { kind: 'emptyOk', match: { path: 'checkMemberGroups' } },
    outcome: 'held',
    holds: 'LeaverUnconfirmed',
    says: 'to the question whether leavers are members',
  },
  { at: 'Graph', rule: { kind: 'emptyBody', ...once, ...members }, outcome: 'succeeded', code: 'DirectoryUnavailable' },
  { at: 'Graph', rule: { kind: 'down', times: 2, match: { path: '^/v1.0/' } }, outcome: 'succeeded', code: 'DirectoryUnavailable' },
  { at: 'Graph', rule: { kind: 'expiredPageToken', ...once }, outcome: 'succeeded', code: 'DirectoryExpiredPageToken', pages: true },
  { at: 'Graph', rule: { kind: 'consentWithdrawn' }, outcome: 'failed', code: 'MembersUnreadable', says: 'User.Read.All' },
  {
    at: 'Graph',
    rule: { kind: 'consentWithdrawn', with: { permission: 'GroupMember.Read.All' } },
    outcome: 'failed',
    code: 'PermissionMissing',
    says: 'GroupMember.Read.All',
  },
  { at: 'Graph', rule: { kind: 'memberFallsOut' }, outcome: 'succeeded', pages: true, says: 'is asked about and stays' },
  { at: 'Graph', rule: { kind: 'groupGone' }, outcome: 'failed', code: 'GroupNotFound' },
  { at: 'Graph', rule: { kind: 'hiddenMembership' }, outcome: 'failed', code: 'MembershipHidden' },
  {
    at: 'Graph',
    rule: { kind: 'hiddenMembership', with: { members: 'empty' } },
    outcome: 'held',
    holds: 'GroupEmptied',
    says: 'as an empty list',
  },
];

const signIn: FaultCase[] = [
  { at: 'token endpoint', rule: { kind: 'secretExpired' }, outcome: 'failed', code: 'SecretExpired' },
  { at: 'token endpoint', rule: { kind: 'secretWrong' }, outcome: 'failed', code: 'SecretRejected' },
  { at: 'token endpoint', rule: { kind: 'emptyToken', ...once }, outcome: 'succeeded', code: 'SignInUnavailable' },
  { at: 'token endpoint', rule: { kind: 'tokenThrottled', ...once }, outcome: 'succeeded', code: 'SignInUnavailable' },
  ...(
    [
      { kind: 'throttled', retryAfter: 0.1 },
      { kind: 'unavailableHtml' },
      { kind: 'gatewayTimeout' },
      { kind: 'serverError' },
      { kind: 'cutOff', ending: 'length' },
      { kind: 'cutOff', ending: 'connection' },
      { kind: 'resetBefore' },
      { kind: 'resetAfter' },
    ] as const
  ).map((rule): FaultCase => ({
    at: 'token endpoint',
    rule: { ...rule, ...once, ...token },
    outcome: 'succeeded',
    code: 'SignInUnavailable',
  })),
  { at: 'token endpoint', rule: { kind: 'slow', delayMs: 300, ...once, ...token }, outcome: 'succeeded' },
];

const lms: FaultCase[] = [
  { at: 'LMS', rule: { kind: 'throttled', times: 3, retryAfter: 0.1 }, outcome: 'succeeded', says: 'is waited out in place' },
  { at: 'LMS', rule: { kind: 'unavailableHtml', ...once, ...post }, outcome: 'succeeded' },
  { at: 'LMS', rule: { kind: 'gatewayTimeout', ...once, ...patch }, outcome: 'succeeded' },
  { at: 'LMS', rule: { kind: 'serverError', ...once, ...patch }, outcome: 'succeeded' },
  { at: 'LMS', rule: { kind: 'cutOff', ending: 'length', ...once, ...post }, outcome: 'succeeded', says: 'after the account was made' },
  { at: 'LMS', rule: { kind: 'cutOff', ending: 'connection', ...once, ...post }, outcome: 'succeeded', says: 'after the account was made' },
  {
    at: 'LMS',
    rule: { kind: 'cutOff', ending: 'connection', ...once, ...patch },
    outcome: 'succeeded',
    says: 'after the account was changed',
  },
  { at: 'LMS', rule: { kind: 'resetBefore', ...once, ...post }, outcome: 'succeeded' },
  { at: 'LMS', rule: { kind: 'resetAfter', ...once, ...post }, outcome: 'succeeded', says: 'after the account was made' },
  { at: 'LMS', rule: { kind: 'resetAfter', ...once, ...patch }, outcome: 'succeeded', says: 'after the account was changed' },
  { at: 'LMS', rule: { kind: 'slow', delayMs: 300, times: 3 }, outcome: 'succeeded', says: 'is only slow' },
  { at: 'LMS', rule: { kind: 'emptyOk', ...once, ...post }, outcome: 'succeeded', says: 'though no account was made' },
  { at: 'LMS', rule: { kind: 'emptyOk', ...once, ...patch }, outcome: 'succeeded', says: 'though nothing was changed' },
  { at: 'LMS', rule: { kind: 'down', times: 2 }, outcome: 'succeeded' },
];

export const faultCases: readonly FaultCase[] = [...graph, ...signIn, ...lms];
