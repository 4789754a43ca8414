/** Why Temporal’s settings can’t be read. Of a temporal.toml that is no TOML the parser shows the lines around the fault, where the API key may stand. */
export function settingsFault(error: unknown): string {
  const { message, line } = error as { message?: string; line?: unknown };
  const [first = ''] = (message ?? String(error)).split('\n');
  return typeof line === 'number' ? `${first} (line ${line})` : first;
}
