const minute = 60_000; // ms

/** Where in its cadence a customer's turn comes, in milliseconds: by its id, so that a thousand customers don't start at the same moment. */
export function offsetOf(customerId: string, everyMinutes: number): number {
  let hash = 0x811c9dc5; // FNV-1a, 32 bits
  for (let at = 0; at < customerId.length; at += 1) hash = Math.imul(hash ^ customerId.charCodeAt(at), 0x01000193) >>> 0;
  return hash % (everyMinutes * minute);
}

/** When the Schedule starts the next run. Its intervals are counted from 1970 (Temporal's documentation, "Schedules: intervals"). */
export function nextRunAt(customerId: string, everyMinutes: number, now: number): string {
  const every = everyMinutes * minute;
  const offset = offsetOf(customerId, everyMinutes);
  return new Date(Math.floor((now - offset) / every + 1) * every + offset).toISOString();
}
