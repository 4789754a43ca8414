import type { OtherMember } from '../people/person';
import { otherWith, userDefaults, userWith } from './properties';
import type { Entry, Tenant } from './tenant';

/** What a user is to look like; equal keys share ready-made JSON. */
export interface Shape {
  select?: readonly string[];
  expandManager?: readonly string[];
  /** Outside a cast, objects say what they are. */
  typed: boolean;
  /** Without User.Read.All everything but the id is null. */
  unreadable: boolean;
  /** Whether a contact is shown in full, as a manager too. */
  contacts: boolean;
}

interface Made {
  json: string;
  version: number;
  /** Whose new mail makes another JSON of the report; looked up again as long as there is none. */
  manager?: Entry;
  managerVersion?: number;
}

const keptShapes = 8;

/** A contact, a device or a principal. Without a permission of its own whatever else was asked for is null; for the last two nobody here has it. */
export function otherJson(other: OtherMember, contacts: boolean, select?: readonly string[]): Record<string, unknown> {
  const shown =
    contacts && other.type === 'orgContact'
      ? otherWith(other, select)
      : { ...Object.fromEntries((select ?? ['displayName']).map((name) => [name, null])), id: other.id };
  return { '@odata.type': `#microsoft.graph.${other.type}`, ...shown };
}

/** Users as JSON, made once per shape and made again when they or their managers change: a page of 999 is a join. */
export class UserJson {
  private readonly shapes = new Map<string, Map<string, Made>>();

  constructor(private readonly tenant: Tenant) {}

  of(shape: Shape): (entry: Entry) => string {
    const made = this.kept(JSON.stringify([shape.select, shape.expandManager, shape.typed, shape.unreadable, shape.contacts]));
    const managerJson =
      shape.expandManager && this.of({ ...shape, select: shape.expandManager, expandManager: undefined, typed: true, unreadable: false });
    return (entry) => {
      const before = made.get(entry.person.id);
      const managerId = shape.expandManager && !shape.unreadable ? entry.person.managerId : null;
      const manager = before?.manager ?? (managerId === null ? undefined : this.tenant.people.get(managerId));
      // Another manager, or none, is another version of the person; deleting or restoring the manager is another version of theirs.
      if (before && before.version === entry.version && before.manager === manager && before.managerVersion === manager?.version)
        return before.json;
      const now = managerId === null ? undefined : this.tenant.people.get(managerId);
      // A manager's JSON is shared by all who report to them.
      const bossJson = now ? managerJson?.(now) : JSON.stringify(this.manager(entry, shape.contacts, shape.expandManager));
      const own = this.own(entry, shape);
      const json =
        managerId === null || bossJson === undefined ? own : `${own.slice(0, -1)}${own === '{}' ? '' : ','}"manager":${bossJson}}`;
      made.set(entry.person.id, { json, version: entry.version, manager: now, managerVersion: now?.version });
      return json;
    };
  }

  /** The manager as `$expand` and `/manager` show them: a user who is not deleted, or a contact. */
  manager(entry: Entry, contacts: boolean, select?: readonly string[]): Record<string, unknown> | undefined {
    const { managerId } = entry.person;
    const person = managerId === null ? undefined : this.tenant.people.get(managerId);
    if (person) return { '@odata.type': '#microsoft.graph.user', ...userWith(person.person, select ?? userDefaults) };
    const contact = managerId === null ? undefined : this.tenant.others.get(managerId);
    return contact && otherJson(contact, contacts, select);
  }

  clear(): void {
    this.shapes.clear();
  }

  private own({ person }: Entry, shape: Shape): string {
    const select = shape.select ?? userDefaults;
    const user: Record<string, unknown> = shape.typed || shape.unreadable ? { '@odata.type': '#microsoft.graph.user' } : {};
    if (!shape.unreadable) return JSON.stringify(userWith(person, select, user));
    for (const name of select) if (!name.startsWith('extension_')) user[name] = null;
    return JSON.stringify({ ...user, id: person.id });
  }

  private kept(key: string): Map<string, Made> {
    const made = this.shapes.get(key) ?? new Map<string, Made>();
    this.shapes.delete(key);
    this.shapes.set(key, made);
    const [oldest] = this.shapes.keys();
    if (this.shapes.size > keptShapes && oldest !== undefined) this.shapes.delete(oldest);
    return made;
  }
}
