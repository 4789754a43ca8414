import { createHash } from 'node:crypto';
import type { DesiredAccount } from '../account';
import type { Configuration, FieldMapping } from '../configuration/configuration';
import type { FailureCode } from '../failures';
import type { DirectoryMember } from '../member';
import { sourceOf } from './attribute-source';
import { compile, type Evaluate } from './expression';
import { excludedBecause } from './scoping';
import { normalised } from './user-name-key';

/** Why a member can't be synced, or, where they are, which field is missing. `detail` never carries what the directory says of somebody. */
export interface Problem {
  code: FailureCode;
  field?: string;
  detail?: string;
}

export type Mapped =
  | { state: 'desired'; desired: DesiredAccount; warnings: Problem[] }
  | { state: 'excluded'; reason: string }
  | { state: 'problem'; problems: Problem[] };

export interface CompiledMapping {
  map(member: DirectoryMember): Mapped;
  /** Changes with whatever could map somebody differently. 16 hex digits. */
  version: string;
}

/** Raised when this code maps differently than before, so that everybody is mapped again. */
const codeVersion = 1;

/** Of a soft-deleted user: Entra puts the object id, without hyphens, before the old name. */
const softDeleted = /^[0-9a-f]{32}.+@/i;
/** Plausible, not proven: something, one @, a domain with a dot. */
const address = /^[^\s@"(),:;<>[\]\\]+@[^\s@"(),:;<>[\]\\]+\.[^\s@.]+$/;

export function compileMapping(configuration: Configuration): CompiledMapping {
  const { userName, fields, customFields, scope, manager } = configuration;
  const nameOf = compile(userName);
  const mapped = [
    ...Object.entries(fields),
    ...Object.entries(customFields).map(([name, mapping]) => [`custom.${name}`, mapping] as const),
  ].map(([field, mapping]) => new MappedField(field, mapping as FieldMapping));
  const onlyAtCreation = mapped.filter(({ mapping }) => mapping.apply === 'onlyAtCreation').map(({ field }) => field);
  const keptWhenEmpty = mapped.filter(({ mapping }) => mapping.whenEmpty === 'keep').map(({ field }) => field);

  return {
    version: createHash('sha256')
      .update(JSON.stringify([codeVersion, userName, fields, customFields, scope, manager.reference]))
      .digest('hex')
      .slice(0, 16),
    map(member) {
      const source = sourceOf(member);
      const reason = excludedBecause(member, scope, source);
      if (reason) return { state: 'excluded', reason };

      const problems: Problem[] = [];
      const warnings: Problem[] = [];
      const name = normalised(nameOf(source) ?? '');
      if (!name) problems.push({ code: nameOf(source) ? 'UserNameInvalid' : 'UserNameMissing' });
      else if (softDeleted.test(name))
        problems.push({ code: 'UserNameInvalid', detail: 'It is the name that Entra gives to a deleted user.' });
      else if (/#EXT#@/i.test(name) && scope.guests === 'include')
        warnings.push({ code: 'UserNameInvalid', detail: 'It is a guest’s internal name, which is no e-mail address.' });

      const values: Record<string, string> = {};
      for (const one of mapped) {
        const { value, problem } = one.of(source);
        if (value !== undefined) values[one.field] = value;
        if (problem) (one.mapping.required ? problems : warnings).push(problem);
      }
      if (problems.length > 0) return { state: 'problem', problems };
      const desired: DesiredAccount = {
        userName: name,
        active: member.accountEnabled !== false,
        externalId: member.id.toLowerCase(),
        fields: values,
        onlyAtCreation,
        keptWhenEmpty,
      };
      if (manager.reference === 'write' && member.manager) desired.managerId = member.manager.id.toLowerCase();
      return { state: 'desired', desired, warnings };
    },
  };
}

class MappedField {
  private readonly evaluate: Evaluate;

  constructor(
    readonly field: string,
    readonly mapping: FieldMapping,
  ) {
    this.evaluate = compile(mapping.value);
  }

  of(source: Parameters<Evaluate>[0]): { value?: string; problem?: Problem } {
    const raw = this.evaluate(source);
    const value = (raw && normalised(raw)) || this.mapping.default;
    if (value === undefined) return this.mapping.required ? { problem: { code: 'FieldMissing', field: this.field } } : {};
    if (this.field === 'email' && !address.test(value))
      return { problem: { code: 'TargetValueRefused', field: this.field, detail: 'It is not an e-mail address.' } };
    return { value };
  }
}
