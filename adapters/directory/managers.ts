import type { DirectoryMember } from '../../domain/member';
import { batchSize, fourAtATime, inPieces, type BatchItem, type Batches } from './batches';
import { Failure } from '../../domain/failure';
import { graphFailure } from './graph-failures';
import { managerExpansion } from './member-query';

/** Each member's manager by the member's id, `null` for none: what `$expand` gives in the plain way, for a tenant where it does not. */
export async function managersOf(
  ids: readonly string[],
  attributes: readonly string[],
  batches: Batches,
  signal: AbortSignal,
): Promise<Map<string, DirectoryMember['manager']>> {
  const pieces = await fourAtATime(inPieces([...new Set(ids)], batchSize), async (piece) => {
    const answers = await batches.ask(
      piece.map((id) => requestOf(id, attributes)),
      signal,
    );
    return piece.map((id): [string, DirectoryMember['manager']] => {
      const answer = answers.get(id)?.answer;
      if (!answer) throw new Failure('DirectoryUnavailable', '(a batch without an answer about a manager)');
      if (answer.status === 404) return [id, null]; // the member was deleted since the page was read
      // Anything else than an answer must not pass for "has no manager".
      if (answer.refusal) throw graphFailure(answer.refusal);
      return [id, managerIn(answer.body)];
    });
  });
  return new Map(pieces.flat());
}

function requestOf(id: string, attributes: readonly string[]): BatchItem {
  return { id, method: 'GET', url: `/users/${encodeURIComponent(id)}?$select=id&$expand=${managerExpansion(attributes)}` };
}

function managerIn(body: unknown): DirectoryMember['manager'] {
  const { manager } = (body ?? {}) as { manager?: DirectoryMember['manager'] };
  return typeof manager?.id === 'string' ? manager : null;
}
