/** A part of a date in .NET's custom format strings, or text that stands for itself. */
interface Piece {
  specifier?: string;
  literal?: string;
}

/** Moments are kept in UTC; `fraction` is in ten-millionths of a second, as .NET's. */
export interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  fraction: number;
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const specifiers = [
  'yyyy', 'yy', 'MMMM', 'MMM', 'MM', 'M', 'dddd', 'ddd', 'dd', 'd', 'HH', 'H', 'hh', 'h', 'mm', 'm', 'ss', 's', 'fffffff', 'ffffff', 'fffff', 'ffff', 'fff', 'ff', 'f', 'tt', 'zzz', 'zz', 'z', 'K',
]; // prettier-ignore
const letters = new Set(specifiers.map(([letter]) => letter));

/** The pieces of a format, or what is wrong with it (learn.microsoft.com, "Custom date and time format strings"). */
export function piecesOf(format: string): Piece[] | { fault: string } {
  const pieces: Piece[] = [];
  for (let at = 0; at < format.length;) {
    const character = format.charAt(at);
    if (character === "'" || character === '"') {
      const end = format.indexOf(character, at + 1);
      if (end < 0) return { fault: 'a quotation mark is not closed' };
      pieces.push({ literal: format.slice(at + 1, end) });
      at = end + 1;
    } else if (character === '\\') {
      pieces.push({ literal: format.charAt(at + 1) });
      at += 2;
    } else if (letters.has(character)) {
      let end = at;
      while (format.charAt(end) === character) end += 1;
      const specifier = format.slice(at, end);
      if (!specifiers.includes(specifier)) return { fault: `there is no “${specifier}”; there are ${specifiers.join(', ')}` };
      pieces.push({ specifier });
      at = end;
    } else {
      pieces.push({ literal: character });
      at += 1;
    }
  }
  return pieces.some(({ specifier }) => specifier) ? pieces : { fault: 'it has no part of a date, such as yyyy, MM or dd' };
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

export function write(moment: Moment, pieces: readonly Piece[]): string {
  return pieces.map(({ specifier, literal = '' }) => (specifier ? part(moment, specifier) : literal)).join('');
}

function part({ year, month, day, hour, minute, second, fraction }: Moment, specifier: string): string {
  const { length } = specifier;
  switch (specifier.charAt(0)) {
    case 'y':
      return length === 2 ? digits(year % 100, 2) : digits(year, 4);
    case 'M':
      return length === 4 ? (months[month - 1] ?? '') : length === 3 ? (months[month - 1] ?? '').slice(0, 3) : digits(month, length);
    case 'd':
      return length > 2 ? weekday(year, month, day).slice(0, length === 3 ? 3 : undefined) : digits(day, length);
    case 'H':
      return digits(hour, length);
    case 'h':
      return digits(hour % 12 || 12, length);
    case 'm':
      return digits(minute, length);
    case 's':
      return digits(second, length);
    case 'f':
      return digits(fraction, 7).slice(0, length);
    case 't':
      return hour < 12 ? 'AM' : 'PM';
    case 'K':
      return 'Z';
    default:
      return length === 3 ? '+00:00' : length === 2 ? '+00' : '+0';
  }
}

const weekday = (year: number, month: number, day: number): string =>
  days[new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCDay()] ?? '';

interface Found extends Moment {
  isAfternoon?: boolean;
  offsetMinutes: number;
}

/** The moment that a text says in this format, in UTC; nothing where it is written otherwise or there is no such day. */
export function read(text: string, pieces: readonly Piece[]): Moment | undefined {
  const found: Found = { year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, fraction: 0, offsetMinutes: 0 };
  let rest = text;
  for (const piece of pieces) {
    const taken = piece.specifier
      ? take(rest, piece.specifier, found)
      : rest.startsWith(piece.literal ?? '')
        ? (piece.literal ?? '').length
        : undefined;
    if (taken === undefined) return undefined;
    rest = rest.slice(taken);
  }
  return rest === '' ? momentOf(found) : undefined;
}

/** How many characters the part took, having put its value into `found`. */
function take(rest: string, specifier: string, found: Found): number | undefined {
  const { length } = specifier;
  const number = (least: number, most: number, set: (value: number) => void): number | undefined => {
    let end = 0;
    while (end < most && /[0-9]/.test(rest.charAt(end))) end += 1;
    if (end < least) return undefined;
    set(Number(rest.slice(0, end)));
    return end;
  };
  const name = (names: readonly string[], set: (index: number) => void): number | undefined => {
    const index = names.findIndex((one) => rest.slice(0, one.length).toLowerCase() === one.toLowerCase());
    if (index < 0) return undefined;
    set(index);
    return names[index]?.length;
  };
  const short = (names: readonly string[]) => (length === 3 ? names.map((one) => one.slice(0, 3)) : names);
  const ignore = () => undefined;
  switch (specifier.charAt(0)) {
    case 'y':
      // .NET's default: two digits mean 1950 to 2049.
      return length === 2
        ? number(2, 2, (value) => (found.year = value + (value < 50 ? 2000 : 1900)))
        : number(4, 4, (value) => (found.year = value));
    case 'M':
      return length > 2 ? name(short(months), (index) => (found.month = index + 1)) : number(length, 2, (value) => (found.month = value));
    case 'd':
      return length > 2 ? name(short(days), ignore) : number(length, 2, (value) => (found.day = value));
    case 'H':
    case 'h':
      return number(length, 2, (value) => (found.hour = value));
    case 'm':
      return number(length, 2, (value) => (found.minute = value));
    case 's':
      return number(length, 2, (value) => (found.second = value));
    case 'f':
      return number(length, length, (value) => (found.fraction = value * 10 ** (7 - length)));
    case 't':
      return name(['AM', 'PM'], (index) => (found.isAfternoon = index === 1));
    default:
      return offset(rest, specifier, (minutes) => (found.offsetMinutes = minutes));
  }
}

/** Of an offset such as `+10:30`, `-0700` or `+9`. */
export function minutesOf(offset: string): number {
  const [hours = '', minutes = '0'] = offset.includes(':') ? offset.slice(1).split(':') : [offset.slice(1, 3), offset.slice(3) || '0'];
  return (offset.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function offset(rest: string, specifier: string, set: (minutes: number) => void): number | undefined {
  if (specifier === 'K' && (rest === '' || /^[^Zz+-]/.test(rest))) return 0;
  if ((specifier === 'K' || specifier === 'zzz') && /^[Zz]/.test(rest)) return 1;
  const match = (specifier.length === 3 || specifier === 'K' ? /^([+-])(\d\d):?(\d\d)/ : /^([+-])(\d\d?)/).exec(rest);
  if (!match) return undefined;
  set(minutesOf(match[0]));
  return match[0].length;
}

/** The moment in UTC, unless there is no such day or hour. */
export function momentOf({ isAfternoon, offsetMinutes, ...said }: Found): Moment | undefined {
  const { year, month, day, minute, second, fraction } = said;
  if (isAfternoon !== undefined && (said.hour < 1 || said.hour > 12)) return undefined;
  const hour = isAfternoon === undefined ? said.hour : (said.hour % 12) + (isAfternoon ? 12 : 0);
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, year);
  if (year < 1 || !isDay || hour > 23 || minute > 59 || second > 59 || Math.abs(offsetMinutes) > 14 * 60) return undefined;
  if (offsetMinutes === 0) return { year, month, day, hour, minute, second, fraction };
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - offsetMinutes, second);
  if (date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999) return undefined;
  return {
    year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(),
    hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(), fraction,
  }; // prettier-ignore
}

const daysIn = (month: number, year: number): number => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
