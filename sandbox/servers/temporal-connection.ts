import { Connection, type ConnectionOptions } from '@temporalio/client';

/** Connects, works, and closes whatever happened. */
export async function withConnection<T>(options: ConnectionOptions, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ connectTimeout: '10s', ...options });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Undefined if the server answers for this namespace within the time (ms), else why it doesn't. */
export async function answers(options: ConnectionOptions, namespace: string, timeoutMs: number): Promise<string | undefined> {
  try {
    await withConnection({ connectTimeout: timeoutMs, ...options }, (connection) =>
      connection.withDeadline(Date.now() + timeoutMs, () => connection.workflowService.describeNamespace({ namespace })),
    );
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
