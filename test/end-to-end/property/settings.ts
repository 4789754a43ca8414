import { fieldSources, nameSources, rules, type FieldSource, type NameSource, type Rule } from './sources';
import { fieldNames } from './truth';

export type Leaving = 'leftGroup' | 'disabled' | 'deleted';
export type Policy = 'deactivate' | 'hold' | 'leave' | 'grace';

export interface FieldSetting {
  source: FieldSource;
  apply: 'always' | 'onlyAtCreation';
  whenEmpty: 'clear' | 'keep';
  default?: string;
  required: boolean;
}

/** What a customer chose, in the model's own words. */
export interface Settings {
  userName: NameSource;
  matching: 'userName' | 'email';
  /** By the names of truth.ts. */
  fields: Readonly<Record<string, FieldSetting>>;
  managerReference: 'write' | 'leave';
  managerUnavailable: 'clear' | 'keep';
  guests: 'exclude' | 'include';
  include: readonly Rule[];
  exclude: readonly Rule[];
  protectedAccounts: readonly string[];
  leavers: Readonly<Record<Leaving, Policy>>;
  /** As Rollcall sets them, or so high that nothing is ever held for its number. */
  thresholds: 'usual' | 'none';
}

/** The settings as a configuration's parts. */
export function written(settings: Settings): object {
  const fields = (custom: boolean) =>
    Object.fromEntries(
      fieldNames.flatMap((name) => {
        const setting = settings.fields[name];
        if (!setting || name.startsWith('custom.') !== custom) return [];
        const { source, ...rest } = setting;
        return [[name.replace('custom.', ''), { value: fieldSources[source].expression, ...rest }]];
      }),
    );
  const high = { count: 1_000_000, percent: 100 };
  const policy = (name: Policy) => (name === 'grace' ? { graceDays: 30 } : name);
  const { leavers } = settings;
  return {
    userName: nameSources[settings.userName].expression,
    matching: { by: settings.matching },
    fields: fields(false),
    customFields: fields(true),
    manager: { reference: settings.managerReference, unavailable: settings.managerUnavailable },
    scope: {
      guests: settings.guests,
      include: settings.include.map((rule) => rules[rule].clauses),
      exclude: settings.exclude.map((rule) => rules[rule].clauses),
    },
    protectedAccounts: settings.protectedAccounts,
    leavers: { leftGroup: policy(leavers.leftGroup), disabled: policy(leavers.disabled), deleted: policy(leavers.deleted) },
    ...(settings.thresholds === 'none' && { thresholds: { leavers: high, additions: high, renames: high } }),
    cadence: { everyMinutes: 1440 },
  };
}
