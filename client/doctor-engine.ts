import type { Connection } from '@temporalio/client';
import { lackingIn, registeringCommand, searchAttributeNames } from '../adapters/engine/search-attributes';
import type { Finding } from './doctor';
import { pollersOf } from './pollers';
import { connectEngine } from './rollcall-client';
import type { ConnectionSettings } from './settings';
import { toldFailure } from './told-failure';

const patience = 10_000; // ms

/** Temporal, its namespace, the search attributes and who polls the task queues; stops at the first that the others need. */
export async function* examineEngine(settings: ConnectionSettings, [workflows, long]: readonly [string, string]): AsyncIterable<Finding> {
  const { namespace } = settings;
  let connection: Connection | undefined;
  const look = async (part: string, examined: () => Promise<Omit<Finding, 'part'>>): Promise<Finding> => {
    try {
      return { part, ...(await (connection ? connection.withDeadline(Date.now() + patience, examined) : examined())) };
    } catch (error) {
      const { faults, remedy } = toldFailure(error);
      return { part, is: 'ill', says: faults.join('; '), remedy };
    }
  };
  try {
    const server = await look('Temporal', async () => {
      connection = await connectEngine(settings);
      const { serverVersion } = await connection.workflowService.getSystemInfo({});
      return { is: 'well', says: `version ${serverVersion} answers at ${settings.address}` };
    });
    yield server;
    if (!connection || server.is === 'ill') return;
    const { workflowService, operatorService } = connection;

    const place = await look('namespace', async () => {
      const { config } = await workflowService.describeNamespace({ namespace });
      const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400;
      return { is: 'well', says: `${namespace}, closed workflows are kept for ${Number(days.toFixed(1))} days` };
    });
    yield place;
    if (place.is === 'ill') return;

    yield await look('search attributes', async () => {
      const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
      const lacking = lackingIn(customAttributes);
      if (lacking.length === 0) return { is: 'well', says: `all ${searchAttributeNames.length} are registered` };
      return {
        is: 'ill',
        says: `missing or of another type: ${lacking.join(', ')}`,
        remedy: `A worker registers what is missing at its start. Where it may not: ${registeringCommand(namespace, lacking)}`,
      };
    });

    const engine = { connection, options: { namespace } };
    for (const [queue, kinds] of [
      [workflows, ['workflow', 'activity']],
      [long, ['activity']],
    ] as const) {
      yield await look(`task queue ${queue}`, async () => {
        const polled = await Promise.all(kinds.map(async (kind) => [kind, await pollersOf(engine, queue, kind)] as const));
        const idle = polled.filter(([, pollers]) => pollers.length === 0).map(([kind]) => kind);
        if (idle.length > 0)
          return {
            is: 'ill',
            says: `nobody takes its ${idle.join(' and ')} tasks`,
            remedy: 'Start a worker: npm run worker (ROLLCALL_ROLES says for which queues).',
          };
        return { is: 'well', says: `polled by ${[...new Set(polled.flatMap(([, pollers]) => pollers))].join(', ')}` };
      });
    }
  } finally {
    await connection?.close();
  }
}
