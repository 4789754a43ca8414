/** A word of the other side that may go into a failure's detail: a code or an id, never a sentence, for that may name people. */
export function plainWord(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,80}$/.test(value) ? value : undefined;
}

/** Object ids are GUIDs: letter case means nothing. */
export function sameId(one: unknown, other: string): boolean {
  return typeof one === 'string' && one.toLowerCase() === other.toLowerCase();
}
