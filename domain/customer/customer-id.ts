/** Ids are seen by everybody who sees the engine, and stand in workflow ids, search attributes and file names: short, plain, never personal. */
export function isCustomerId(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value);
}
