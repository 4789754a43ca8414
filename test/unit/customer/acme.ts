import { audienceOf } from '../../../domain/customer/audience';
import { credentialGiven, signedOff, tested, wentLive } from '../../../domain/customer/decisions';
import type { ConfigurationSummary } from '../../../domain/customer/projection';
import { withRun } from '../../../domain/customer/run-history';
import { newCustomer, type CustomerState, type Finding } from '../../../domain/customer/state';
import { noPlan, nothingDone, type RunReport } from '../../../domain/run/run';

export const configuration: ConfigurationSummary = {
  version: 1,
  name: 'Acme',
  tenantId: '11111111-1111-1111-1111-111111111111',
  clientId: '22222222-2222-2222-2222-222222222222',
  groupId: '33333333-3333-3333-3333-333333333333',
  targetOrigin: 'https://lms.acme.example',
  everyMinutes: 60,
  rehearsalKey: 'first',
};

/** A moment of the test's day, in minutes after its begin. */
export function at(minutes: number): string {
  return new Date(Date.UTC(2026, 10, 24, 9) + minutes * 60_000).toISOString();
}

export const allWell: Finding[] = (['directoryCredential', 'targetCredential', 'membersReadable', 'targetWritable'] as const).map(
  (item) => ({ ok: true, item, says: 'Seen.' }),
);

export const acme = newCustomer('acme', configuration, at(0));

export function withCredentials(state: CustomerState = acme): CustomerState {
  const directory = credentialGiven(state, 'directory', { credentialId: 'd1', by: 'Jo', at: at(1) });
  return credentialGiven(directory, 'target', { credentialId: 't1', by: 'Jo', at: at(1) });
}

export function report(told: Partial<RunReport> & { runId: string }): RunReport {
  return {
    customerId: 'acme',
    workflowId: `sync/acme/${told.runId}`,
    mode: 'sync',
    outcome: 'succeeded',
    startedAt: at(10),
    endedAt: at(12),
    configurationVersion: 1,
    members: 1_200,
    plan: noPlan,
    done: nothingDone,
    problems: {},
    ...told,
  };
}

export const preview = report({
  runId: 'p1',
  mode: 'preview',
  startedAt: at(3),
  endedAt: at(4),
  plan: { ...noPlan, create: 1_150, adopt: 50 },
});

/** Everything proven and signed off, but not live. */
export const ready = signedOff(withRun(tested(withCredentials(), allWell, at(2)), preview), preview, 'Jo', at(5));
export const live = wentLive(ready, at(6));

export const audiences = { directory: audienceOf(configuration, 'directory'), target: audienceOf(configuration, 'target') };

/** Looks sealed as far as can be seen from outside; nothing opens it. */
export function sealedAs(kid: string, rollcall: { customer: string; purpose: string; audience: string }): string {
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid, crit: ['rollcall'], rollcall, epk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } };
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}..${'n'.repeat(16)}.c2VhbGVk.${'t'.repeat(22)}`;
}
