import type { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';

/** All that the engine can show of one workflow run. */
export interface Told {
  workflowId: string;
  /** The events as the server keeps them. */
  raw: Buffer;
  /** Every payload of every event as whoever has the keys reads it. */
  decoded: Buffer;
  /** Its listing: id, type, search attributes, memo. */
  listing: Buffer;
}

export async function everyHistory(client: Client, codec: PayloadCodec): Promise<Told[]> {
  const told: Told[] = [];
  for await (const { workflowId, runId, raw } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const payloads = [...payloadsIn(events)];
    const decoded = await codec.decode(payloads);
    told.push({
      workflowId,
      raw: Buffer.from(temporal.api.history.v1.History.encode({ events: events ?? [] }).finish()),
      decoded: Buffer.concat(decoded.map(({ data }) => Buffer.from(data ?? []))),
      listing: Buffer.from(temporal.api.workflow.v1.WorkflowExecutionInfo.encode(raw).finish()),
    });
  }
  return told;
}

/** Wherever they lie: arguments, results, failures' messages and details, heartbeats, summaries. */
function* payloadsIn(value: unknown): Iterable<Payload> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  const { metadata, data } = value as Payload;
  if (metadata && typeof metadata === 'object' && ArrayBuffer.isView(data)) yield value;
  else for (const inner of Object.values(value)) yield* payloadsIn(inner);
}
