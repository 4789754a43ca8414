import type { Mode } from './run/run';

/** Every id and task queue by which one part finds another in the engine. They are seen by whoever sees the engine: nothing personal stands in them. */

/** Workflows and short activities; and the long ones of runs, on workers of their own. */
export const taskQueue = 'rollcall';
export const syncTaskQueue = 'rollcall-sync';

export function customerWorkflowId(customerId: string): string {
  return `customer/${customerId}`;
}

/** The Schedule that starts a customer's syncs. */
export function scheduleId(customerId: string): string {
  return `sync/${customerId}`;
}

/** The server appends the time: `sync/acme/scheduled-2026-11-24T08:00:00Z`. */
export function scheduledRunId(customerId: string): string {
  return `sync/${customerId}/scheduled`;
}

/** A sync that was asked for; one at a time. */
export function manualRunId(customerId: string): string {
  return `sync/${customerId}/manual`;
}

export function previewRunId(customerId: string): string {
  return `sync/${customerId}/preview`;
}

/** A question, told apart from others by `unique`; what is asked about all customers has none in its id. */
export function lookUpId(customerId: string | undefined, unique: string): string {
  return ['look-up', customerId, unique].filter(Boolean).join('/');
}

/** What a run is for, where nothing but its id is known. */
export function modeOf(workflowId: string): Mode {
  return workflowId.endsWith('/preview') ? 'preview' : 'sync';
}

/** Whose a workflow is, by its id; nobody's where it is none of ours. */
export function customerOf(workflowId: string): string | undefined {
  return /^(?:(?:customer|sync)\/([^/]+)(?:\/|$)|look-up\/([^/]+)\/)/.exec(workflowId)?.slice(1).find(Boolean);
}
