type Value = string | undefined;

export interface MappingFunction {
  arguments: readonly [least: number, most: number];
  /** One line for the reference: what its arguments are and what it yields. */
  does: string;
  apply(...values: Value[]): Value;
}

const whole = (value: Value): number | undefined => (value !== undefined && /^-?\d{1,6}$/.test(value) ? Number(value) : undefined);
const isTrue = (value: Value): boolean => value !== undefined && value.toLowerCase() === 'true';
const truth = (condition: boolean): Value => (condition ? 'true' : undefined); // false is absent, so that it nests

/**
 * The functions that Entra's administrators know from its own attribute mappings, under the same names
 * (learn.microsoft.com, "Reference for writing expressions for attribute mappings"). Nothing here can run code, loop or call out.
 * A truth is the text "true", or absent.
 */
export const functions = {
  Append: {
    arguments: [2, 2],
    does: 'value, suffix: the value with the suffix behind it; absent where the value is',
    apply: (value, suffix = '') => value && value + suffix,
  },
  Coalesce: { arguments: [1, 20], does: 'values: the first that is not empty', apply: (...values) => values.find((value) => value) },
  Equals: { arguments: [2, 2], does: 'value, other: true where they are the same text', apply: (value, other) => truth(value === other) },
  FormatDateTime: {
    arguments: [2, 2],
    does: 'date, format: a date (ISO 8601) written with yyyy, yy, MM, dd, HH, mm and ss, in UTC',
    apply: (value, format) => value && format && formatDateTime(value, format),
  },
  IIF: {
    arguments: [3, 3],
    does: 'condition, then, else: "then" where the condition is true',
    apply: (condition, yes, no) => (isTrue(condition) ? yes : no),
  },
  InStr: {
    arguments: [2, 2],
    does: 'value, part: true where the value contains the part',
    apply: (value, part) => truth(Boolean(value && part && value.includes(part))),
  },
  IsNullOrEmpty: { arguments: [1, 1], does: 'value: true where it is empty', apply: (value) => truth(!value) },
  IsPresent: { arguments: [1, 1], does: 'value: true where it is not empty', apply: (value) => truth(Boolean(value)) },
  Item: {
    arguments: [2, 3],
    does: 'value, number, separator (";"): the numbered part of a value that holds several, counted from 1',
    apply: (value, number, separator = ';') => value?.split(separator)[(whole(number) ?? 0) - 1]?.trim(),
  },
  Join: {
    arguments: [2, 20],
    does: 'separator, values: the values that are not empty, with the separator between them',
    apply: (separator = '', ...values) => values.filter(Boolean).join(separator),
  },
  Left: {
    arguments: [2, 2],
    does: 'value, count: its first characters',
    apply: (value, count) => value && [...value].slice(0, Math.max(0, whole(count) ?? 0)).join(''),
  },
  Mid: {
    arguments: [3, 3],
    does: 'value, start, count: characters from the middle, counted from 1',
    apply: (value, start, count) => {
      const from = Math.max(1, whole(start) ?? 1) - 1;
      return value && [...value].slice(from, from + Math.max(0, whole(count) ?? 0)).join('');
    },
  },
  NormalizeDiacritics: {
    arguments: [1, 1],
    does: 'value: without accents, for systems that refuse them',
    apply: (value) =>
      value
        ?.normalize('NFD')
        .replace(/\p{Diacritic}/gu, '')
        .replace(/[ßẞæÆøØœŒłŁđĐ]/g, (letter) => foldings[letter] ?? letter),
  },
  Not: { arguments: [1, 1], does: 'condition: true where it is not', apply: (value) => truth(!isTrue(value)) },
  PCase: {
    arguments: [1, 1],
    does: 'value: each word with a capital letter',
    apply: (value) =>
      value?.toLowerCase().replace(/(^|[\s'’-])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase()),
  },
  Replace: {
    arguments: [3, 3],
    does: 'value, old, new: every occurrence of the old text replaced',
    apply: (value, old, by = '') => (old ? value?.split(old).join(by) : value),
  },
  Right: {
    arguments: [2, 2],
    does: 'value, count: its last characters',
    apply: (value, count) => value && ((n) => (n > 0 ? [...value].slice(-n).join('') : ''))(whole(count) ?? 0),
  },
  StripSpaces: { arguments: [1, 1], does: 'value: without any blanks', apply: (value) => value?.replace(/\s/gu, '') },
  Switch: {
    arguments: [4, 60],
    does: 'value, default, key, result, key, result …: the result of the key that the value equals, else the default',
    apply: (value, otherwise, ...cases) => {
      for (let at = 0; at + 1 < cases.length; at += 2) if (cases[at] === value) return cases[at + 1];
      return otherwise;
    },
  },
  ToLower: { arguments: [1, 1], does: 'value: in lower case', apply: (value) => value?.toLowerCase() },
  ToUpper: { arguments: [1, 1], does: 'value: in upper case', apply: (value) => value?.toUpperCase() },
  Trim: { arguments: [1, 1], does: 'value: without blanks at its ends', apply: (value) => value?.trim() },
  Word: {
    arguments: [3, 3],
    does: 'value, number, delimiters: the numbered word, counted from 1, where any of the delimiters ends one',
    apply: (value, number, delimiters = ' ') => {
      const words = [...(value ?? '')].reduce<string[]>(
        (all, letter) => (delimiters.includes(letter) ? [...all, ''] : [...all.slice(0, -1), (all.at(-1) ?? '') + letter]),
        [''],
      );
      return words.filter(Boolean)[(whole(number) ?? 0) - 1];
    },
  },
} as const satisfies Record<string, MappingFunction>;

export type FunctionName = keyof typeof functions;

/** Letters that don't fall apart into a base and an accent. */
const foldings: Record<string, string> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  œ: 'oe',
  Œ: 'OE',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
};

function formatDateTime(value: string, format: string): string | undefined {
  const date = /^\d{4}-\d\d-\d\d/.test(value) ? new Date(value.length === 10 ? `${value}T00:00:00Z` : value) : undefined;
  if (!date || Number.isNaN(date.getTime())) return undefined;
  const iso = date.toISOString();
  const parts: Record<string, string> = {
    yyyy: iso.slice(0, 4),
    yy: iso.slice(2, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
  };
  return format.replace(/yyyy|yy|MM|dd|HH|mm|ss/g, (part) => parts[part] as string);
}
