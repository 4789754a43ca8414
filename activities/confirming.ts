import type { Directory, Whereabouts } from '../adapters/directory/directory';
import type { LeaverStore } from '../adapters/store/leaver-store';
import type { Writer } from '../adapters/store/lease-store';

/** Asked about at once: four batches of nineteen people, which travel together; their answers are kept before the next, so that a tenant in trouble costs little. */
export const confirmedAtOnce = 76;
/** More than the batches need, so that each has one of its own and another to take over. */
const controls = 40;

/** What became of these people, each beside a member of this run who shows that the answers can be trusted. */
export async function whereaboutsOf(
  memberIds: readonly string[],
  { directory, leavers, writer, signal }: { directory: Directory; leavers: LeaverStore; writer: Writer; signal: AbortSignal },
): Promise<Whereabouts[]> {
  return directory.confirm(memberIds, await leavers.controls(writer.customerId, writer.runId, controls), signal);
}
