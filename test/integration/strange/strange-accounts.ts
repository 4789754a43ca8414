import { randomUUID } from 'node:crypto';
import type { Habits } from './strange-habits';

export type User = Record<string, unknown>;

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly scimType?: string,
  ) {
    super(message);
  }
}

/** Keeps the users of a strange LMS as its habits are. */
export class StrangeAccounts {
  readonly users: User[] = [];
  private readonly versions = new WeakMap<User, number>();
  private readonly before = new WeakMap<User, User>();
  private numbers = 1000;

  constructor(private readonly habits: Habits) {}

  /** Made by hand in the LMS, not by its API. */
  add(user: User): User {
    const added = { id: this.newId(String(user.userName)), active: true, ...user };
    this.users.push(added);
    return added;
  }

  get(id: string, whenUnknown = 404): User {
    const user = this.users.find((one) => String(one.id) === id);
    if (!user) throw new Refused(whenUnknown, 'Resource not found');
    return user;
  }

  version(user: User): string {
    return `W/"${this.versions.get(user) ?? 1}"`;
  }

  shown(user: User): User {
    const { active } = user;
    const shown: User = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ...Object.keys(user).filter((name) => name.startsWith('urn:'))],
      ...user,
      meta: { resourceType: 'User' },
    };
    if (this.habits.active === 'text' && typeof active === 'boolean') shown.active = active ? 'True' : 'False';
    if (this.habits.active === 'number') shown.active = Number(active);
    if (this.habits.active === 'hidden') delete shown.active;
    return shown;
  }

  shownBefore(user: User): User {
    return this.shown(this.before.get(user) ?? user);
  }

  matching(filter: string | undefined): User[] {
    const { habits } = this;
    if (filter === undefined || habits.filter === 'all') return [...this.users];
    if (typeof habits.filter === 'number') throw new Refused(habits.filter, 'The filter is not supported', 'invalidFilter');
    if (habits.filter === 'none') return [];
    const [, attribute = '', text = '""'] = /^(\w+) eq (".*")$/.exec(filter) ?? [];
    const wanted = JSON.parse(text) as string;
    const same = (value: unknown) => {
      if (typeof value !== 'string') return false;
      if (habits.filter === 'exact' || habits.names === 'sensitive') return value === wanted;
      return habits.filter === 'contains'
        ? value.toLowerCase().includes(wanted.toLowerCase())
        : value.toLowerCase() === wanted.toLowerCase();
    };
    return this.users.filter((user) => same(user[attribute]));
  }

  create(sent: User): User {
    if (this.habits.needsFormatted && !(sent.name as User | undefined)?.formatted)
      throw new Refused(400, 'name.formatted is required', 'invalidValue');
    const user = this.cleaned(sent, 'create');
    if (user.active === undefined) user.active = this.habits.active === 'nullWhenMissing' ? null : true;
    this.refuseTaken(user);
    const made = { id: this.newId(String(user.userName)), ...user };
    this.users.push(made);
    return made;
  }

  replace(user: User, sent: User): User {
    const next = this.cleaned(sent, 'put');
    delete next.id;
    this.refuseTaken(next, user);
    this.remember(user);
    for (const name of Object.keys(user)) if (name !== 'id') delete user[name];
    Object.assign(user, next);
    if (user.active === undefined) user.active = this.habits.active === 'nullWhenMissing' ? null : true;
    this.renamed(user);
    return user;
  }

  patch(user: User, sent: User): User {
    const operations = (sent.Operations ?? []) as { op: string; path?: string; value?: unknown }[];
    const next = this.habits.halfApplies ? user : structuredClone(user);
    this.remember(user);
    for (const { op, path, value } of operations) {
      if (path === undefined) {
        for (const [name, one] of Object.entries(value as User)) this.apply(next, op, name, one);
      } else this.apply(next, op, path, value);
    }
    this.refuseTaken(next, user);
    if (next !== user) {
      for (const name of Object.keys(user)) delete user[name];
      Object.assign(user, next);
    }
    this.renamed(user);
    return user;
  }

  private remember(user: User): void {
    this.before.set(user, structuredClone(user));
    this.versions.set(user, (this.versions.get(user) ?? 1) + 1);
  }

  private renamed(user: User): void {
    if (this.habits.id === 'userName') user.id = user.userName;
  }

  private apply(user: User, op: string, path: string, value: unknown): void {
    const { habits } = this;
    if (path.includes('[')) throw new Refused(400, 'Filter paths are not supported', 'invalidPath');
    if (op !== 'replace' && op !== 'remove' && op !== 'add') throw new Refused(400, `no such operation`, 'invalidSyntax');
    const colon = path.lastIndexOf(':');
    const holderName = path.startsWith('urn:') ? path.slice(0, colon) : undefined;
    const [attribute = '', sub] = path.slice(colon + 1).split('.');
    if (holderName?.startsWith('urn:ietf:params:scim:schemas:core')) throw new Refused(400, 'no core paths', 'invalidPath');
    if (this.isDropped(attribute, holderName)) return;
    if (op !== 'remove') this.judge(attribute, value);
    if (attribute === 'manager') return this.applyManager(user, op, sub, value);
    if (value === null && habits.nulls === 'refused') throw new Refused(400, `${attribute} may not be null`, 'invalidValue');
    if (op === 'remove' && habits.remove === 'refused') throw new Refused(400, `remove: ${path} cannot be removed`, 'noTarget');
    if (op === 'remove' && habits.remove === 'ignored') return;
    const holder = holderName === undefined ? user : ((user[holderName] ??= {}) as User);
    const inner = sub === undefined ? holder : ((holder[attribute] ??= {}) as User);
    const name = sub ?? attribute;
    if (op === 'remove') {
      if (habits.remove === 'empties') inner[name] = '';
      else delete inner[name];
    } else inner[name] = name === 'userName' ? this.nameOf(value) : value;
  }

  private applyManager(user: User, op: string, sub: string | undefined, value: unknown): void {
    const { habits } = this;
    const part = (user[enterprise] ??= {}) as User;
    if (habits.manager === 'none' || habits.manager === 'put' || habits.manager === 'create') return;
    if (op === 'remove') {
      if (habits.remove === 'refused') throw new Refused(400, 'cannot be removed', 'noTarget');
      if (habits.remove === 'ignored') return;
      if (habits.managerGone === 'absent') delete part.manager;
      else part.manager = habits.managerGone === 'null' ? null : { value: '' };
      return;
    }
    const form = sub === 'value' ? 'value' : typeof value === 'string' ? 'string' : 'object';
    if (habits.manager !== 'any' && habits.manager !== form) throw new Refused(400, 'manager: invalid value', 'invalidValue');
    part.manager = form === 'object' ? value : { value };
  }

  private cleaned(sent: User, how: 'create' | 'put'): User {
    const { habits } = this;
    const { schemas: _schemas, meta: _meta, ...kept } = structuredClone(sent);
    const user: User = {};
    for (const [name, value] of Object.entries(kept)) {
      if (value === null && habits.nulls === 'refused') throw new Refused(400, `${name} may not be null`, 'invalidValue');
      if (this.isDropped(name)) continue;
      this.judge(name, value);
      if (name.startsWith('urn:')) {
        const part = Object.fromEntries(Object.entries(value as User).filter(([inner]) => !this.isDropped(inner, name)));
        for (const [inner, one] of Object.entries(part)) this.judge(inner, one);
        if (part.manager !== undefined && (habits.manager === 'none' || (how === 'create' && habits.manager === 'put')))
          delete part.manager;
        if (Object.keys(part).length > 0) user[name] = part;
      } else user[name] = name === 'userName' ? this.nameOf(value) : value;
    }
    return user;
  }

  private judge(attribute: string, value: unknown): void {
    const words = this.habits.refuses?.(attribute, value);
    if (words !== undefined) throw new Refused(400, words, 'invalidValue');
  }

  private isDropped(attribute: string, holder?: string): boolean {
    const { drops, keepsExternalId, customSchema, refusesUnknown } = this.habits;
    if (attribute === 'externalId') return !keepsExternalId;
    const isEnterprise = attribute === enterprise || holder === enterprise;
    const isCustom = attribute === customSchema || holder === customSchema;
    if (refusesUnknown && holder === customSchema && attribute !== 'location')
      throw new Refused(400, `${attribute} is not defined by the schema`, 'invalidPath');
    return drops.includes(attribute) || (isEnterprise && drops.includes('enterprise')) || (isCustom && drops.includes('custom'));
  }

  private nameOf(value: unknown): unknown {
    if (typeof value !== 'string') throw new Refused(400, 'userName', 'invalidValue');
    const trimmed = this.habits.trimsNames ? value.trim() : value;
    return this.habits.lowersNames ? trimmed.toLowerCase() : trimmed;
  }

  private refuseTaken({ userName }: User, self?: User): void {
    const { habits } = this;
    if (typeof userName !== 'string' || userName === '') throw new Refused(400, 'userName is required', 'invalidValue');
    if (habits.names === 'shared') return;
    const key = (name: unknown) => (habits.names === 'sensitive' ? String(name) : String(name).toLowerCase());
    if (!this.users.some((one) => one !== self && key(one.userName) === key(userName))) return;
    throw new Refused(
      habits.conflict,
      habits.conflict === 500 ? 'Internal error' : 'userName already exists',
      habits.conflict === 500 ? undefined : 'uniqueness',
    );
  }

  private newId(userName: string): unknown {
    const { id } = this.habits;
    return id === 'userName' ? userName : id === 'number' ? ++this.numbers : randomUUID();
  }
}
