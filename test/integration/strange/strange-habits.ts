/** What a server of the wild may do that its neighbour doesn't; the defaults are those of a good one. */
export interface Habits {
  discovery: boolean;
  /** `all`: ignored, everybody comes, by pages. `contains`: `eq` finds parts. `none`: what it can't do finds nobody. */
  filter: 'works' | 'exact' | 'all' | 'contains' | 'none' | 400 | 501 | 500;
  keepsExternalId: boolean;
  count: number | { fails: 400 | 500 };
  defaultPage: number;
  pagingFields: boolean;
  ignoresStartIndex: boolean;
  repeatsRows: number;
  shuffles: boolean;
  totalResults: 'right' | 'page' | 'more' | 'none';
  noResourcesWhenNone: boolean;
  numbersAsText: boolean;
  closes: boolean;
  chunked: boolean;
  packs: 'none' | 'gzip' | 'deflate';
  bom: boolean;
  latin1: boolean;
  contentType: string;
  slowMs: number;
  longestBody: number;
  redirects: boolean;
  errors: 'scim' | 'html' | 'words' | 'other' | 'empty';
  conflict: 409 | 500 | 400;
  unknownId: 404 | 500 | 400;
  id: 'uuid' | 'number' | 'userName';
  names: 'insensitive' | 'sensitive' | 'shared';
  trimsNames: boolean;
  lowersNames: boolean;
  patch: 'works' | 501 | 405 | 404;
  halfApplies: boolean;
  put: boolean;
  changeAnswers: 'user' | 'nothing' | 'empty' | 'braces' | 'before';
  createAnswers: 'created' | 'nothing' | 'location' | 'ok' | 'id';
  /** Attributes that are dropped without a word: `title`, `enterprise`, `manager`, `custom`, `phoneNumbers` … */
  drops: readonly string[];
  refusesUnknown: boolean;
  /** Its words about a value that it doesn't take. */
  refuses?: (attribute: string, value: unknown) => string | undefined;
  manager: 'any' | 'object' | 'value' | 'string' | 'put' | 'create' | 'none';
  /** What a removed manager leaves. */
  managerGone: 'absent' | 'empty' | 'null';
  remove: 'works' | 'ignored' | 'empties' | 'refused';
  nulls: 'refused' | 'stored';
  active: 'boolean' | 'text' | 'number' | 'nullWhenMissing' | 'hidden';
  etags: 'none' | 'checked' | 'required' | 'required412';
  needsFormatted: boolean;
  /** Attributes that are in a GET and in lists only. */
  showsInPart: readonly string[];
  /** What it answers instead of doing what it is asked for; nothing where it does it. */
  instead?: (method: string, path: string, body: string) => { status: number; body?: unknown } | undefined;
  limit?: { requests: number; windowMs: number; announces: 'seconds' | 'date' | 'ratelimit' | 'x-ratelimit' | 'nothing' };
  customSchema: string;
}

export const usual: Habits = {
  discovery: true, filter: 'works', keepsExternalId: true, count: 1000, defaultPage: 50, pagingFields: true, ignoresStartIndex: false, repeatsRows: 0,
  shuffles: false, totalResults: 'right', noResourcesWhenNone: false, numbersAsText: false, closes: false, chunked: false, packs: 'none', bom: false,
  latin1: false, contentType: 'application/scim+json', slowMs: 0, longestBody: Infinity, redirects: false, errors: 'scim', conflict: 409, unknownId: 404,
  id: 'uuid', names: 'insensitive', trimsNames: false, lowersNames: false, patch: 'works', halfApplies: false, put: true, changeAnswers: 'user',
  createAnswers: 'created', drops: [], refusesUnknown: false, manager: 'any', managerGone: 'absent', remove: 'works', nulls: 'refused', active: 'boolean',
  etags: 'none', needsFormatted: false, showsInPart: [],
  customSchema: 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User',
}; // prettier-ignore
