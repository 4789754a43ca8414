import type { CustomerStatus } from '../../../domain/customer/status';
import { noPlan, nothingDone, type RunReport } from '../../../domain/run/run';

export const report: RunReport = {
  customerId: 'acme',
  runId: 'run-1',
  workflowId: 'sync/acme/manual',
  mode: 'sync',
  outcome: 'succeeded',
  startedAt: '2026-11-24T08:00:00.000Z',
  endedAt: '2026-11-24T08:01:05.000Z',
  configurationVersion: 1,
  members: 1200,
  plan: { ...noPlan, create: 1180 },
  done: { ...nothingDone, created: 1180, managers: 900 },
  problems: {},
};

export const status: CustomerStatus = {
  customerId: 'acme',
  name: 'Acme',
  phase: 'setUp',
  since: '2026-11-24T07:00:00.000Z',
  health: { is: 'healthy', because: [] },
  runs: { allowed: false, because: 'NotLive' },
  configuration: {
    version: 1,
    name: 'Acme',
    tenantId: '11111111-1111-4111-8111-111111111111',
    clientId: '22222222-2222-4222-8222-222222222222',
    groupId: '33333333-3333-4333-8333-333333333333',
    targetOrigin: 'https://lms.example.com',
    everyMinutes: 60,
    rehearsalKey: 'k',
  },
  credentials: {},
  open: ['directoryCredential'],
  next: { command: 'rollcall credential set acme --for directory' },
  holds: 0,
  lastRun: report,
  started: {},
  postponed: {},
  decisions: 1,
};
