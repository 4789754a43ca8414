import type { Leaving, Settings } from './settings';
import { fieldSources, nameSources, rules, type Reading } from './sources';
import { plain, type Person, type Truth } from './truth';

/** What the directory and the customer's choices make of one person. */
export type Standing =
  /** A member for whom an account is wanted. A field without a value is absent; `doubtful` ones have a value that the LMS must not get. */
  | { is: 'wanted'; userName: string; fields: ReadonlyMap<string, string>; doubtful: ReadonlySet<string> }
  /** A member who can't be synced: no user name, a required field is missing. */
  | { is: 'faulty' }
  /** A member whom a rule or the guests' policy keeps out. */
  | { is: 'excluded' }
  /** Nobody who should have an active account, and why. */
  | { is: 'gone'; because: Leaving }
  /** Out of the group, but still in it by another group. */
  | { is: 'nested' };

export function standingOf(person: Person, truth: Truth, settings: Settings): Standing {
  if (person.isDeleted) return { is: 'gone', because: 'deleted' };
  // That somebody is disabled is proof, whatever other group still reaches them.
  if (person.isNestedOnly) return person.accountEnabled ? { is: 'nested' } : { is: 'gone', because: 'disabled' };
  if (!person.isMember) return { is: 'gone', because: 'leftGroup' };
  if (isKeptOut(person, settings)) return { is: 'excluded' };
  if (!person.accountEnabled) return { is: 'gone', because: 'disabled' };
  const userName = userNameOf(person, settings);
  if (userName === undefined) return { is: 'faulty' };
  const { fields, doubtful } = fieldsOf(person, truth, settings);
  const lacks = Object.entries(settings.fields).some(([name, { required }]) => required && !fields.has(name));
  return lacks ? { is: 'faulty' } : { is: 'wanted', userName, fields, doubtful };
}

function isKeptOut(person: Person, { guests, include, exclude }: Settings): boolean {
  if (person.userType === 'Guest' && guests === 'exclude') return true;
  if (exclude.some((rule) => rules[rule].holds(person))) return true;
  return include.length > 0 && !include.some((rule) => rules[rule].holds(person));
}

/** Nothing where there is none, or where a tab or a line break stands in the middle of it: nobody means that. */
export function userNameOf(person: Person, { userName }: Settings): string | undefined {
  const raw = nameSources[userName].gives({ text: (attribute) => (person[attribute] as string | null) || undefined });
  return raw === undefined || /[\u0000-\u001f]/.test(raw.trim()) ? undefined : plain(raw);
}

function fieldsOf(person: Person, { people }: Truth, settings: Settings) {
  const { managerId } = person;
  const manager = people.find(({ id, isDeleted }) => id === managerId && !isDeleted); // of a contact the sync may read nothing
  const reading: Reading = { text: (attribute) => plain(person[attribute] as string | null), manager };
  const fields = new Map<string, string>();
  const doubtful = new Set<string>();
  for (const [name, setting] of Object.entries(settings.fields)) {
    const value = plain(fieldSources[setting.source].gives(reading)) ?? setting.default;
    if (value === undefined) continue;
    if (name === 'email' && !isAddress(value)) doubtful.add(name);
    else fields.set(name, value);
  }
  return { fields, doubtful };
}

const isAddress = (value: string) => /^[^\s@#]+@[^\s@]+\.[^\s@.]+$/.test(value);
