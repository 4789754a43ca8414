import { faultOf } from '../custom-fields';
import { ScimError } from '../scim';
import { subAttribute, type Attribute } from './schema';

/** The value as it is kept; undefined where there is none (absent, null or an empty list: the same in RFC 7643, 2.5). Throws 400 invalidValue. */
export function valueOf(attribute: Attribute, value: unknown, refusesUnknown: boolean): unknown {
  if (value === null || value === undefined) return undefined;
  if (!attribute.multiValued) return single(attribute, value, refusesUnknown);
  if (!Array.isArray(value)) throw invalid(`Attribute '${attribute.name}' expected a list`);
  if (value.length === 0) return undefined;
  return value.map((one) => single(attribute, one, refusesUnknown));
}

/** One of several values, or the only one. */
export function single(attribute: Attribute, value: unknown, refusesUnknown: boolean): unknown {
  if (attribute.custom) {
    const fault = faultOf(attribute.custom, value);
    if (fault) throw invalid(fault);
    return value;
  }
  if (attribute.type !== 'complex') {
    if (typeof value !== attribute.type) throw invalid(`Attribute '${attribute.name}' expected a ${attribute.type}`);
    return value;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`Attribute '${attribute.name}' expected an object`);
  return complexValue(attribute, value as Record<string, unknown>, refusesUnknown);
}

function complexValue(attribute: Attribute, given: Record<string, unknown>, refusesUnknown: boolean): object | undefined {
  const kept: Record<string, unknown> = {};
  let isEmpty = true;
  for (const key in given) {
    const sub = subAttribute(attribute, key);
    if (!sub) {
      if (refusesUnknown) throw unknownAttribute(`${attribute.name}.${key}`);
      continue;
    }
    const value = valueOf(sub, given[key], refusesUnknown);
    if (value === undefined) continue;
    kept[sub.name] = value;
    isEmpty = false;
  }
  return isEmpty ? undefined : kept;
}

export function invalid(detail: string): ScimError {
  return new ScimError(400, 'invalidValue', detail);
}

export function unknownAttribute(name: string): ScimError {
  return new ScimError(400, 'invalidSyntax', `No schema of this server lists the attribute '${name}'`);
}
