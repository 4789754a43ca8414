import { attribute, constant, isTrue, truth, type MappingFunction } from './function';

const expression = { name: 'expression' } as const;

export const conditionFunctions = {
  IIF: {
    parameters: [
      { name: 'condition', kind: 'condition' },
      { name: 'valueIfTrue', handedOn: true },
      { name: 'valueIfFalse', handedOn: true },
    ],
    arguments: [3, 3],
    says: 'The second argument where the condition is `true`, else the third. Conditions: `IsPresent`, `IsNullOrEmpty`, `Not`, an attribute that is true or false. To compare with a value, use `Switch`.',
    example: { takes: [attribute('accountEnabled', 'true'), constant('Staff'), constant('Former')], gives: 'Staff' },
    apply: (condition, whenTrue, whenFalse) => (isTrue(condition) ? whenTrue : whenFalse),
  },
  IsNullOrEmpty: {
    parameters: [expression],
    arguments: [1, 1],
    says: '`true` where there is no value, else `false`.',
    example: { takes: [attribute('department', '')], gives: 'true' },
    apply: (value) => truth(!value),
  },
  IsPresent: {
    parameters: [expression],
    arguments: [1, 1],
    says: '`true` where there is a value, else `false`.',
    example: { takes: [attribute('department', 'Sales')], gives: 'true' },
    apply: (value) => truth(Boolean(value)),
  },
  Not: {
    parameters: [{ name: 'condition', kind: 'condition' }],
    arguments: [1, 1],
    says: '`false` where the condition is `true`, else `true`.',
    example: { takes: [attribute('accountEnabled', 'true')], gives: 'false' },
    apply: (condition) => truth(!isTrue(condition)),
  },
  Switch: {
    parameters: [
      { name: 'source' },
      { name: 'defaultValue', handedOn: true },
      { name: 'key', times: 'repeats' },
      { name: 'value', handedOn: true },
    ],
    arguments: [4, 402],
    says: 'The value that stands behind the key which equals the source, letter case minded; the default where none does. The key `""` stands for a source without a value. Keys and values come in pairs.',
    example: {
      takes: [attribute('state', 'QLD'), constant('Sydney'), constant('QLD'), constant('Brisbane'), constant('SA'), constant('Adelaide')],
      gives: 'Brisbane',
    },
    apply: (source, otherwise, ...pairs) => {
      for (let index = 0; index < pairs.length; index += 2) if ((pairs[index] ?? '') === (source ?? '')) return pairs[index + 1];
      return otherwise;
    },
  },
} satisfies Record<string, MappingFunction>;
