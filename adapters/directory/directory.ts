import type { DirectoryMember } from '../../domain/member';

/** One page of members as Graph gave it, and the link to the next (none on the last). */
export interface MemberPage {
  next?: string;
  /** Of the page's bytes without what changes by itself (next link, context): equal means that nothing on it changed. Hex. */
  fingerprint: string;
  /**
   * Parsed only when asked for, and only users: devices, contacts and groups among the members are left out.
   * Throws `MembersUnreadable` when every property of everybody, or anybody's accountEnabled, is null, and `DirectoryAnswerCutOff` when the page broke off.
   * A page counts as read once this has returned, or once its fingerprint equals that of a page for which it had.
   */
  members(): DirectoryMember[];
}

/** How a tenant wants to be asked: Microsoft's documentation contradicts itself, so what worked is remembered per customer. */
export type ReadingWay = 'plain' | 'eventual';

export interface GroupFacts {
  id: string;
  displayName?: string;
  visibility?: string;
  membershipRule?: string;
  securityEnabled?: boolean;
}

/** What is known about one person who was not among the members. */
export interface Whereabouts {
  memberId: string;
  /**
   * `member`: still a direct member, the read missed them · `nested`: reached through a nested group only · `left`: answers, and the group is not among theirs, not even through nested groups ·
   * `disabled`: answers with accountEnabled false and is no direct member (asked only about those whom a nested group may still reach) · `deleted`: found among the deleted items · `unknown`: nothing proves anything.
   */
  is: 'member' | 'nested' | 'left' | 'disabled' | 'deleted' | 'unknown';
}

/** One customer's directory: signing in, reading and confirming. Throws `Failure`s of domain/failures.ts and nothing else, an aborted `signal` excepted (its reason is thrown as it is). */
export interface Directory {
  /** Proves the credential by a token that comes from the network, not from a cache; the application permissions that the token names. */
  signIn(signal: AbortSignal): Promise<{ roles: string[] }>;
  group(signal: AbortSignal): Promise<GroupFacts>;
  /** One member as the mapping will see it, for a connection test; none where the first few members are no users, or there are none. Fails as `pages` does. */
  readSample(signal: AbortSignal): Promise<DirectoryMember | undefined>;
  /**
   * Pages come one after the other, so their latency is the floor: the request for the next one leaves before this one is parsed.
   * `from` is a page's next link; none for the first page. Throws `DirectoryExpiredPageToken` when Graph no longer knows `from`.
   */
  pages(from: string | undefined, signal: AbortSignal): AsyncIterable<MemberPage>;
  /**
   * Asks about each person, and answers once about each, in the order asked; every batch carries a positive control, one of `controls` (members read in this run).
   * A batch whose control does not answer as a member proves nothing: it is asked once more with another control, and then its people are `unknown`.
   * At most ceil(n/19) requests where nobody is in doubt.
   */
  confirm(memberIds: readonly string[], controls: readonly string[], signal: AbortSignal): Promise<Whereabouts[]>;
  /** Those of them who answer, now, with accountEnabled false. */
  disabledAmong(memberIds: readonly string[], signal: AbortSignal): Promise<string[]>;
}
