import * as fc from 'fast-check';
import type { FieldSetting, Policy, Settings } from './settings';
import { fieldSources, nameSources, rules, type FieldSource, type NameSource, type Rule } from './sources';
import { fieldNames } from './truth';

/** Random choices of a customer. Small and frequent ones come first, so that a failing example shrinks to them. */

const keys = <Key extends string>(table: Record<Key, unknown>) => fc.constantFrom(...(Object.keys(table) as Key[]));

const fieldSetting = (source: fc.Arbitrary<FieldSource>, fallback: string): fc.Arbitrary<FieldSetting> =>
  fc.record({
    source,
    apply: often<FieldSetting['apply']>('always', 'onlyAtCreation'),
    whenEmpty: often<FieldSetting['whenEmpty']>('clear', 'keep'),
    default: fc.option(fc.constant(fallback), { nil: undefined, freq: 4 }),
    required: often(false, true, 9),
  });

/** Three times out of four (or as often as is said) the first. */
function often<Value>(usual: Value, other: Value, weight = 3): fc.Arbitrary<Value> {
  return fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(other) });
}

const dates: FieldSource[] = ['day of hire'];
const addresses: FieldSource[] = ['mail', 'mail, else UPN', 'UPN in lower case'];

/** Sources that suit a field: an LMS takes no word for a date, nor for an address. */
const fields: fc.Arbitrary<Settings['fields']> = fc.subarray(fieldNames, { minLength: 0, maxLength: 9 }).chain((names) =>
  fc.record(
    Object.fromEntries(
      names.map((name) => {
        if (name === 'custom.startDate') return [name, fieldSetting(fc.constantFrom(...dates), '01/02/2020')];
        if (name === 'email') return [name, fieldSetting(fc.constantFrom(...addresses), 'nobody@lms.example')];
        return [name, fieldSetting(keys(fieldSources), 'By default')];
      }),
    ),
  ),
);

const someRules: fc.Arbitrary<Rule[]> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Rule[]>([]) },
  { weight: 1, arbitrary: fc.subarray(Object.keys(rules) as Rule[], { maxLength: 2 }) },
);
const policy = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Policy>('deactivate') },
  { weight: 3, arbitrary: fc.constantFrom<Policy>('hold', 'leave', 'grace') },
);

/** What may change from one day to the next without a new preview. */
export const revision = fc.record({
  fields,
  managerReference: often<Settings['managerReference']>('write', 'leave', 6),
  managerUnavailable: often<Settings['managerUnavailable']>('clear', 'keep'),
  guests: often<Settings['guests']>('exclude', 'include'),
  include: someRules,
  exclude: someRules,
  leavers: fc.record({ leftGroup: policy, disabled: policy, deleted: policy }),
  thresholds: often<Settings['thresholds']>('none', 'usual'),
});
export type Revision = typeof revision extends fc.Arbitrary<infer Value> ? Value : never;

export const choices = fc
  .record({
    userName: fc.oneof({ weight: 2, arbitrary: fc.constant<NameSource>('UPN') }, { weight: 3, arbitrary: keys(nameSources) }),
    matching: often<Settings['matching']>('userName', 'email'),
    revision,
  })
  .map(({ userName, matching, revision: rest }): Omit<Settings, 'protectedAccounts'> => {
    const email: FieldSetting = { source: 'mail', apply: 'always', whenEmpty: 'clear', required: false, default: undefined };
    // One default address for everybody would make everybody a duplicate.
    const mapped = rest.fields.email ? { ...rest.fields, email: { ...rest.fields.email, default: undefined } } : rest.fields;
    return { ...rest, userName, matching, fields: matching === 'email' ? { email, ...mapped } : mapped };
  });
