import type { Memory } from './memory';
import { customName } from './places';
import { attributeNames, wordOf, type Refusal } from './refusal';

/** What a refusal is about: the attribute, which is refused to everybody; the value, which is one person's; or, by what it says, either. */
export type About = 'attribute' | 'value' | 'either';

const unknown = '(?:unknown|unrecogni[sz]ed|undefined|unsupported)';
const notKnown = 'not (?:known|defined|declared|listed|recogni[sz]ed|supported|found)';
const kind = '(?:attribute|field|property|properties|schema|extension|key|path)(?:s|\\(s\\))?(?!\\w)(?! values?\\b)';
const name = `("[^"]*"|'[^']*'|\`[^\`]*\`|“[^”]*”|‘[^’]*’|[\\w.:$-]+)`;

/** Sentences about attributes and schemas, and where in them the attribute's name stands. A value that is unknown has another place in its sentence. */
const sentences = [
  `\\b(?:${unknown}|no such|not an? (?:known|defined|recogni[sz]ed|supported)) (?:(?:scim|core|user|enterprise|custom|extension|schema) )*${kind}[\\s:([]*${name}?`,
  `\\bno (?:schema|attribute)(?!\\w)(?! values?\\b)(?:.*attribute ${name})?`,
  `\\b${kind}[\\s:(]*(?:${name}[\\s:,)]*)?(?:(?:is|are|was) )?(?:${unknown}|${notKnown}|(?:does not|doesn't|do not) exist)`,
  `${name} (?:is |are |was )?${notKnown} (?:by|in|to) (?:\\w+ ){0,2}schema`,
].map((sentence) => new RegExp(sentence, 'gi'));

/** What may be said of both. */
const vague =
  /unknown|unrecogni[sz]ed|not (?:known|defined|recogni[sz]ed)|(?:attribute|schema|extension).*(?:does not exist|not supported|not found)/i;

const longest = 2_000; // characters that are read of what a server says

/** `sent`: the values of the fields that were refused. */
export function aboutOf(refusal: Refusal, fields: readonly string[], sent: readonly string[]): About {
  const { scimType } = refusal;
  const words = (refusal.words ?? '').slice(0, longest).replace(/\s+/g, ' ');
  if (scimType === 'invalidPath' || (scimType === 'noTarget' && sent.length > 0)) return 'attribute';
  const names = fields.flatMap(attributeNames);
  const said = sentences.flatMap((sentence) => [...words.matchAll(sentence)]);
  const isNamed = said.some(([, one]) => names.some((own) => isName(one, own)));
  // A value that reads like an attribute's name, or like a part of a schema's, is no sign of itself.
  const rest = names.reduce((text, own) => text.replaceAll(wordOf(own), ' '), words.replaceAll(/\burn:[\w.:-]+/gi, ' '));
  if (sent.flatMap(piecesOf).some((piece) => rest.search(wordOf(piece)) >= 0)) return isNamed ? 'either' : 'value';
  if (said.length > 0) return 'attribute';
  return vague.test(words) ? 'either' : 'value';
}

/** Whether fields are not to be sent again. Where it can't be told, a second value must have been refused as the first one was, and none let through between. */
export function isNotKept(about: About, fields: readonly string[], textOf: (field: string) => string | undefined, memory: Memory): boolean {
  if (about === 'value' || fields.some((field) => memory.kept.has(field))) return false;
  return about === 'attribute' || fields.map((field) => memory.isRefusedAgain(field, textOf(field))).every(Boolean);
}

/**
 * What is made of a value that nothing shows after a write, of a field that was never seen to be kept: a field that is not kept, once two values were dropped;
 * till then a refusal, of which is told once. Nobody chooses the values of ids, nor those of fields that the LMS says it doesn't have: there one is enough.
 */
export function dropped(field: string, text: string | undefined, memory: Memory): 'notKept' | 'refused' | 'known' {
  if (memory.notKept.has(field) || memory.isDoubted(field, text)) return 'known';
  const isOfNoChoice = text === undefined || field === 'externalId' || field === 'manager' || isUnlisted(field, memory);
  return isOfNoChoice || memory.isRefusedAgain(field, text) ? 'notKept' : 'refused';
}

export const droppedSilently = 'The LMS dropped the value without a word.';

function isUnlisted(field: string, { facts: { customFields = {} } }: Memory): boolean {
  const custom = customName(field);
  return custom !== undefined && Object.keys(customFields).length > 0 && !Object.hasOwn(customFields, custom);
}

function isName(text: string | undefined, own: string): boolean {
  return (
    text
      ?.replaceAll(/["'`“”‘’]/g, '')
      .split(/[.:/]/)
      .at(-1)
      ?.toLowerCase() === own.toLowerCase()
  );
}

/** A list's items are refused one by one. */
function piecesOf(text: string): string[] {
  return [text, ...text.split(';')].map((piece) => piece.trim()).filter(Boolean);
}
