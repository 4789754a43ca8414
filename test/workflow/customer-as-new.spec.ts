import { openStage, type Stage } from './stage';

jest.setTimeout(180_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close()); // undefined where the server did not start

test('a request for cancellation is a pause with a note, and the customer goes on as new', async () => {
  const acme = await stage.live('cancelled');
  const first = await acme.runId();
  await acme.handle.cancel();
  await stage.eventually(async () => (await acme.runId()) !== first);
  expect(await acme.ask('status')).toMatchObject({
    phase: 'hypercare',
    paused: { reason: 'cancellation was requested in Temporal', by: 'Temporal' },
  });
  expect(stage.world.followed.get('cancelled')).toMatchObject({ runs: { allowed: false, because: 'Paused' } });
  expect((await acme.update('resume', { by: 'Jo' })).status).toMatchObject({ runs: { allowed: true } });
});

test('a second request for cancellation leaves the first pause and its reason as they are', async () => {
  const acme = await stage.live('twice');
  await acme.update('pause', { reason: 'LMS migration', by: 'Jo' });
  const first = await acme.runId();
  await acme.anyRun().cancel();
  await stage.eventually(async () => (await acme.runId()) !== first);
  expect((await acme.ask('status')).paused).toMatchObject({ reason: 'LMS migration', by: 'Jo' });
});

test('a request for cancellation that comes while an update keeps the customer from going on as new is a pause too', async () => {
  const acme = await stage.live('late');
  const first = await acme.runId();
  stage.world.failing.testConnection = () => new Error('not yet'); // tried again until it is taken away
  const tests = () => stage.world.requestsOf('testConnection').filter(({ customerId }) => customerId === 'late').length;
  const before = tests();
  const pending = acme.update('testConnection', {});
  await stage.eventually(() => tests() > before);
  const length = async () => Number((await acme.anyRun().describe()).historyLength);
  const nonsense = {} as never; // is not heard, and makes the history longer
  while ((await length()) <= 1_550) await Promise.all(Array.from({ length: 60 }, () => acme.anyRun().signal('runClosed', nonsense)));
  await acme.anyRun().cancel();
  await stage.eventually(async () => (await acme.events()).at(-1) === 'workflowTaskCompletedEventAttributes');
  stage.world.failing = {};
  await pending;
  await stage.eventually(async () => (await acme.runId()) !== first);
  expect((await acme.ask('status')).paused).toMatchObject({ reason: 'cancellation was requested in Temporal' });
});

test('updates that rain in while the history grows long are all answered, and nothing is forgotten', async () => {
  const acme = await stage.live('long');
  const first = await acme.runId();
  const tests = () => stage.world.requestsOf('testConnection').filter(({ customerId }) => customerId === 'long').length;
  const before = tests();
  let left = 240;
  let answered = 0;
  const sender = async (): Promise<void> => {
    for (; left > 0; answered += 1) {
      left -= 1;
      await acme.update('testConnection', {});
    }
  };
  await Promise.all(Array.from({ length: 8 }, sender));
  expect({ answered, tests: tests() - before }).toEqual({ answered: 240, tests: 240 });
  expect(await acme.runId()).not.toBe(first);
  expect(await acme.ask('status')).toMatchObject({
    phase: 'hypercare',
    open: [],
    runs: { allowed: true },
    credentials: { directory: { counts: true }, target: { counts: true } },
  });
  expect((await acme.ask('runs')).map(({ mode }) => mode)).toEqual(['preview']);
});

test('runs that end meanwhile are heard by whichever run the customer has come to', async () => {
  const acme = await stage.live('hearing');
  const first = await acme.runId();
  await acme.handle.cancel();
  await Promise.all(Array.from({ length: 15 }, (_none, n) => acme.closeRun({ runId: `r${n}` })));
  await stage.eventually(async () => (await acme.runId()) !== first);
  expect(await acme.ask('runs')).toHaveLength(16);
});

test('customers can be searched by phase, health, holds and last success', async () => {
  const acme = await stage.live('searched');
  await acme.closeRun({ runId: 'r1', outcome: 'held', openHolds: 7, endedAt: '2026-11-24T09:00:00.000Z' });
  const { typedSearchAttributes } = await acme.anyRun().describe();
  expect(Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]))).toMatchObject({
    RollcallCustomer: 'searched',
    RollcallPhase: 'hypercare',
    RollcallHealth: 'degraded',
    RollcallHolds: 7,
    RollcallLastSuccessAt: new Date('2026-11-24T09:00:00Z'),
  });
});

test('what the UI offers says of every message what it does, with JSON to copy', async () => {
  const acme = await stage.live('described');
  const metadata = await acme.anyRun().query<{
    definition: { updateDefinitions: { name: string; description: string }[]; queryDefinitions: { name: string; description: string }[] };
    currentDetails: string;
  }>('__temporal_workflow_metadata');
  for (const { description } of metadata.definition.updateDefinitions) expect(description).toMatch(/: \{.*\}$/);
  expect(metadata.definition.updateDefinitions).toHaveLength(10);
  expect(
    metadata.definition.queryDefinitions
      .filter(({ name }) => !name.startsWith('__'))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['checklist', 'runs', 'status']);
  expect(metadata.currentDetails).toContain('**Next**: update `syncNow`');
});
