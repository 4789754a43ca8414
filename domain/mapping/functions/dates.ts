import { piecesOf, read, write, type Moment } from './date-format';
import { attribute, constant, type MappingFunction } from './function';

/** Formats come from configurations alone, so that there are few; each is taken apart once. */
const known = new Map<string, ReturnType<typeof piecesOf>>();

function piecesFor(format: string): Exclude<ReturnType<typeof piecesOf>, { fault: string }> {
  let pieces = known.get(format);
  if (!pieces) known.set(format, (pieces = piecesOf(format)));
  return 'fault' in pieces ? [] : pieces;
}

/** What Graph and most systems write; taken where the input format is left empty. */
const isoFormats = [
  'yyyy-MM-dd',
  ...['', '.f', '.ff', '.fff', '.ffff', '.fffff', '.ffffff', '.fffffff'].map((f) => `yyyy-MM-ddTHH:mm:ss${f}K`),
  'yyyy-MM-ddTHH:mmK',
].map((format) => format.replace('T', '\\T'));

function momentIn(text: string, format: string): Moment | undefined {
  for (const one of format ? [format] : isoFormats) {
    const moment = read(text, piecesFor(one));
    if (moment) return moment;
  }
  return undefined;
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
