import type { Account, AccountChange, Fields, ManagerReference } from '../../../domain/account';
import type { Memory } from './memory';
import { customName, placeOf, type Place, type Several } from './places';
import { formattedName, type Resources, type ShownAccount } from './resource';
import { withOurs } from './several';
import { isSameValue, toWire } from './values';
import { isObject, urn, type Resource } from './words';

export interface Operation {
  op: 'replace' | 'remove';
  path: string;
  value?: unknown;
}

/** One part of a change, as small as the portable PATCH lets it be. It can be made by PATCH or laid over a whole user for PUT, and it knows what of it an account shows. */
export interface Item {
  /** Those of the change that go together; `userName`, `externalId`, `active` and `manager` count as fields here. */
  fields: readonly string[];
  clears: boolean;
  /** Without it the change as a whole makes no sense. */
  isNeeded?: boolean;
  /** Whether the operations depend on what the account holds (`before`), or will hold once all items are laid over it (`after`). */
  needsCurrent?: boolean;
  operations(before?: Resource, after?: Resource): Operation[];
  lay(resource: Resource): void;
  /** The fields of it that the account does not show as they were written. */
  unshown(account: ShownAccount): string[];
}

/** Where a manager stands in a PATCH: servers take one form or the other, few take both. */
export type ManagerForm = 'object' | 'value';

export class Items {
  constructor(
    private readonly resources: Resources,
    private readonly memory: Memory,
    private readonly customSchema: string,
    private readonly keyOf: (userName: string) => string,
    private readonly isSent: (field: string) => boolean,
  ) {}

  /** All of a change but the manager. Whether somebody is active comes first: of a PATCH that is half applied, that half. */
  of({ active, userName, externalId, set, clear }: AccountChange): Item[] {
    const texts = new Map<string, string | undefined>();
    for (const field of clear) if (this.isSent(field)) texts.set(field, undefined);
    for (const [field, text] of Object.entries(set)) if (this.isSent(field)) texts.set(field, text);
    const items: Item[] = [];
    if (active !== undefined)
      items.push({ ...plain('active', active, (account) => account.active === active || account.hidesActive === true), isNeeded: true });
    if (userName !== undefined)
      items.push({ ...plain('userName', userName, (account) => this.keyOf(account.userName) === this.keyOf(userName)), isNeeded: true });
    if (externalId !== undefined && this.isSent('externalId'))
      items.push(plain('externalId', externalId, (account) => account.externalId?.toLowerCase() === externalId.toLowerCase()));
    const several = new Map<Several, [SeveralPlace, string | undefined, string][]>();
    for (const [field, text] of texts) {
      const place = placeOf(field);
      if (place?.in === 'several') several.set(place.attribute, [...(several.get(place.attribute) ?? []), [place, text, field]]);
      else items.push(this.single(field, place, text));
    }
    for (const [attribute, entries] of several) items.push(this.several(attribute, entries));
    if (this.memory.facts.needsNameFormatted && ['displayName', 'givenName', 'familyName'].some((field) => texts.has(field)))
      items.push(this.formatted());
    return items;
  }

  manager(manager: ManagerReference | null, form: ManagerForm): Item {
    const path = `${urn.enterprise}:manager`;
    const id = manager?.accountId;
    const operation: Operation =
      id === undefined
        ? { op: 'remove', path }
        : form === 'object'
          ? { op: 'replace', path, value: { value: id } }
          : { op: 'replace', path: `${path}.value`, value: id };
    return {
      fields: ['manager'],
      clears: id === undefined,
      operations: () => [operation],
      lay: (resource) => {
        const part = this.resources.extension(resource, urn.enterprise);
        if (id === undefined) delete part.manager;
        else part.manager = { value: id };
      },
      unshown: ({ managerAccountId }) => (managerAccountId === id ? [] : ['manager']),
    };
  }

  /** Whether an account shows what was written. Spelling that a server makes uniform (case, blanks, the signs in telephone numbers) is not its concern. */
  shows(account: Account, field: string, text: string | undefined): boolean {
    const shown = account.fields[field];
    if (shown === undefined || text === undefined) return shown === text;
    return this.isSame(field, text, shown) || uniform(shown) === uniform(text);
  }

  isSame(field: string, one: string, other: string): boolean {
    return isSameValue(one, other, this.typeOf(field));
  }

  /** A value that the account shows in another form of its type reads back as it was written. */
  asSent(account: Account, sent: Fields): Account {
    let fields: Record<string, string> | undefined;
    for (const field in sent) {
      const [text, shown] = [sent[field], account.fields[field]];
      if (text === shown || text === undefined || shown === undefined || !this.isSame(field, text, shown)) continue;
      (fields ??= { ...account.fields })[field] = text;
    }
    return fields ? { ...account, fields } : account;
  }

  private typeOf(field: string) {
    const custom = customName(field);
    return custom === undefined ? undefined : this.resources.type(custom);
  }

  private single(field: string, place: Exclude<Place, SeveralPlace> | undefined, text: string | undefined): Item {
    const path = this.path(field, place);
    const value = text === undefined || place ? text : toWire(text, this.typeOf(field));
    return {
      fields: [field],
      clears: text === undefined,
      operations: () => [text === undefined ? { op: 'remove', path } : { op: 'replace', path, value }],
      lay: (resource) => this.resources.set(resource, field, text),
      unshown: (account) => (this.shows(account, field, text) ? [] : [field]),
    };
  }

  private path(field: string, place: Exclude<Place, SeveralPlace> | undefined): string {
    if (!place) return `${this.customSchema}:${customName(field) ?? field}`;
    if (place.in === 'enterprise') return `${urn.enterprise}:${place.attribute}`;
    return place.in === 'name' ? `name.${place.attribute}` : place.attribute;
  }

  /** Addresses and the like, as a whole list: a path that picks one of them is not portable. What others put into the list stays in it. */
  private several(attribute: Several, entries: readonly [SeveralPlace, string | undefined, string][]): Item {
    const changes = entries.map(([place, text]) => [place, text] as const);
    return {
      fields: entries.map(([, , field]) => field),
      clears: entries.every(([, text]) => text === undefined),
      needsCurrent: true,
      operations: (before = {}) => {
        const values = withOurs(before, attribute, changes);
        if (values.length > 0) return [{ op: 'replace', path: attribute, value: values }];
        return before[attribute] === undefined ? [] : [{ op: 'remove', path: attribute }];
      },
      lay: (resource) => entries.forEach(([, text, field]) => this.resources.set(resource, field, text)),
      unshown: (account) =>
        entries.flatMap(([, text, field]) =>
          this.shows(account, field, text) || (attribute === 'emails' && text === undefined) ? [] : [field],
        ), // without ours, another e-mail address may be shown
    };
  }

  /** The formatted name that one server wants everybody to have. */
  formatted(): Item {
    const of = (resource: Resource) => formattedName(this.resources.account(resource).fields);
    return {
      fields: [],
      clears: false,
      needsCurrent: true,
      operations: (_before, after = {}) => [{ op: 'replace', path: 'name.formatted', value: of(after) ?? after.userName }],
      lay: (resource) => this.resources.formatName(resource, this.resources.account(resource).fields),
      unshown: () => [],
    };
  }
}

type SeveralPlace = Extract<Place, { in: 'several' }>;

function plain(
  attribute: 'active' | 'userName' | 'externalId',
  value: string | boolean,
  isShown: (account: ShownAccount) => boolean,
): Item {
  return {
    fields: [attribute],
    clears: false,
    operations: () => [{ op: 'replace', path: attribute, value }],
    lay: (resource) => void (resource[attribute] = value),
    unshown: (account) => (isShown(account) ? [] : [attribute]),
  };
}

function uniform(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\-().]/g, '');
}

/** A user that was read, as it may be sent back whole: without what the server alone writes and without what is empty. */
export function writable(current: Resource): Resource {
  const { meta: _meta, groups: _groups, ...rest } = structuredClone(current);
  return rest;
}

export function tidy(resource: Resource): Resource {
  const kept = Object.fromEntries(Object.entries(resource).filter(([, value]) => !isEmpty(value)));
  const extensions = Object.keys(kept).filter((name) => name.startsWith('urn:'));
  const listed = Array.isArray(kept.schemas)
    ? kept.schemas.filter((one): one is string => typeof one === 'string' && one !== urn.user && extensions.includes(one))
    : [];
  return { ...kept, schemas: [urn.user, ...new Set([...listed, ...extensions])] };
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}
