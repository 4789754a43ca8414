import { Client, Connection } from '@temporalio/client';
import { registerSearchAttributes, requireSearchAttributes } from '../../../adapters/engine/register-search-attributes';
import { customerKey, searchAttributeNames } from '../../../adapters/engine/search-attributes';
import { examineEngine } from '../../../client/doctor-engine';
import { toldFailure } from '../../../client/told-failure';
import { taskQueue, syncTaskQueue } from '../../../domain/workflow-ids';
import { startTemporal } from '../../../sandbox/servers';
import { forAllTests } from '../opened';

jest.setTimeout(60_000);

/** A server on which nobody has registered anything. */
async function openServer() {
  const server = await startTemporal({ own: true, headless: true, say: () => undefined });
  const connection = await Connection.connect(server.connectionOptions);
  const close = async () => {
    await connection.close();
    await server.stop();
  };
  return { connection, address: server.address, namespace: server.namespace, close };
}

let server: Awaited<ReturnType<typeof openServer>>;
forAllTests(openServer, (opened) => (server = opened), 600_000);

const addCustomer = () =>
  new Client(server).workflow.start('customer', {
    workflowId: 'customer/acme',
    taskQueue,
    typedSearchAttributes: [{ key: customerKey, value: 'acme' }],
  });

test('a fresh server has no search attributes of ours; a worker that starts registers them, and then a customer can be added', async () => {
  const { connection, namespace, address } = server;
  const command = /temporal operator search-attribute create --namespace \S+ --name RollcallCustomer --type Keyword .*--type Datetime/;
  await expect(requireSearchAttributes(connection, namespace)).rejects.toThrow(command);
  const settings = { connectionOptions: { address }, address, namespace, from: 'the test' };
  const findings: unknown[] = [];
  for await (const finding of examineEngine(settings, [taskQueue, syncTaskQueue])) findings.push(finding);
  expect(findings).toContainEqual(
    expect.objectContaining({ part: 'search attributes', is: 'ill', remedy: expect.stringMatching(command) }),
  );
  for (const refused of [addCustomer(), new Client(server).workflow.count("RollcallCustomer = 'acme'")]) {
    const failure = await refused.then(
      () => undefined,
      (error: unknown) => toldFailure(error),
    );
    expect(failure).toMatchObject({
      code: 'SearchAttributesMissing',
      faults: [expect.stringContaining('RollcallCustomer')],
      remedy: expect.stringContaining('npm run worker'),
      exit: 3,
    });
  }

  expect(await registerSearchAttributes(connection, namespace)).toEqual(searchAttributeNames);
  await requireSearchAttributes(connection, namespace);
  await addCustomer();
  expect(await registerSearchAttributes(connection, namespace)).toEqual([]);
});
