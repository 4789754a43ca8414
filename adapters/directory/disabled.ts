import { batchSize, fourAtATime, inPieces, type BatchAnswer, type BatchItem, type Batches } from './batches';

/** Asks whether somebody may sign in. Only the id and `accountEnabled` travel. */
export function isEnabledItem(item: string, person: string): BatchItem {
  return { id: item, method: 'GET', url: `/users/${encodeURIComponent(person)}?$select=id,accountEnabled` };
}

/** Null (a missing permission), a refusal and no answer prove nothing. */
export function saysDisabled(answer: BatchAnswer | undefined): boolean {
  return answer?.status === 200 && (answer.body as { accountEnabled?: unknown } | undefined)?.accountEnabled === false;
}

export async function disabledAmong(memberIds: readonly string[], batches: Batches, signal: AbortSignal): Promise<string[]> {
  const pieces = await fourAtATime(inPieces([...new Set(memberIds)], batchSize), async (piece) => {
    const answers = await batches.ask(
      piece.map((id) => isEnabledItem(id, id)),
      signal,
    );
    return piece.filter((id) => saysDisabled(answers.get(id)?.answer));
  });
  return pieces.flat();
}
