import { minutesOf, momentOf, piecesOf, read, write, type Moment } from './date-format';
import { attribute, constant, type MappingFunction } from './function';

/** Formats come from configurations alone, so that there are few; each is taken apart once. */
const known = new Map<string, ReturnType<typeof piecesOf>>();

function piecesFor(format: string): Exclude<ReturnType<typeof piecesOf>, { fault: string }> {
  let pieces = known.get(format);
  if (!pieces) known.set(format, (pieces = piecesOf(format)));
  return 'fault' in pieces ? [] : pieces;
}

/** What Graph and most systems write (ISO 8601); taken where the input format is left empty. */
const iso = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7})\d*)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

function isoMoment(text: string): Moment | undefined {
  const match = iso.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = '', offset = 'Z'] = match;
  return momentOf({
    year: Number(year), month: Number(month), day: Number(day), hour: Number(hour), minute: Number(minute), second: Number(second),
    fraction: Number(fraction.padEnd(7, '0')), offsetMinutes: offset === 'Z' ? 0 : minutesOf(offset),
  }); // prettier-ignore
}

function momentIn(text: string, format: string): Moment | undefined {
  return format === '' ? isoMoment(text) : read(text, piecesFor(format));
}

export const dateFunctions = {
  FormatDateTime: {
    parameters: [{ name: 'source' }, { name: 'inputFormat', kind: 'format' }, { name: 'outputFormat', kind: 'format', notEmpty: true }],
    arguments: [3, 3],
    says: 'Writes a date in another form. Formats are .NET’s (`yyyy-MM-dd`, `dd/MM/yyyy HH:mm`); an empty input format takes ISO 8601, as Graph writes it. A time with an offset is brought to UTC. What can’t be read is reported on the person, and the field is left as it is.',
    example: { takes: [attribute('employeeHireDate', '2026-02-01T00:00:00Z'), constant(''), constant('dd/MM/yyyy')], gives: '01/02/2026' },
    apply: (source, inputFormat = '', outputFormat = '') => {
      const moment = source && momentIn(source.trim(), inputFormat);
      return moment ? write(moment, piecesFor(outputFormat)) : undefined;
    },
  },
} satisfies Record<string, MappingFunction>;
