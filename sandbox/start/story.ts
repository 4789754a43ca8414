import { seal } from '../../adapters/credentials/sealing';
import type { SealingJwk } from '../../adapters/credentials/sealing-ring';
import { figuresLine, stepWords } from '../../client/run-sight';
import type { RollcallClient } from '../../client/rollcall-client';
import { audienceOf } from '../../domain/customer/audience';
import type { CustomerStatus } from '../../domain/customer/status';
import type { RunReport } from '../../domain/run/run';
import type { Demo } from './servers';
import { demoConfiguration } from './demo-configuration';

export const customerId = 'northwind';
const by = 'npm start';

export interface Story {
  client: RollcallClient;
  demo: Demo;
  say(line: string): void;
  /** Replaces the last line on a terminal; says nothing elsewhere. */
  show(line: string): void;
}

/** From nothing to live, exactly as an operator goes through it; what was done at an earlier start is not done again. */
export async function onboard({ client, demo, say, show }: Story): Promise<CustomerStatus> {
  const { entra, lms } = demo;
  const configuration = demoConfiguration({
    tenantId: entra.tenantId,
    clientId: entra.clientId,
    groupId: entra.groupId,
    baseUrl: lms.baseUrl,
  });
  let status = await client.query(customerId, 'status').catch(() => undefined);
  if (!status) {
    status = await client.startCustomer({ customerId, configuration, name: 'Northwind Traders' });
    say(`Customer ${customerId}: configuration accepted.`);
  }
  for (const [purpose, secret] of [
    ['directory', entra.clientSecret],
    ['target', lms.token],
  ] as const) {
    if (status.credentials[purpose]?.counts) continue;
    const { rows } = await client.lookUp({ what: 'sealingKey' });
    const key = rows[0] as { jwk: SealingJwk; fingerprint: string };
    const sealed = await seal(secret, key.jwk, { customerId, purpose, audience: audienceOf(status.configuration, purpose) });
    ({ status } = await client.update(customerId, 'provideCredential', { purpose, sealed, by }));
    say(`Credential for the ${purpose}: sealed to key ${key.fingerprint}, handed over.`);
  }
  if (status.phase !== 'setUp') return status;
  ({ status } = await client.update(customerId, 'testConnection', {}));
  for (const { ok, says, remedy } of status.connection?.findings ?? []) say(`  ${ok ? '✓' : '✗'} ${says}${remedy ? ` → ${remedy}` : ''}`);
  const { run } = await client.update(customerId, 'requestPreview', { by });
  const preview = await follow({ client, say, show }, run);
  say(`Preview: ${preview.plan.create} to create, ${preview.plan.adopt} to adopt, ${preview.plan.problems} problems; nothing was written.`);
  await told(client, preview.runId);
  await client.update(customerId, 'signOffPreview', { runId: preview.runId, by });
  ({ status } = await client.update(customerId, 'goLive', { by }));
  say('Signed off and live.');
  return status;
}

export async function sync({ client, say, show }: Omit<Story, 'demo'>): Promise<RunReport> {
  const { run } = await client.update(customerId, 'syncNow', { by });
  const report = await follow({ client, say, show }, run);
  await told(client, report.runId);
  return report;
}

async function follow({ client, show }: Omit<Story, 'demo'>, run: { workflowId: string; runId: string }): Promise<RunReport> {
  let step: string | undefined;
  for await (const sight of client.watchRun(run)) {
    if (sight.state === 'running')
      show(
        `  ${stepWords((step = sight.step ?? step))}${sight.figures ? `: ${figuresLine(sight.figures)}` : ''}${sight.failure ? ` (tried again: ${sight.failure})` : ''}`,
      );
    else if (sight.report) return sight.report;
    else throw new Error(`the run ended as ${sight.status}${sight.failure ? `: ${sight.failure}` : ''}`);
  }
  throw new Error('the run is out of sight');
}

/** The run's word to the customer's workflow is a signal, there a moment after the run's end. */
async function told(client: RollcallClient, runId: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await client.query(customerId, 'runs')).some((report) => report.runId === runId)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`customer/${customerId} was not told of run ${runId}`);
}

/** A day at the customer's: people come, go, are renamed, and a manager arrives late. */
export function aDay({ entra }: Demo, seed: number): Record<string, number> {
  const lateReports = entra.churn({ percent: 3, seed });
  const [boss] = entra.hire({ attributes: { jobTitle: 'Head of Late Arrivals' } }).ids;
  const report = [...entra.tenant.group.members.all()].find(
    (id) => entra.tenant.find(id)?.person.userType === 'Member' && entra.tenant.find(id)?.person.accountEnabled,
  );
  if (boss && report) entra.moveToManager({ id: report, managerId: boss });
  return Object.fromEntries(Object.entries(lateReports).map(([what, who]) => [what, (who as unknown[]).length]));
}
