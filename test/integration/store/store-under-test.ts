import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../adapters/store/database';
import type { Writer } from '../../../adapters/store/lease-store';
import type { MemberRow } from '../../../adapters/store/member-store';
import { migrate } from '../../../adapters/store/migrate';
import type { Configuration } from '../../../domain/configuration/configuration';
import type { DirectoryMember } from '../../../domain/member';
import { noPlan, nothingDone, type RunReport } from '../../../domain/run/run';
import { startPostgres } from '../../../sandbox/servers';
import { createStores } from '../../../workers/stores';
import { forAllTests } from '../opened';

export const configuration: Configuration = {
  name: 'Acme',
  directory: { tenantId: randomUUID(), clientId: randomUUID(), groupId: randomUUID(), cloud: 'global' },
  target: { type: 'scim', baseUrl: 'https://lms.example', customFieldsSchema: 'urn:x', concurrency: 4 },
  userName: 'mail',
  matching: { by: 'userName' },
  fields: {},
  customFields: {},
  manager: { reference: 'write', unavailable: 'clear' },
  scope: { guests: 'exclude', include: [], exclude: [] },
  protectedAccounts: [],
  leavers: { leftGroup: 'deactivate', disabled: 'deactivate', deleted: 'deactivate' },
  thresholds: { leavers: { count: 5, percent: 5 }, additions: { count: 50, percent: 20 }, renames: { count: 10, percent: 5 } },
  cadence: { everyMinutes: 30 },
};

/** A member of made-up directories: who they are, their user name, and what else matters to the plan. */
export interface Somebody {
  id: string;
  name: string;
  active?: boolean;
  manager?: string;
  email?: string;
  state?: MemberRow['state'];
}

/** A real PostgreSQL with one customer in it, and a run as the activities make it, minus directory and target. */
export async function openStore() {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-store-'));
  const postgres = await startPostgres({ folder });
  const database = openDatabase(postgres.url);
  await migrate(database);
  return {
    ...createStores(database),
    database,
    url: postgres.url,
    async close() {
      await database.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type Store = Awaited<ReturnType<typeof openStore>>;

let customers = 0;

/** One store for all tests of a file, and in it a customer for each. */
export function forEachCustomer(use: (its: { store: Store; customerId: string }) => void): void {
  let store: Store;
  forAllTests(openStore, (opened) => (store = opened), 120_000);
  beforeEach(async () => {
    const customerId = `acme-${(customers += 1)}`;
    await addCustomer(store, customerId);
    use({ store, customerId });
  });
}

export async function addCustomer({ customers }: Store, customerId: string): Promise<void> {
  await customers.follow({
    customerId,
    decisions: 1,
    phase: 'hypercare',
    runs: { allowed: true },
    previews: true,
    credentials: {},
    signedPreview: 'preview',
    configuration: {
      version: 1,
      name: 'Acme',
      tenantId: 't',
      clientId: 'c',
      groupId: 'g',
      targetOrigin: 'o',
      everyMinutes: 30,
      rehearsalKey: 'k',
    },
  });
  await customers.keepConfiguration(customerId, 1, configuration, 'test');
}

export async function openRun({ leases, runs }: Store, customerId: string): Promise<Writer> {
  const runId = randomUUID();
  const holder = await leases.take(customerId, { runId, workflowId: 'sync' });
  if (holder) throw new Error('the lease is held');
  await runs.open({ customerId, runId, workflowId: 'sync', mode: 'sync', configurationVersion: 1, mappingVersion: 'm1' });
  return { customerId, runId, fence: await leases.nextFence(customerId, runId) };
}

const rowOf = (person: DirectoryMember, memberId: string, sourceHash: string): MemberRow => {
  const { name, active = true, manager, email, state = 'desired' } = person as unknown as Somebody;
  const managerId = typeof manager === 'string' ? manager : undefined;
  const desired = JSON.stringify({ userName: name, fields: {} });
  return { memberId, sourceHash, state, desired, desiredHash: `${name}`, userNameKey: name, emailKey: email, active, managerId };
};

/** Reads these people as pages of `size`. */
export async function read({ members }: Store, writer: Writer, people: readonly Somebody[], size = 2) {
  const resumption = await members.resumeRead(writer, 'live');
  const pages = Math.max(1, Math.ceil(people.length / size));
  for (let n = 1; n <= pages; n += 1) {
    const onPage = people.slice((n - 1) * size, n * size) as unknown as DirectoryMember[];
    const fingerprint = createHash('md5').update(JSON.stringify(onPage)).digest('hex');
    const page = { next: n < pages ? `page ${n + 1}` : undefined, fingerprint, members: () => onPage };
    await members.storePage({ writer, view: 'live', mappingVersion: 'm1', map: rowOf }, n, page, resumption);
  }
  return members.completeRead(writer, 'live');
}

/** Makes every planned change as if the target had taken it. */
export async function make({ changes }: Store, writer: Writer, people: readonly Somebody[]): Promise<string[]> {
  const log: string[] = [];
  for (const stage of ['upsert', 'manager', 'leaver'] as const) {
    if (stage === 'manager') await changes.planManagers(writer, configuration);
    await changes.resume(writer, stage);
    for (let after = 0; ;) {
      const [change] = await changes.pending(writer, stage, after, 1);
      if (!change) break;
      after = change.position;
      const person = people.find(({ id }) => id === change.memberId);
      const name =
        change.kind === 'setAside'
          ? `aside-${change.memberId}`
          : (person?.name ?? (JSON.parse(change.written as string) as { userName: string }).userName);
      log.push(`${change.kind} ${name}`);
      const accountId = change.accountId ?? `account-${change.memberId}`;
      await changes.storeResults(
        writer,
        stage,
        [
          {
            position: change.position,
            memberId: change.memberId,
            outcome: 'done',
            attempts: 1,
            accountId,
            link:
              change.kind === 'unlink'
                ? null
                : {
                    accountId,
                    userName: name,
                    userNameKey: name,
                    written: JSON.stringify({ userName: name, fields: {} }),
                    writtenHash: name,
                    active: change.kind !== 'deactivate',
                    deactivatedByUs: change.kind === 'deactivate',
                    managerAccount: stage === 'leaver' ? change.writtenManager : (change.manager?.accountId ?? null),
                    adopted: false,
                  },
          },
        ],
        change.position + 1000,
      );
    }
  }
  return log;
}

export const reportOf = ({ customerId, runId }: Writer): RunReport => ({
  customerId,
  runId,
  workflowId: 'sync',
  mode: 'sync',
  outcome: 'succeeded',
  startedAt: '',
  endedAt: '',
  configurationVersion: 1,
  members: 0,
  plan: noPlan,
  done: nothingDone,
  problems: {},
});

export async function close({ runs, changes }: Store, writer: Writer): Promise<void> {
  await runs.close(reportOf(writer), !(await changes.hasLeftovers(writer.customerId, writer.runId)));
}

export const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
