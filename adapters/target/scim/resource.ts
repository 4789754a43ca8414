import type { Account, DesiredAccount, Fields, ManagerReference } from '../../../domain/account';
import type { Memory } from './memory';
import { coreEntries, customField, customName, placeOf } from './places';
import { ours, severalIn, withOurs } from './several';
import { fromWire, toWire } from './values';
import { isObject, urn, type Resource } from './words';

/** `hidesActive`: it doesn't say whether it is active, and is taken to be. */
export type ShownAccount = Account & { hidesActive?: true };

/** Turns accounts into SCIM users and back. */
export class Resources {
  constructor(
    private readonly customSchema: string,
    private readonly memory: Memory,
  ) {}

  /** A new user: absent where there is no value (null and "" are refused by some servers, and kept as they are by others), `active` always. */
  from(desired: DesiredAccount, manager: ManagerReference | undefined, isSent: (field: string) => boolean): Resource {
    const schemas: string[] = [urn.user];
    const resource: Resource = { schemas, userName: desired.userName, active: desired.active };
    if (isSent('externalId')) resource.externalId = desired.externalId;
    const { fields } = desired;
    for (const field in fields) {
      const text = fields[field];
      if (text !== undefined && isSent(field)) this.set(resource, field, text);
    }
    if (manager && isSent('manager')) this.extension(resource, urn.enterprise).manager = { value: manager.accountId };
    if (this.memory.facts.needsNameFormatted) this.formatName(resource, fields);
    return resource;
  }

  account(resource: Resource): ShownAccount {
    const { id, userName, externalId, active } = resource;
    const account: ShownAccount = {
      accountId: plain(id) ?? '',
      userName: plain(userName) ?? '',
      active: active === undefined || active === true || active === 1 || (typeof active === 'string' && /^(true|1)$/i.test(active)), // one server gives back "True"
      fields: this.fields(resource),
    };
    if (active === undefined) account.hidesActive = true;
    const external = plain(externalId);
    if (external) account.externalId = external;
    const { manager } = this.part(resource, urn.enterprise);
    const managerId = isObject(manager) ? plain(manager.value) : plain(manager);
    if (managerId) account.managerAccountId = managerId;
    return account;
  }

  /** Lays a text over a user; undefined takes it away. */
  set(resource: Resource, field: string, text: string | undefined): void {
    const custom = customName(field);
    if (custom !== undefined)
      return put(this.extension(resource, this.customSchema), custom, text === undefined ? undefined : toWire(text, this.type(custom)));
    const place = placeOf(field);
    if (!place) return;
    if (place.in === 'core') put(resource, place.attribute, text);
    else if (place.in === 'enterprise') put(this.extension(resource, urn.enterprise), place.attribute, text);
    else if (place.in === 'name') {
      const name = isObject(resource.name) ? resource.name : (resource.name = {} as Resource);
      put(name, place.attribute, text);
    } else if (resource[place.attribute] === undefined && text !== undefined) {
      const one = { [place.sub]: text, type: place.type };
      resource[place.attribute] = [place.attribute === 'emails' ? { ...one, primary: true } : one];
    } else {
      const values = withOurs(resource, place.attribute, [[place, text]]);
      put(resource, place.attribute, values.length > 0 ? values : undefined);
    }
  }

  type(custom: string) {
    const { customFields = {} } = this.memory.facts;
    return Object.hasOwn(customFields, custom) ? customFields[custom] : undefined; // a field may be called `constructor`
  }

  /** The extension, as it is in the user and listed in its `schemas`; made where it isn't there. */
  extension(resource: Resource, id: string): Resource {
    const name = nameOf(resource, id);
    const { schemas } = resource;
    if (Array.isArray(schemas) && !schemas.includes(name)) schemas.push(name);
    return isObject(resource[name]) ? resource[name] : (resource[name] = {} as Resource);
  }

  /** The name that some servers insist on: the display name, else both names, else the user name. */
  formatName(resource: Resource, fields: Fields): void {
    const name = isObject(resource.name) ? resource.name : (resource.name = {} as Resource);
    name.formatted = formattedName(fields) ?? resource.userName;
  }

  private fields(resource: Resource): Fields {
    const fields: Record<string, string> = {};
    const name = isObject(resource.name) ? resource.name : {};
    const enterprise = this.part(resource, urn.enterprise);
    for (const [field, place] of coreEntries) {
      const value =
        place.in === 'core'
          ? resource[place.attribute]
          : place.in === 'enterprise'
            ? enterprise[place.attribute]
            : place.in === 'name'
              ? name[place.attribute]
              : resource[place.attribute] === undefined
                ? undefined
                : ours(severalIn(resource, place.attribute), place, true)?.[place.sub];
      const text = typeof value === 'string' ? value : fromWire(value, undefined);
      if (text) fields[field] = text;
    }
    const custom = this.part(resource, this.customSchema);
    for (const one in custom) {
      const text = fromWire(custom[one], this.type(one));
      if (text) fields[customField(one)] = text;
    }
    return fields;
  }

  private part(resource: Resource, id: string): Resource {
    const part = resource[nameOf(resource, id)];
    return isObject(part) ? part : {};
  }
}

/** Full names of schemas are compared without case (RFC 7643, 2.1), and a server may write them its own way. */
function nameOf(resource: Resource, id: string): string {
  if (id in resource) return id;
  const lower = id.toLowerCase();
  for (const name in resource) if (name.length === id.length && name.toLowerCase() === lower) return name;
  return id;
}

export function formattedName({ displayName, givenName, familyName }: Fields): string | undefined {
  return displayName ?? ([givenName, familyName].filter(Boolean).join(' ') || undefined);
}

function put(holder: Resource, name: string, value: unknown): void {
  if (value === undefined) delete holder[name];
  else holder[name] = value;
}

function plain(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}
