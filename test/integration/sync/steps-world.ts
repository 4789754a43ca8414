import { createHash, randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createLongActivities, createShortActivities } from '../../../activities';
import type { Dependencies } from '../../../activities/dependencies';
import type { KnownCustomer } from '../../../adapters/store/customer-store';
import type { Directory, Whereabouts } from '../../../adapters/directory/directory';
import { createEgressPolicy } from '../../../adapters/target/egress';
import { createScimTarget } from '../../../adapters/target/scim/scim-target';
import type { Configuration } from '../../../domain/configuration/configuration';
import type { Projection } from '../../../domain/customer/projection';
import { Failure } from '../../../domain/failure';
import type { DirectoryMember } from '../../../domain/member';
import type { Mode, Run, RunReport } from '../../../domain/run/run';
import { startLms } from '../../../sandbox/lms/lms';
import { urn } from '../../../sandbox/lms/scim';
import { forAllTests, forEachTest } from '../opened';
import { addCustomer, configuration as usual, openStore, type Store } from '../store/store-under-test';
import type { Lms } from './world';

let customers = 0;

/** One store for all tests of a file, an LMS for each. */
export function storeAndLms(): { readonly store: Store; readonly lms: Lms } {
  let store: Store | undefined;
  let lms: Lms | undefined;
  forAllTests(openStore, (opened) => (store = opened), 120_000);
  forEachTest(
    () => startLms({ kind: 'lean' }),
    (started) => (lms = started),
  );
  return {
    get store() {
      return store as Store;
    },
    get lms() {
      return lms as Lms;
    },
  };
}

export interface Person {
  id: string;
  mail: string;
  title?: string;
  disabled?: true;
  /** Object id of the manager. */
  boss?: string;
}

export const nth = (n: number): string => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
export const crowd = (size: number): Person[] =>
  Array.from({ length: size }, (_, n) => ({ id: nth(n + 1), mail: `p${n + 1}@acme.example` }));

/** The steps of runs as the workflow calls them, one after the other and without a Temporal server; store, LMS and SCIM client are the real ones, the directory is a list. */
export async function stepsOf(store: Store, lms: Lms, changes: Partial<Configuration> = {}) {
  const customerId = `steps-${(customers += 1)}`;
  await addCustomer(store, customerId);
  const configuration: Configuration = {
    ...usual,
    target: { type: 'scim', baseUrl: lms.baseUrl, customFieldsSchema: urn.custom, concurrency: 8 },
    fields: { title: { value: 'title' } } as unknown as Configuration['fields'],
    ...changes,
  };
  const decide = async (changes: Partial<Projection>) => {
    const { projection } = (await store.customers.find(customerId)) as KnownCustomer;
    await store.customers.follow({ ...projection, ...changes, decisions: projection.decisions + 1 });
  };
  const { projection } = (await store.customers.find(customerId)) as KnownCustomer;
  let { version } = projection.configuration;
  const configure = async (changes: Partial<Configuration>) => {
    version = await store.customers.keepConfiguration(customerId, version + 1, { ...configuration, ...changes }, 'test');
    await decide({ configuration: { ...projection.configuration, version } });
  };
  await configure({});
  let people: Person[] = [];
  let refusal: Failure | undefined;
  /** Asked about one by one, whatever the list says. */
  const told = new Map<string, Whereabouts['is']>();
  let asked = 0;
  let clock = 0; // ms ahead of the machine's
  const dependencies = {
    ...store,
    engine: { describeRun: () => Promise.resolve(undefined), signalRunClosed: () => Promise.resolve() },
    directoryOf: () =>
      Promise.resolve(
        listed(
          () => people,
          () => refusal,
          (id) => {
            asked += 1;
            return told.get(id) ?? 'left';
          },
        ),
      ),
    targetOf: async () =>
      createScimTarget({
        configuration: configuration.target,
        token: lms.token,
        memory: (await store.customers.find(customerId))?.targetMemory ?? {},
        egress: createEgressPolicy('127.0.0.1'),
      }),
    now: () => Date.now() + clock,
  } as unknown as Dependencies;
  return {
    customerId,
    configure,
    pass: (ms: number) => void (clock += ms),
    /** One attempt after the other for so many minutes, as the server has them; the last one fails so. */
    keepTrying: async (attempt: () => Promise<unknown>, minutes: number, failure: object) => {
      let last: unknown;
      for (const until = clock + minutes * 60_000; clock < until;) {
        clock += 30_000;
        last = await attempt().then(
          () => undefined,
          (error: unknown) => error,
        );
      }
      expect(last).toMatchObject(failure);
    },
    /** From now on every page of the directory is refused so; without a failure they come again. */
    refuse: (failure?: Failure) => void (refusal = failure),
    /** What the directory says when asked about this very person; of others, that they left. */
    tell: (id: string, is: Whereabouts['is']) => void told.set(id, is),
    /** About how many people it was asked so far. */
    asked: () => asked,
    decide,
    skipped: async (engine: object = {}) => {
      const deps = { ...dependencies, engine: { ...dependencies.engine, ...engine } };
      const opened = await createShortActivities(deps).openRun({ customerId, mode: 'sync', runId: randomUUID(), workflowId: 'other' });
      return 'skipped' in opened ? opened.skipped : undefined;
    },
    /** A run for these people, to be taken through its steps. */
    async open(now: Person[], mode: Mode = 'sync') {
      people = now;
      const [short, long] = [createShortActivities(dependencies), createLongActivities(dependencies)];
      const runId = randomUUID();
      const opened = await short.openRun({ customerId, mode, runId, workflowId: 'sync' });
      if ('skipped' in opened) throw new Error(opened.skipped.detail);
      const { run } = opened;
      const details = new Map<string, unknown>(); // of each step's last heartbeat
      const scheduledTimestampMs = Date.now() + clock;
      let running: MockActivityEnvironment | undefined;
      /** As a worker runs an activity: once, with what the attempt before it left. */
      const attempt = async <Result>(name: string, step: (run: Run) => Promise<Result>): Promise<Result> => {
        const environment = (running = new MockActivityEnvironment(
          { scheduledTimestampMs, heartbeatDetails: details.get(name) },
          { logger: new DefaultLogger('ERROR') },
        ));
        environment.on('heartbeat', (beat: unknown) => details.set(name, beat));
        return environment.run(step, run);
      };
      return {
        run,
        read: () => attempt('read', long.readDirectory),
        plan: async () => {
          await attempt('read', long.readDirectory);
          return attempt('plan', long.planChanges);
        },
        cancel: () => running?.cancel('CANCELLED'),
        /** One attempt of each step, with parts that may have been tampered with; throws as the step does. */
        write: async (tampered: Partial<Dependencies> = {}) => {
          const { upsertAccounts, setManagers, deactivateLeavers } = createLongActivities({ ...dependencies, ...tampered });
          await attempt('upsert', upsertAccounts);
          await attempt('manager', setManagers);
          await attempt('leaver', deactivateLeavers);
        },
        /** As if everything that this run was told had been told so much earlier. */
        age: async (ms: number) => {
          const parameters = [customerId, run.runId, ms];
          await store.database.rows(
            `update confirmation set asked_at = asked_at - $3 * interval '1 ms' where customer_id = $1 and run_id = $2`,
            parameters,
          );
          await store.database.rows(
            `update page set stored_at = stored_at - $3 * interval '1 ms' where customer_id = $1 and run_id = $2`,
            parameters,
          );
        },
        close: (outcome: RunReport['outcome'] = 'succeeded') => short.closeRun({ run, workflowId: 'sync', outcome }),
        rows: () =>
          store.database.rows<{ kind: string; memberId: string; outcome: string | null; code: string | null; detail: string | null }>(
            `select kind, member_id as "memberId", outcome, code, detail from change where customer_id = $1 and run_id = $2 order by stage desc, position`,
            [customerId, run.runId],
          ),
      };
    },
    /** A run whose writes reach the LMS, and whose results never reach the store but for so many batches; it is closed as one that was cancelled. */
    async unheard(now: Person[], batches = 0): Promise<void> {
      const run = await this.open(now);
      await run.plan();
      const { storeResults } = store.changes;
      let left = batches;
      const lost: typeof storeResults = async (writer, stage, results, sentUntil) => {
        if (results.length > 0 && (left -= 1) < 0) throw new Failure('StoreUnavailable');
        await storeResults(writer, stage, results, sentUntil);
      };
      await expect(run.write({ changes: { ...store.changes, storeResults: lost } })).rejects.toMatchObject({ type: 'StoreUnavailable' });
      await run.close('cancelled');
    },
    /** As if the LMS had last been read over a week ago. */
    letReadingAge: () =>
      store.database.rows(`update customer set reconciled_at = reconciled_at - interval '8 days' where customer_id = $1`, [customerId]),
    /** A whole run without anything unusual. */
    async sync(now: Person[]): Promise<RunReport> {
      const run = await this.open(now);
      await run.plan();
      await run.write();
      return run.close();
    },
  };
}

function listed(people: () => Person[], refusal: () => Failure | undefined, whereabouts: (id: string) => Whereabouts['is']): Directory {
  const member = ({ id, mail, title, disabled, boss }: Person): DirectoryMember => ({
    id,
    mail,
    userPrincipalName: mail,
    accountEnabled: !disabled,
    title: title ?? null,
    manager: boss ? { id: boss } : null,
  });
  const directory: Partial<Directory> = {
    group: () => Promise.resolve({ id: 'g' }),
    async *pages() {
      const members = people().map(member);
      const failure = await Promise.resolve(refusal());
      if (failure) throw failure;
      yield { fingerprint: createHash('md5').update(JSON.stringify(members)).digest('hex'), members: () => members };
    },
    confirm: (ids) => answer(() => ids.map((memberId) => ({ memberId, is: whereabouts(memberId) }))),
    disabledAmong: (ids) => answer(() => ids.filter((id) => whereabouts(id) === 'disabled')),
  };
  const answer = async <Told>(tell: () => Told): Promise<Told> => {
    const failure = await Promise.resolve(refusal());
    if (failure) throw failure;
    return tell();
  };
  return directory as Directory;
}
