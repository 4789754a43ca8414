import { ApplicationFailure } from '@temporalio/activity';
import { failures } from '../../domain/failures';
import type { CustomerSteps } from '../customer-steps';
import type { Dependencies } from '../dependencies';

/** Whoever mistyped one id of ten looks again before the other nine are changed. */
export function createDecideHolds({ holds }: Pick<Dependencies, 'holds'>): CustomerSteps['decideHolds'] {
  return async function decideHolds(request) {
    const answer = await holds.decide(request);
    if ('openNow' in answer) {
      const fault = `${answer.openNow} changes wait for a decision now, not ${request.expected}: look at them again, nothing was decided`;
      throw undecidable(fault, [fault]);
    }
    if (!('unknown' in answer)) return answer;
    const faults = answer.unknown.map((id) => `${id} is no hold of ${request.customerId} that is still to be decided or to be carried out`);
    throw undecidable(`${failures.HoldUnknown.says} ${faults.join('; ')}.`, faults);
  };
}

function undecidable(message: string, faults: string[]): ApplicationFailure {
  return ApplicationFailure.create({ type: 'HoldUnknown', nonRetryable: true, message, details: [{ faults }] });
}
