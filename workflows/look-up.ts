import { proxyLocalActivities, setCurrentDetails } from '@temporalio/workflow';
import type { LookUpSteps } from '../activities/look-up-steps';
import { faultsOfLookUp, type LookUpRequest } from '../domain/look-up/request';
import type { LookUpPage } from '../domain/look-up/rows';
import { asRefusal, refused } from './refusal';

/** Inside the workflow task: somebody waits for the answer. Given up soon, for they can ask again. */
const { lookUpRows } = proxyLocalActivities<LookUpSteps>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '30s',
  retry: { maximumInterval: '5s', maximumAttempts: 5 },
  summary: 'Reads a page of rows',
});

/**
 * Answers what needs rows, a page at a time: changes, problems, holds, unlinked accounts, configurations, the sealing key, customers. A workflow, because the engine is the only
 * way in: what it answers is personal data, so it goes through history encrypted (the payload codec) and stays only as long as the namespace keeps closed workflows.
 */
export async function lookUp(request: LookUpRequest): Promise<LookUpPage> {
  const faults = faultsOfLookUp(request);
  if (faults.length > 0) throw refused(faults);
  try {
    const page = await lookUpRows(request);
    setCurrentDetails(detailsOf(request, page));
    return page;
  } catch (error) {
    throw asRefusal(error);
  }
}

function detailsOf(request: LookUpRequest, { rows, next }: LookUpPage): string {
  const found = `- **${rows.length}** ${request.what}${request.customerId ? ` of customer/${request.customerId}` : ''}: see the result`;
  return next ? `${found}\n- **More**: start \`lookUp\` with \`${JSON.stringify({ ...request, cursor: next })}\`` : found;
}
