import { attribute, constant, type MappingFunction, type Value } from './function';

/** Characters beyond U+FFFF are two units each: counting them as one never cuts one in half. */
function slice(value: string, start: number, end?: number): string | undefined {
  const cut = /[\ud800-\udfff]/.test(value) ? [...value].slice(start, end).join('') : value.slice(start, end);
  return cut || undefined;
}

/** Letters that Entra's reference lists and that Unicode doesn't decompose. */
const letters: Readonly<Record<string, string>> = {
  æ: 'ae', Æ: 'AE', ø: 'oe', Ø: 'OE', œ: 'oe', Œ: 'OE', ß: 'ss', ẞ: 'SS', ł: 'l', Ł: 'L', ı: 'i', đ: 'd', Đ: 'D',
}; // prettier-ignore

/** Only from Latin letters: in other scripts (й, が) the mark makes another letter. */
function withoutDiacritics(value: string): string {
  return value
    .normalize('NFD')
    .replace(/(\p{Script=Latin})[\u0300-\u036f]+/gu, '$1')
    .replace(/[æÆøØœŒßẞłŁıđĐ]/g, (letter) => letters[letter] ?? letter)
    .normalize('NFC');
}

function properCase(value: string, separators: Value): string {
  const isSeparator = separators === undefined ? (c: string) => /[\s\p{P}\p{S}\p{C}]/u.test(c) : (c: string) => separators.includes(c);
  let startsWord = true;
  return [...value]
    .map((character) => {
      const cased = startsWord ? character.toUpperCase() : character.toLowerCase();
      // As .NET's ToTitleCase: an apostrophe inside a word doesn't start a new one.
      startsWord = isSeparator(character) && !(separators === undefined && /['’]/.test(character));
      return cased;
    })
    .join('');
}

function word(value: Value, number: Value, delimiters: Value): Value {
  if (!value || !delimiters || !number) return undefined;
  const marks = new Set(delimiters);
  const words = [''];
  for (const character of value) {
    if (marks.has(character)) words.push('');
    else words[words.length - 1] += character;
  }
  return words.filter(Boolean)[Number(number) - 1];
}

const source = { name: 'source' } as const;

export const textFunctions = {
  Append: {
    parameters: [source, { name: 'suffix' }],
    arguments: [2, 2],
    says: 'Puts the suffix at the end. Nothing, where the source has no value.',
    example: { takes: [attribute('employeeId', '4711'), constant('.test')], gives: '4711.test' },
    apply: (value, suffix = '') => (value ? value + suffix : undefined),
  },
  Coalesce: {
    parameters: [{ name: 'source', times: 'repeats', handedOn: true }],
    arguments: [1, 20],
    says: 'The first source that has a value. The last one may be a constant, as a default.',
    example: { takes: [attribute('mail', ''), attribute('userPrincipalName', 'jo@example.org')], gives: 'jo@example.org' },
    apply: (...values) => values.find((value) => value),
  },
  Join: {
    parameters: [{ name: 'separator' }, { name: 'source', times: 'repeats' }],
    arguments: [2, 20],
    says: 'Puts the sources one after the other, the separator between them; of a list, every item. Those without a value are left out.',
    example: { takes: [constant(', '), attribute('surname', 'Doe'), attribute('givenName', 'Jo')], gives: 'Doe, Jo' },
    apply: (separator = '', ...values) => values.filter(Boolean).join(separator) || undefined,
  },
  Left: {
    parameters: [source, { name: 'count', kind: 'count' }],
    arguments: [2, 2],
    says: 'That many characters from the beginning.',
    example: { takes: [attribute('givenName', 'Joanna'), constant('2')], gives: 'Jo' },
    apply: (value, count) => value && slice(value, 0, Number(count)),
  },
  Mid: {
    parameters: [source, { name: 'start', kind: 'count' }, { name: 'length', kind: 'count' }],
    arguments: [3, 3],
    says: 'A piece out of the middle. The first character is 1.',
    example: { takes: [attribute('employeeId', 'AU-4711'), constant('4'), constant('4')], gives: '4711' },
    apply: (value, start, length) => value && slice(value, Number(start) - 1, Number(start) - 1 + Number(length)),
  },
  NormalizeDiacritics: {
    parameters: [source],
    arguments: [1, 1],
    says: 'Takes the accents off Latin letters, for systems that refuse them.',
    example: { takes: [attribute('givenName', 'Zoë')], gives: 'Zoe' },
    apply: (value) => value && withoutDiacritics(value),
  },
  PCase: {
    parameters: [source, { name: 'wordSeparators', times: 'optional' }],
    arguments: [1, 2],
    says: 'A capital at the beginning of each word, all else in lower case. Without separators, words end at blanks, punctuation and symbols.',
    example: { takes: [attribute('surname', 'PINTO-DE SILVA')], gives: 'Pinto-De Silva' },
    apply: (value, separators) => value && properCase(value, separators),
  },
  Replace: {
    parameters: [source, { name: 'oldValue', notEmpty: true }, { name: 'replacementValue' }],
    arguments: [3, 3],
    says: 'Puts the replacement wherever the old value is found, letter case minded. Text for text: no regular expressions.',
    example: { takes: [attribute('mail', 'jo@example.org'), constant('@example.org'), constant('')], gives: 'jo' },
    apply: (value, old, replacement = '') => (old && value ? value.split(old).join(replacement) || undefined : value),
  },
  Right: {
    parameters: [source, { name: 'count', kind: 'count' }],
    arguments: [2, 2],
    says: 'That many characters from the end.',
    example: { takes: [attribute('employeeId', 'AU-4711'), constant('4')], gives: '4711' },
    apply: (value, count) => value && slice(value, -Number(count)),
  },
  StripSpaces: {
    parameters: [source],
    arguments: [1, 1],
    says: 'Takes out every space.',
    example: { takes: [attribute('surname', 'van der Berg')], gives: 'vanderBerg' },
    apply: (value) => value?.replaceAll(' ', '') || undefined,
  },
  ToLower: {
    parameters: [source],
    arguments: [1, 1],
    says: 'All in lower case, by Unicode’s own rules.',
    example: { takes: [attribute('mail', 'Jo@Example.org')], gives: 'jo@example.org' },
    apply: (value) => value?.toLowerCase(),
  },
  ToUpper: {
    parameters: [source],
    arguments: [1, 1],
    says: 'All in upper case, by Unicode’s own rules.',
    example: { takes: [attribute('country', 'au')], gives: 'AU' },
    apply: (value) => value?.toUpperCase(),
  },
  Trim: {
    parameters: [source],
    arguments: [1, 1],
    says: 'Takes the blanks off both ends. Attributes come without them; what a function leaves behind may have some.',
    example: { takes: [attribute('displayName', ' Jo ')], gives: 'Jo' },
    apply: (value) => value?.trim() || undefined,
  },
  Word: {
    parameters: [source, { name: 'number', kind: 'count' }, { name: 'delimiters', notEmpty: true }],
    arguments: [3, 3],
    says: 'One word; words lie between any of the delimiters. The first one is 1.',
    example: { takes: [attribute('displayName', 'Doe, Jo Ann'), constant('2'), constant(', ')], gives: 'Jo' },
    apply: word,
  },
} satisfies Record<string, MappingFunction>;
