/** The whole number that a flag of a command holds. */
export function wholeNumber(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${flag} expects a whole number, not "${text}"`);
  return Number(text);
}
