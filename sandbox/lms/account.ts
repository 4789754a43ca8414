import type { UserAttributes, UserResource } from './scim';

export interface Account {
  id: string;
  userName: string;
  externalId: string | undefined;
  active: boolean | null;
  emails: readonly string[];
  created: string;
  version: number;
  /** The resource as it is answered, ready-made: reading costs nothing, and this is all that is kept. */
  json: string;
}

interface Making {
  id: string;
  attributes: UserAttributes;
  /** The JSON of the attributes. */
  text: string;
  created: string;
  lastModified: string;
  location: string;
  version: number;
}

export function makeAccount({ id, attributes, text, created, lastModified, location, version }: Making): Account {
  const { userName, externalId, active = null, emails } = attributes;
  // By hand, since nothing in it needs escaping but the quotes around a version.
  const meta = `{"resourceType":"User","created":"${created}","lastModified":"${lastModified}","location":"${location}","version":"W/\\"${version}\\""}`;
  const json = `${text.slice(0, -1)}${idPart(id)},"meta":${meta}}`;
  return { id, userName, externalId, active, emails: addresses(emails), created, version, json };
}

export function etagOf(version: number): string {
  return `W/"${version}"`;
}

export function resourceOf({ json }: Account): UserResource {
  return JSON.parse(json) as UserResource;
}

/** A copy to change, without what the server adds. */
export function attributesOf(account: Account): UserAttributes {
  const { id: _id, meta: _meta, ...attributes } = resourceOf(account);
  return attributes;
}

/** Compared as text: both were written in the same order of attributes, and the id follows the last one. */
export function isSame({ id, json }: Account, text: string): boolean {
  return json.startsWith(idPart(id), text.length - 1) && json.startsWith(text.slice(0, -1));
}

function idPart(id: string): string {
  return `,"id":${JSON.stringify(id)}`;
}

const none: readonly string[] = [];

export function addresses(emails: UserAttributes['emails']): readonly string[] {
  if (!emails || emails.length === 0) return none;
  if (emails.length === 1) return emails[0]?.value ? [emails[0].value.toLowerCase()] : none;
  return [...new Set(emails.flatMap(({ value }) => (value ? [value.toLowerCase()] : [])))];
}
