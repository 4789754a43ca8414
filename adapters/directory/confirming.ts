import { batchSize, fourAtATime, inPieces, type BatchAnswer, type BatchItem, type Batches } from './batches';
import { confirmingBatches, type ConfirmingBatch } from './confirming-batches';
import { directGroups } from './direct-groups';
import type { Whereabouts } from './directory';
import type { GraphRequests } from './graph-requests';
import { sameId } from './told';

export interface ConfirmingOptions {
  groupId: string;
  requests: GraphRequests;
  batches: Batches;
}

/** What `checkMemberGroups` tells; it follows nested groups, so `out` is proof, and `in` is not the last word. */
type Told = 'in' | 'out' | 'gone' | 'nothing';

/** Asks about each person who was not among the members: whatever proves nothing is `unknown`. */
export class Confirming {
  constructor(private readonly options: ConfirmingOptions) {}

  async confirm(memberIds: readonly string[], controls: readonly string[], signal: AbortSignal): Promise<Whereabouts[]> {
    const told = new Map((await fourAtATime(confirmingBatches(memberIds, controls), (batch) => this.askBatch(batch, signal))).flat());
    const those = (which: Told) => [...told].filter(([, what]) => what === which).map(([id]) => id);
    const is = new Map<string, Whereabouts['is']>([
      ...those('out').map((id) => [id, 'left'] as const),
      ...(await this.amongDeleted(those('gone'), signal)),
      ...(await this.directOrNested(those('in'), signal)),
    ]);
    return [...new Set(memberIds)].map((memberId) => ({ memberId, is: is.get(memberId) ?? 'unknown' }));
  }

  /** An empty answer can also mean that the application may not see the group: it counts only beside a control that answers with the group. */
  private async askBatch({ people, control, spare }: ConfirmingBatch, signal: AbortSignal): Promise<[string, Told][]> {
    const { groupId, batches } = this.options;
    const answers = await batches.ask(
      people.map((id) => checkOf(id, id, groupId)),
      signal,
      checkOf('control', control, groupId),
    );
    const proven = people.map((id): [string, Told] => {
      const answered = answers.get(id);
      const vouched = answered?.companion && toldBy(answered.companion, groupId) === 'in';
      return [id, vouched ? toldBy(answered.answer, groupId) : 'nothing'];
    });
    const unvouched = people.filter((id) => toldBy(answers.get(id)?.companion, groupId) !== 'in');
    // The control itself may have left since it was read.
    if (unvouched.length === 0 || spare === undefined) return proven;
    const again = await this.askBatch({ people: unvouched, control: spare }, signal);
    return [...new Map([...proven, ...again])];
  }

  /** A bare 404 is no proof of deletion: it also follows from a wrong tenant. The list of deleted items is. */
  private async amongDeleted(ids: readonly string[], signal: AbortSignal): Promise<[string, Whereabouts['is']][]> {
    const { batches } = this.options;
    const pieces = await fourAtATime(inPieces(ids, batchSize), async (piece) => {
      const items = piece.map((id): BatchItem => ({
        id,
        method: 'GET',
        url: `/directory/deletedItems/${encodeURIComponent(id)}?$select=id`,
      }));
      const answers = await batches.ask(items, signal);
      return piece.map((id): [string, Whereabouts['is']] => [id, isItem(answers.get(id)?.answer, id) ? 'deleted' : 'unknown']);
    });
    return pieces.flat();
  }

  private async directOrNested(ids: readonly string[], signal: AbortSignal): Promise<[string, Whereabouts['is']][]> {
    const { groupId, requests, batches } = this.options;
    const pieces = await fourAtATime(inPieces(ids, batchSize / 2), (piece) => directGroups(piece, groupId, { requests, batches }, signal));
    return pieces.flat();
  }
}

function checkOf(item: string, person: string, groupId: string): BatchItem {
  return { id: item, method: 'POST', url: `/users/${encodeURIComponent(person)}/checkMemberGroups`, body: { groupIds: [groupId] } };
}

function toldBy(answer: BatchAnswer | undefined, groupId: string): Told {
  if (!answer) return 'nothing';
  // Something in between may say 404 as well; Graph says it in its own words.
  if (answer.status === 404) return answer.refusal?.code === undefined ? 'nothing' : 'gone';
  const { value } = (answer.body ?? {}) as { value?: unknown };
  if (answer.status !== 200 || !Array.isArray(value)) return 'nothing';
  if (value.some((id) => sameId(id, groupId))) return 'in';
  return value.length === 0 ? 'out' : 'nothing';
}

function isItem(answer: BatchAnswer | undefined, id: string): boolean {
  return answer?.status === 200 && sameId((answer.body as { id?: unknown } | undefined)?.id, id);
}
