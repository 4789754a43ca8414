import { createHash, randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createLongActivities, createShortActivities } from '../../../activities';
import type { Dependencies } from '../../../activities/dependencies';
import type { Directory } from '../../../adapters/directory/directory';
import { createEgressPolicy } from '../../../adapters/target/egress';
import { createScimTarget } from '../../../adapters/target/scim/scim-target';
import type { Configuration } from '../../../domain/configuration/configuration';
import type { Projection } from '../../../domain/customer/projection';
import type { DirectoryMember } from '../../../domain/member';
import type { Run, RunReport } from '../../../domain/run/run';
import { urn } from '../../../sandbox/lms/scim';
import { addCustomer, configuration as usual, type Store } from '../store/store-under-test';
import type { Lms } from './world';

let customers = 0;

export interface Person {
  id: string;
  mail: string;
  title?: string;
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
  const projection = (await store.customers.find(customerId))?.projection as Projection;
  await store.customers.keepConfiguration(customerId, 2, configuration, 'test');
  await store.customers.follow({ ...projection, decisions: 2, configuration: { ...projection.configuration, version: 2 } });
  let people: Person[] = [];
  let clock = 0; // ms ahead of the machine's
  const dependencies = {
    ...store,
    engine: { describeRun: () => Promise.resolve(undefined), signalRunClosed: () => Promise.resolve() },
    directoryOf: () => Promise.resolve(listed(() => people)),
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
    pass: (ms: number) => void (clock += ms),
    /** A run for these people, to be taken through its steps. */
    async open(now: Person[]) {
      people = now;
      const [short, long] = [createShortActivities(dependencies), createLongActivities(dependencies)];
      const runId = randomUUID();
      const opened = await short.openRun({ customerId, mode: 'sync', runId, workflowId: 'sync' });
      if ('skipped' in opened) throw new Error(opened.skipped.detail);
      const { run } = opened;
      return {
        run,
        plan: async () => {
          await attempt(long.readDirectory, run);
          return attempt(long.planChanges, run);
        },
        /** One attempt of each step, with parts that may have been tampered with; throws as the step does. */
        write: async (tampered: Partial<Dependencies> = {}) => {
          const { upsertAccounts, setManagers, deactivateLeavers } = createLongActivities({ ...dependencies, ...tampered });
          await attempt(upsertAccounts, run);
          await attempt(setManagers, run);
          await attempt(deactivateLeavers, run);
        },
        close: (outcome: RunReport['outcome'] = 'succeeded') => short.closeRun({ run, workflowId: 'sync', outcome }),
        rows: () =>
          store.database.rows<{ kind: string; memberId: string; outcome: string | null; code: string | null; detail: string | null }>(
            `select kind, member_id as "memberId", outcome, code, detail from change where customer_id = $1 and run_id = $2 order by stage desc, position`,
            [customerId, run.runId],
          ),
      };
    },
    /** A whole run without anything unusual. */
    async sync(now: Person[]): Promise<RunReport> {
      const run = await this.open(now);
      await run.plan();
      await run.write();
      return run.close();
    },
  };
}

/** As Temporal's worker runs an activity: once. `before` are the details of the attempt before it. */
function attempt<Result>(step: (run: Run) => Promise<Result>, run: Run): Promise<Result> {
  return new MockActivityEnvironment().run(step, run);
}

function listed(people: () => Person[]): Directory {
  const member = ({ id, mail, title }: Person): DirectoryMember => ({
    id,
    mail,
    userPrincipalName: mail,
    accountEnabled: true,
    title: title ?? null,
  });
  const directory: Partial<Directory> = {
    group: () => Promise.resolve({ id: 'g' }),
    async *pages() {
      const members = people().map(member);
      await Promise.resolve();
      yield { fingerprint: createHash('md5').update(JSON.stringify(members)).digest('hex'), members: () => members };
    },
    confirm: (ids) => Promise.resolve(ids.map((memberId) => ({ memberId, is: 'left' as const }))),
  };
  return directory as Directory;
}
