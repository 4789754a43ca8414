import { hash } from 'node:crypto';
import type { DesiredAccount } from '../account';
import { canonicalJson } from '../configuration/canonical';
import type { Configuration } from '../configuration/configuration';
import type { FailureCode } from '../failures';
import type { DirectoryMember } from '../member';
import { untouchedReader } from './attributes';
import { compile } from './expression';
import { mappedFields } from './mapped-field';
import { compileScope } from './scoping';
import { isNameOfSoftDeleted, userNameOf } from './user-name';

/** Why a member can't be synced or, as a warning, what they are synced without. `detail` never carries what the directory says of somebody. */
export interface Problem {
  code: FailureCode;
  field?: string;
  detail?: string;
}

export type Mapped =
  | { state: 'desired'; desired: DesiredAccount; warnings: Problem[] }
  /** `reason`: `guest`, `notIncluded`, or `excluded by rule …`. */
  | { state: 'excluded'; reason: string }
  | { state: 'problem'; problems: Problem[] };

export interface CompiledMapping {
  map(member: DirectoryMember): Mapped;
  /** Changes with whatever could map somebody differently. 16 hex digits. */
  version: string;
}

/** Raised whenever this code maps anybody differently than before, so that everybody is mapped again. */
const codeVersion = 4;

/** Makes a configuration's mapping ready for many people: what can be found out once is not found out for each of them. */
export function compileMapping(configuration: Configuration): CompiledMapping {
  const exclusionOf = compileScope(configuration.scope);
  const readUserName = compile(configuration.userName, untouchedReader);
  const fields = mappedFields(configuration);
  const onlyAtCreation = fields.filter(({ mapping }) => mapping.apply === 'onlyAtCreation').map(({ name }) => name);
  const keptWhenEmpty = fields.filter(({ mapping }) => mapping.whenEmpty === 'keep').map(({ name }) => name);

  function map(member: DirectoryMember): Mapped {
    const reason = exclusionOf(member);
    if (reason !== undefined) return { state: 'excluded', reason };

    const problems: Problem[] = [];
    const warnings: Problem[] = [];
    const { accountEnabled } = member;
    // Hidden is not disabled: nobody is deactivated because a permission is missing.
    if (typeof accountEnabled !== 'boolean') problems.push({ code: 'MembersUnreadable', field: 'accountEnabled' });
    const name = userNameOf(readUserName(member) ?? '');
    if (name === 'missing') problems.push({ code: 'UserNameMissing', field: 'userName' });
    else if (name === 'invalid') problems.push({ code: 'UserNameInvalid', field: 'userName' });
    else if (isNameOfSoftDeleted(member.userPrincipalName ?? '')) problems.push({ code: 'UserNameInvalid', field: 'userPrincipalName' });

    const values: Record<string, string> = {};
    let kept = keptWhenEmpty;
    for (const field of fields) {
      const value = field.valueOf(member);
      if (value !== undefined) {
        values[field.name] = value;
        continue;
      }
      const code = field.troubleOf(member);
      if (code === undefined) continue;
      (field.mapping.required ? problems : warnings).push({ code, field: field.name });
      // A value that is wrong is not an empty one: what the LMS holds stays until it is mended.
      if (!kept.includes(field.name)) kept = [...kept, field.name];
    }
    if (problems.length > 0 || typeof name === 'string' || typeof accountEnabled !== 'boolean') return { state: 'problem', problems };

    const desired = {
      userName: name.userName,
      active: accountEnabled,
      externalId: member.id.toLowerCase(),
      fields: values,
      onlyAtCreation,
      keptWhenEmpty: kept,
    };
    return { state: 'desired', desired, warnings };
  }

  return { map, version: versionOf(configuration) };
}

function versionOf({ userName, fields, customFields, scope, manager }: Configuration): string {
  const matters = { codeVersion, userName, fields, customFields, scope, reference: manager.reference };
  return hash('sha256', canonicalJson(matters), 'hex').slice(0, 16);
}
