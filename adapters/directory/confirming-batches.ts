/** People who are asked about together, and the member who shows that the answers can be trusted. */
export interface ConfirmingBatch {
  people: string[];
  control: string;
  /** Takes over where `control` does not answer as a member; none where only one is known. */
  spare?: string;
}

/** Graph takes 20 a batch, one of them the control. */
export const peoplePerBatch = 19;

/**
 * Groups people by 19, each once, every batch with a control of its own while they last. Somebody who is asked about vouches for nobody; without anybody
 * else there is no batch at all.
 */
export function confirmingBatches(memberIds: readonly string[], controls: readonly string[]): ConfirmingBatch[] {
  const people = [...new Set(memberIds)];
  const asked = new Set(people);
  const trusted = [...new Set(controls)].filter((id) => !asked.has(id));
  if (trusted.length === 0) return [];
  const batches: ConfirmingBatch[] = [];
  for (let start = 0; start < people.length; start += peoplePerBatch) {
    const turn = batches.length;
    const control = trusted[turn % trusted.length] as string;
    const spare = trusted[(turn + 1) % trusted.length];
    batches.push({ people: people.slice(start, start + peoplePerBatch), control, spare: spare === control ? undefined : spare });
  }
  return batches;
}
