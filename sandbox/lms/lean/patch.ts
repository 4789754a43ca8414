import { ScimError, urn, type UserAttributes } from '../scim';
import type { Awkwardness } from './awkwardness';
import { matches, type Filter } from './filter';
import { isManager, type Paths, type Target } from './paths';
import type { Attribute, Schemas } from './schema';
import { finishUser, partOf } from './user';
import { invalid, single, valueOf } from './values';

type Given = Record<string, unknown>;
type Op = 'add' | 'replace' | 'remove';
interface Operation {
  op: Op;
  path?: string;
  value?: unknown;
}

/** Changes users as a PATCH says (RFC 7644, 3.5.2), in all forms in which clients are known to write one. */
export class Patches {
  constructor(
    private readonly schemas: Schemas,
    private readonly paths: Paths,
    private readonly awkward: () => Awkwardness,
  ) {}

  /**
   * The user as it is afterwards; `before` is used up. All operations or none, unless the server is one that stops half-way: then `refused` says why it did.
   * Throws `ScimError` 400.
   */
  apply(before: UserAttributes, message: unknown): { user: UserAttributes; refused?: ScimError } {
    const awkward = this.awkward();
    const user: Given = before;
    let refused: ScimError | undefined;
    for (const operation of operationsOf(message)) {
      try {
        this.operate(user, operation);
      } catch (error) {
        if (!awkward.halfAppliesPatches || !(error instanceof ScimError)) throw error;
        refused = error;
        break;
      }
    }
    return { user: finishUser(user, this.schemas, awkward), refused };
  }

  private operate(user: Given, { op, path, value }: Operation): void {
    if (path !== undefined) return this.change(user, op, this.paths.target(path), value, path);
    if (op === 'remove') throw new ScimError(400, 'noTarget', "A 'remove' needs a path");
    if (!isObject(value)) throw invalid("Without a path, 'value' must be an object");
    for (const [key, one] of Object.entries(value)) {
      if (key !== 'schemas' && key !== 'id' && key !== 'meta') this.change(user, op, this.paths.target(key), one, key);
    }
  }

  private change(user: Given, op: Op, target: Target, value: unknown, path: string): void {
    if (isManager(target)) value = this.managerValue(target, op, value);
    const { schema, attribute, filter, sub } = target;
    const removes = op === 'remove' || value === null;
    if (!attribute) return this.changeExtension(user, op, target, removes ? undefined : value);
    if (filter && this.awkward().noFilterPaths) throw new ScimError(400, 'invalidPath', `The path '${path}' is not supported`);

    const part = partOf(user, schema, this.schemas);
    if (filter) this.changeSome(part, { attribute, filter, sub, removes, op, value, path });
    else if (sub) this.changeSub(part, attribute, sub, removes ? undefined : value);
    else if (removes) delete part[attribute.name];
    else this.changeWhole(part, op, attribute, value);
  }

  private changeExtension(user: Given, op: Op, { schema }: Target, value: unknown): void {
    if (value === undefined || (op === 'replace' && this.awkward().wipesPartialObjects)) delete user[schema.id];
    if (value === undefined) return;
    if (!isObject(value)) throw invalid(`'${schema.id}' expected an object`);
    for (const [name, one] of Object.entries(value)) this.change(user, op, this.paths.target(`${schema.id}:${name}`), one, name);
  }

  private changeWhole(part: Given, op: Op, attribute: Attribute, value: unknown): void {
    const { refusesUnknownAttributes, wipesPartialObjects } = this.awkward();
    const { name } = attribute;
    if (attribute.multiValued) {
      const values = valueOf(attribute, Array.isArray(value) ? value : [value], refusesUnknownAttributes) as object[] | undefined;
      part[name] = op === 'add' ? joined(part[name] as object[] | undefined, values) : values;
      return;
    }
    const kept = valueOf(attribute, value, refusesUnknownAttributes);
    const isLaidOver = attribute.type === 'complex' && isObject(part[name]) && isObject(kept) && !(op === 'replace' && wipesPartialObjects);
    part[name] = isLaidOver ? { ...(part[name] as Given), ...kept } : kept;
  }

  private changeSub(part: Given, attribute: Attribute, sub: Attribute, value: unknown): void {
    const kept = valueOf(sub, value, this.awkward().refusesUnknownAttributes);
    const holders = attribute.multiValued
      ? ((part[attribute.name] as Given[] | undefined) ?? [])
      : [(part[attribute.name] ??= {}) as Given];
    for (const holder of holders) set(holder, sub.name, kept);
    if (!attribute.multiValued && isEmpty(part[attribute.name])) delete part[attribute.name];
  }

  /** `emails[type eq "work"].value` and `emails[type eq "work"]`. */
  private changeSome(
    part: Given,
    change: { attribute: Attribute; filter: Filter; sub?: Attribute; removes: boolean; op: Op; value: unknown; path: string },
  ): void {
    const { attribute, filter, sub, removes, op, value, path } = change;
    const { refusesUnknownAttributes } = this.awkward();
    const all = (part[attribute.name] as Given[] | undefined) ?? [];
    let hits = all.filter((one) => matches(filter, one, false));
    if (hits.length === 0) {
      if (removes) return;
      // An addition makes what it looks for, as the standard's authors meant it for e-mail addresses; a replacement needs something to replace.
      if (op === 'replace') throw new ScimError(400, 'noTarget', `Nothing is at the path '${path}'`);
      hits = [wanted(filter)];
      part[attribute.name] = [...all, ...hits];
    }
    if (sub) for (const one of hits) set(one, sub.name, removes ? undefined : valueOf(sub, value, refusesUnknownAttributes));
    else if (removes) part[attribute.name] = all.filter((one) => !hits.includes(one));
    else for (const one of hits) Object.assign(one, single(attribute, value, refusesUnknownAttributes));

    const left = (part[attribute.name] as Given[]).filter((one) => !isEmpty(one));
    if (left.length === 0) delete part[attribute.name];
    else part[attribute.name] = left;
  }

  /** `{"value": id}`, the bare id (which Entra sends) or the id at `manager.value`; some servers take but one of them. */
  private managerValue({ sub }: Target, op: Op, value: unknown): unknown {
    if (sub) {
      const form = this.awkward().patchManagerForm;
      if (sub.name === 'value' && op !== 'remove' && value !== null && form !== null && form !== 'path.value') throw this.wrongForm(form);
      return value;
    }
    if (op === 'remove' || value === null) return value;
    const given = typeof value === 'string' ? 'string' : 'object';
    const form = this.awkward().patchManagerForm;
    if (form !== null && form !== given) throw this.wrongForm(form);
    if (typeof value !== 'string') return value;
    return value === '' ? null : { value };
  }

  private wrongForm(form: string): ScimError {
    return invalid(`Attribute 'manager' is not taken in this form, only as ${form}`);
  }
}

function operationsOf(message: unknown): Operation[] {
  const { schemas, Operations } = (isObject(message) ? message : {}) as { schemas?: unknown; Operations?: unknown };
  if (!Array.isArray(schemas) || !schemas.includes(urn.patch))
    throw new ScimError(400, 'invalidSyntax', `'schemas' must list ${urn.patch}`);
  if (!Array.isArray(Operations) || Operations.length === 0) throw invalid("'Operations' must be a list of at least one operation");
  return Operations.map((operation: unknown) => {
    const { op, path, value } = isObject(operation) ? operation : {};
    const name = typeof op === 'string' ? op.toLowerCase() : '';
    if (name !== 'add' && name !== 'replace' && name !== 'remove')
      throw new ScimError(400, 'invalidSyntax', `There is no operation '${String(op)}'`);
    if (path !== undefined && typeof path !== 'string') throw new ScimError(400, 'invalidPath', 'A path is text');
    if (name === 'add' && value === undefined) throw invalid("An 'add' needs a value");
    return { op: name, path, value };
  });
}

function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function set(holder: Given, name: string, value: unknown): void {
  if (value === undefined) delete holder[name];
  else holder[name] = value;
}

function joined(there: object[] | undefined, more: object[] | undefined): object[] | undefined {
  if (!there || !more) return more ?? there;
  const known = new Set(there.map((one) => JSON.stringify(one)));
  return [...there, ...more.filter((one) => !known.has(JSON.stringify(one)))];
}

/** The value that a filter such as `type eq "work"` describes. */
function wanted(filter: Filter): Given {
  if (filter.is === 'and') return { ...wanted(filter.both[0]), ...wanted(filter.both[1]) };
  return filter.is === 'test' && filter.operator === 'eq' ? { [filter.path]: filter.value } : {};
}
