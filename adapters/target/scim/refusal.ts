import { customName, placeOf } from './places';
import type { Answer } from './transport';
import { isObject } from './words';

/** What a server says when it refuses; its own words, which may hold a person's data. */
export interface Refusal {
  status: number;
  scimType?: string;
  words?: string;
  /** As operators were to read it already. */
  told?: string;
}

/** An error is one whatever status it comes with: some answer 200, and say in the body what they mean. */
export function asMeant<Given extends Answer>(answer: Given): Given {
  const { status, body } = answer;
  if (status >= 300 || body.length > longestError || !/:Error"|"status"/.test(body)) return answer;
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    return answer;
  }
  if (!isObject(said) || said.userName !== undefined) return answer;
  const meant = Number(said.status);
  const isError = Array.isArray(said.schemas) && said.schemas.some((one) => typeof one === 'string' && /:Error$/i.test(one));
  return meant >= 400 && meant < 600 ? { ...answer, status: meant } : isError ? { ...answer, status: 400 } : answer;
}

const longestError = 10_000; // characters; what is longer is a page of accounts

/** No such thing, or not to be done to it: of the account, of the method, or of what a value refers to. */
export function isNowhere({ status }: Pick<Answer, 'status'>): boolean {
  return status === 404 || status === 405 || status === 410 || status === 501;
}

/** Reads an error in the protocol's form (RFC 7644, 3.12), in forms that are near it, or in none: some answer HTML. */
export function refusalOf({ status, body }: Answer): Refusal {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { status };
  }
  if (!isObject(parsed)) return { status };
  const list = parsed.Errors ?? parsed.errors;
  const inner = Array.isArray(list) && isObject(list[0]) ? list[0] : isObject(parsed.error) ? parsed.error : parsed;
  const words = [inner.detail, inner.message, inner.description, inner.error_description, inner.error].find(
    (one): one is string => typeof one === 'string' && one !== '',
  );
  const scimType = typeof inner.scimType === 'string' && inner.scimType !== '' ? inner.scimType : undefined;
  return { status, ...(scimType && { scimType }), ...(words && { words }) };
}

export function isUniqueness({ status, scimType, words = '' }: Refusal): boolean {
  return (
    status === 409 ||
    scimType === 'uniqueness' ||
    /\bunique|already (?:exists?|taken|used|in use|registered)|duplicate|is taken\b/i.test(words)
  );
}

/** The fields that the refusal names, by their own or their attribute's name. */
export function fieldsNamed({ words }: Refusal, fields: Iterable<string>): string[] {
  if (words === undefined) return [];
  return [...fields].filter((field) => attributeNames(field).some((name) => words.search(wordOf(name)) >= 0));
}

export function attributeNames(field: string): string[] {
  const custom = customName(field);
  if (custom !== undefined) return [custom];
  const place = placeOf(field);
  if (!place) return [field];
  // `value` would be found in too many sentences.
  return place.in === 'several' ? [place.attribute, ...(place.sub === 'value' ? [] : [place.sub])] : [place.attribute];
}

/** Finds it as a word of its own, wherever it stands. */
export function wordOf(word: string): RegExp {
  return new RegExp(`(?<![\\w-])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`, 'gi');
}

/**
 * The refusal as operators may read it: shortened, and without what is personal (what was sent, addresses, numbers and what stands in
 * quotation marks, unless it is an attribute's name). `personal`: the person's own values.
 */
export function saying(refusal: Refusal, personal: Iterable<string> = [], names: readonly string[] = []): string {
  const { status, scimType, words, told } = refusal;
  if (told !== undefined) return told;
  const head = `HTTP ${status}${scimType && /^\w{1,40}$/.test(scimType) ? ` ${scimType}` : ''}`;
  if (words === undefined) return `The LMS answered ${head} without a reason.`;
  return `The LMS answered ${head}: ${impersonal(words, personal, names)}`;
}

const longest = 240; // characters

export function impersonal(words: string, personal: Iterable<string>, names: readonly string[] = []): string {
  const attributes: ReadonlySet<string> = new Set(
    names.flatMap((field) => [...attributeNames(field), field]).map((name) => name.toLowerCase()),
  );
  let text = words.replace(/\s+/g, ' ').slice(0, 2_000);
  const values = [...personal]
    .filter((value) => value.length > 1 && !attributes.has(value.toLowerCase()))
    .sort((one, other) => other.length - one.length);
  for (const value of values) text = replaceAll(text, value, '…');
  text = text
    .replace(/(["“„])([^"“”]*)(["”])|(?<!\w)'([^']*)'(?!\w)|`([^`]*)`|‘([^’]*)’/g, (quoted, ...groups: unknown[]) => {
      const inner = groups.slice(0, 6).filter((group): group is string => typeof group === 'string' && !/^["“„”]$/.test(group))[0] ?? '';
      const name = inner.split(/[.:]/).at(-1) ?? '';
      return attributes.has(inner.toLowerCase()) || attributes.has(name.toLowerCase()) || inner.startsWith('urn:ietf:') ? quoted : '…';
    })
    .replace(/[^\s@<>]+@[^\s@<>]+/g, '…')
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{20,}\b/gi, '…')
    .replace(/\d[\d\s./-]{4,}\d/g, '…');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function replaceAll(text: string, value: string, by: string): string {
  const lower = text.toLowerCase();
  const wanted = value.toLowerCase();
  if (lower.length !== text.length || !lower.includes(wanted)) return text.split(value).join(by);
  let result = '';
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    result += text.slice(from, at) + by;
    from = at + wanted.length;
  }
  return result + text.slice(from);
}
