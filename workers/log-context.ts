import { customerOf } from '../domain/workflow-ids';

/**
 * What every line about a run carries, under one name each: `customerId, workflowId, runId, activity, attempt`. Temporal's SDK calls them
 * differently in workflows, activities and its core.
 */
export function inOneWord(meta: Record<string, unknown>): Record<string, unknown> {
  const {
    taskToken: _token,
    workflowRunId,
    run_id,
    runId = workflowRunId ?? run_id,
    workflow_id,
    workflowId = workflow_id,
    activityType,
    activity = activityType,
    ...rest
  } = meta;
  const { customerId = typeof workflowId === 'string' ? customerOf(workflowId) : undefined, ...others } = rest;
  const context = { customerId, workflowId, runId, activity };
  return { ...Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined)), ...others };
}
