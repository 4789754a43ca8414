/** `2026-11-24 08:00 UTC`: for reading; nobody counts an operator's seconds. */
export function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
