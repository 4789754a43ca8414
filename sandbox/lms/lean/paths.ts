import { ScimError, urn } from '../scim';
import { parseFilter, type Filter } from './filter';
import { subAttribute, type Attribute, type Schema, type Schemas } from './schema';

/** Where an operation of a PATCH points to. Without an attribute: at a whole extension. */
export interface Target {
  schema: Schema;
  /** Of the extension that the attribute lies in; undefined for the core schema. */
  extension: string | undefined;
  attribute?: Attribute;
  /** Which of several values, as in `emails[type eq "work"]`. */
  filter?: Filter;
  sub?: Attribute;
}

/** The server's own, which no client changes (`mutability` in RFC 7643). */
const readOnly = /^(id|meta|groups)\b/i;

const shape = /^([^.[\]\s]+)(?:\[(.+)\])?(?:\.([^.[\]\s]+))?$/;

/** Paths are few and come again and again, so that each is taken apart once. */
export class Paths {
  private readonly known = new Map<string, Target>();

  constructor(private readonly schemas: Schemas) {}

  /** Throws `ScimError` 400: invalidPath for what no schema knows, mutability for what no client may change. */
  target(path: string): Target {
    const known = this.known.get(path);
    if (known) return known;
    const target = this.resolve(path);
    if (this.known.size < 1_000) this.known.set(path, target);
    return target;
  }

  private resolve(path: string): Target {
    const { schema, rest } = this.schemaOf(path);
    const extension = schema === this.schemas.core ? undefined : schema.id;
    if (rest === '' && extension) return { schema, extension };
    if (!extension && readOnly.test(rest)) throw new ScimError(400, 'mutability', `The attribute at '${path}' is the server's own`);

    const [, name = '', filterText, subName] = shape.exec(rest) ?? [];
    const attribute = this.schemas.attribute(schema, name);
    if (!attribute) throw invalid(path);
    const sub = subName === undefined ? undefined : subAttribute(attribute, subName);
    if (subName !== undefined && !sub) throw invalid(path);
    if (filterText !== undefined && !attribute.multiValued) throw invalid(path);
    return { schema, extension, attribute, sub, filter: filterText === undefined ? undefined : parseFilter(filterText) };
  }

  private schemaOf(path: string): { schema: Schema; rest: string } {
    if (!/^urn:/i.test(path)) return { schema: this.schemas.core, rest: path };
    const lower = path.toLowerCase();
    for (const schema of [this.schemas.core, ...this.schemas.extensions]) {
      const id = schema.id.toLowerCase();
      if (lower === id) return { schema, rest: '' };
      if (lower.startsWith(`${id}:`)) return { schema, rest: path.slice(id.length + 1) };
    }
    throw invalid(path);
  }
}

/** Whether a manager is meant, who has awkward forms of their own. */
export function isManager({ extension, attribute }: Target): boolean {
  return extension === urn.enterprise && attribute?.name === 'manager';
}

function invalid(path: string): ScimError {
  return new ScimError(400, 'invalidPath', `No attribute is at the path '${path}'`);
}
