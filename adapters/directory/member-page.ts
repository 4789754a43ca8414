import { createHash } from 'node:crypto';
import { Failure } from '../../domain/failure';
import type { DirectoryMember } from '../../domain/member';
import type { MemberPage } from './directory';
import { objectIn, refuseIncomplete } from './json-body';
import { outlineOf, type PageOutline } from './page-outline';

interface Collection {
  value: Row[];
  '@odata.nextLink'?: unknown;
}
type Row = Record<string, unknown>;

/**
 * A page out of the bytes of a 200: not parsed here if its outline tells all that is needed. Throws `DirectoryUnavailable` for what is no
 * collection and `DirectoryAnswerCutOff` for what is only the beginning of one.
 */
export function pageOf(body: Buffer): MemberPage {
  refuseIncomplete(body); // one that isn't whole is not worth asking for the next page
  const outline = outlineOf(body) ?? outlineByParsing(body);
  return { ...outline, members: () => usersOf(parse(body).value) };
}

function outlineByParsing(body: Buffer): PageOutline {
  const next = parse(body)['@odata.nextLink'];
  return { next: typeof next === 'string' && next !== '' ? next : undefined, fingerprint: createHash('sha256').update(body).digest('hex') };
}

function parse(body: Buffer): Collection {
  const parsed = objectIn(body);
  const { value } = parsed;
  // OData's way to break off once the status is sent ("Advanced: Errors in the middle of a stream").
  if (Array.isArray(value) && Object.hasOwn(parsed, 'error'))
    throw new Failure('DirectoryAnswerCutOff', '(an error after some of the members)', { status: 200 });
  if (!Array.isArray(value)) throw new Failure('DirectoryUnavailable', '(HTTP 200, but no collection)', { status: 200 });
  return { ...parsed, value: value as Row[] };
}

/** The users among the rows. Without User.Read.All Graph answers 200 and gives everybody's id, and null for everything else. */
export function usersOf(rows: readonly unknown[]): DirectoryMember[] {
  const users = rows.filter(isUser);
  const hidden = users.filter(({ accountEnabled }) => accountEnabled === null).length;
  const blank = users.length > 0 && users.every(isBlank);
  if (hidden > 0 || blank)
    throw new Failure('MembersUnreadable', `(${blank ? users.length : hidden} of ${users.length} members on the page)`);
  return users.map(withManager);
}

/** A manager who cannot be told is none: nobody could be found by it. */
function withManager(user: DirectoryMember): DirectoryMember {
  const { manager } = user;
  return manager === undefined || manager === null || typeof manager.id === 'string' ? user : { ...user, manager: null };
}

function isUser(row: unknown): row is DirectoryMember {
  if (typeof row !== 'object' || row === null) return false;
  const { id, '@odata.type': type } = row as Row;
  return typeof id === 'string' && id !== '' && (type === undefined || type === '#microsoft.graph.user');
}

/** Nothing but the id, the type and empty lists; what was asked for may be null or not be there at all (`businessPhones` is one even where nothing may be read). */
function isBlank(user: DirectoryMember): boolean {
  const told = Object.entries(user).filter(([name]) => name !== 'id' && !name.includes('@odata.'));
  return told.every(([, value]) => value === null || value === undefined || (Array.isArray(value) && value.length === 0));
}
