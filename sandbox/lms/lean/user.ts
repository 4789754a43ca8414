import { ScimError, urn, type UserAttributes } from '../scim';
import type { Awkwardness } from './awkwardness';
import type { Schema, Schemas } from './schema';
import { invalid, unknownAttribute, valueOf } from './values';

type Given = Record<string, unknown>;

/** Attributes that a client may send and that are never kept: the server's own, and what is never answered. */
const ignored: ReadonlySet<string> = new Set(['schemas', 'id', 'meta', 'password', 'groups']);

/** A user that a client sent (POST, PUT) in the form in which it is kept. Throws 400 for what doesn't conform. */
export function readUser(body: unknown, schemas: Schemas, awkward: Awkwardness): UserAttributes {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ScimError(400, 'invalidSyntax', 'A user is one JSON object');
  const given = body as Given;
  checkSchemas(given, schemas, awkward);

  const user: Given = {};
  for (const key in given) {
    if (ignored.has(key)) continue;
    if (key.startsWith('urn:')) readNamespaced(user, key, given[key], schemas, awkward);
    else put(user, schemas.core, key, given[key], schemas, awkward);
  }
  return finishUser(user, schemas, awkward);
}

/** What holds for every user whichever way it was written; in the one order of attributes in which users are kept. Throws 400 where something is missing. */
export function finishUser(user: Given, schemas: Schemas, awkward: Awkwardness): UserAttributes {
  if (awkward.dropsAttributes.length > 0) drop(user, awkward.dropsAttributes, schemas);
  if (typeof user.userName !== 'string' || user.userName.trim() === '') throw invalid("Required attribute 'userName' is missing");
  if (awkward.needsNameFormatted && !(user.name as Given | undefined)?.formatted)
    throw invalid("Required attribute 'name.formatted' is missing");
  if (user.active === undefined || user.active === null) user.active = awkward.activeDefaultsNull ? null : true;

  const used = [urn.user as string];
  const finished: Given = { schemas: used };
  for (const { name } of schemas.core.attributes) if (user[name] !== undefined) finished[name] = user[name];
  for (const extension of schemas.extensions) {
    const part = inOrder(user[extension.id] as Given | undefined, extension);
    if (!part) continue;
    used.push(extension.id);
    finished[extension.id] = part;
  }
  return finished as UserAttributes;
}

function inOrder(part: Given | undefined, extension: Schema): Given | undefined {
  if (part === undefined) return undefined;
  let ordered: Given | undefined;
  for (const { name } of extension.attributes) if (part[name] !== undefined) (ordered ??= {})[name] = part[name];
  return ordered;
}

function readNamespaced(user: Given, key: string, value: unknown, schemas: Schemas, awkward: Awkwardness): void {
  const whole = schemas.extension(key);
  if (whole) return readExtension(user, whole, value, schemas, awkward);
  const schema = [schemas.core, ...schemas.extensions].find(({ id }) => key.toLowerCase().startsWith(`${id.toLowerCase()}:`));
  if (schema) put(partOf(user, schema, schemas), schema, key.slice(schema.id.length + 1), value, schemas, awkward);
  else if (awkward.refusesUnknownAttributes) throw unknownAttribute(key);
}

/** All of an extension's attributes at once; what is given is laid over what is there. */
export function readExtension(user: Given, extension: Schema, value: unknown, schemas: Schemas, awkward: Awkwardness): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(`The extension '${extension.id}' expected an object`);
  const part = partOf(user, extension, schemas);
  for (const name in value) put(part, extension, name, (value as Given)[name], schemas, awkward);
}

/** The object in which a schema's attributes stand: the user itself, or what lies under the extension's URN. */
export function partOf(user: Given, schema: Schema, schemas: Schemas): Given {
  return schema === schemas.core ? user : ((user[schema.id] ??= {}) as Given);
}

function put(into: Given, schema: Schema, name: string, value: unknown, schemas: Schemas, awkward: Awkwardness): void {
  const attribute = schemas.attribute(schema, name);
  if (attribute) into[attribute.name] = valueOf(attribute, value, awkward.refusesUnknownAttributes);
  else if (awkward.refusesUnknownAttributes) throw unknownAttribute(schema === schemas.core ? name : `${schema.id}:${name}`);
}

function checkSchemas(given: Given, schemas: Schemas, { refusesNoSchemasListed }: Awkwardness): void {
  const listed = given.schemas;
  if (listed === undefined && !refusesNoSchemasListed) return;
  if (!Array.isArray(listed) || (listed.length > 0 && !listed.includes(urn.user)) || (listed.length === 0 && refusesNoSchemasListed)) {
    throw new ScimError(400, 'invalidSyntax', `'schemas' must list ${urn.user}`);
  }
  if (!refusesNoSchemasListed) return;
  const unlisted = schemas.extensions.find(({ id }) => given[id] !== undefined && !listed.includes(id));
  if (unlisted) throw new ScimError(400, 'invalidSyntax', `'schemas' must list ${unlisted.id}, which is used`);
}

function drop(user: Given, names: readonly string[], schemas: Schemas): void {
  for (const name of names) {
    const { extension, attribute, sub } = dropped(name, schemas);
    if (attribute === undefined) delete user[extension as string];
    else {
      const part = extension === undefined ? user : (user[extension] as Given | undefined);
      if (sub === undefined) delete part?.[attribute];
      else if (part?.[attribute] !== undefined) part[attribute] = without(part[attribute], sub);
    }
  }
}

/** What a name in `dropsAttributes` stands for. */
function dropped(name: string, schemas: Schemas): { extension?: string; attribute?: string; sub?: string } {
  if (name === 'enterprise') return { extension: urn.enterprise };
  if (name === 'custom') return { extension: urn.custom };
  const extension = schemas.extensions.find(({ id }) => name === id || name.startsWith(`${id}:`));
  if (extension?.id === name) return { extension: name };
  const [attribute = '', sub] = (extension ? name.slice(extension.id.length + 1) : name).split('.');
  const isEnterprise = !extension && !schemas.attribute(schemas.core, attribute);
  return { extension: extension?.id ?? (isEnterprise ? urn.enterprise : undefined), attribute, sub };
}

function without(value: unknown, sub: string): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, sub));
  const { [sub]: _dropped, ...rest } = value as Given;
  return rest;
}
