import type { Configuration, FieldMapping } from '../configuration/configuration';
import type { FailureCode } from '../failures';
import { memberReader, type Source } from './attributes';
import { isPlausibleAddress } from './email-address';
import { compile, compileUnreadable } from './expression';
import { plainText } from './plain-text';

/** One field of an account, ready to be worked out for many people. */
export interface MappedField {
  name: string;
  mapping: FieldMapping;
  valueOf(source: Source): string | undefined;
  /** Asked where there is no value: what to report, if anything. */
  troubleOf(source: Source): FailureCode | undefined;
}

/** In the order of their names, which spares `desiredHash` the sorting. */
export function mappedFields({ fields, customFields }: Pick<Configuration, 'fields' | 'customFields'>): MappedField[] {
  const named = [...Object.entries(fields), ...Object.entries(customFields).map(([name, mapping]) => [`custom.${name}`, mapping] as const)];
  return named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, mapping]) => mappedField(name, mapping));
}

function mappedField(name: string, mapping: FieldMapping): MappedField {
  const evaluate = compile(mapping.value, memberReader);
  const isUnreadable = compileUnreadable(mapping.value, memberReader);
  const fallback = mapping.default === undefined ? undefined : plainText(mapping.default);
  const plain = (source: Source): string | undefined => {
    const value = evaluate(source);
    return (value && plainText(value)) || fallback;
  };
  const accepts = name === 'email' ? isPlausibleAddress : undefined;
  return {
    name,
    mapping,
    valueOf(source) {
      const value = plain(source);
      return value !== undefined && accepts && !accepts(value) ? undefined : value;
    },
    troubleOf(source) {
      if (plain(source) !== undefined || isUnreadable(source)) return 'FieldInvalid';
      return mapping.required ? 'FieldMissing' : undefined;
    },
  };
}
