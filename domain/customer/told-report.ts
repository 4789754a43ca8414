import { isFailureCode } from '../failures';
import { noPlan, nothingDone, type RunReport } from '../run/run';
import { sentences, type Fault } from './faults';

const outcomes: readonly unknown[] = ['succeeded', 'held', 'failed', 'cancelled', 'skipped'] satisfies RunReport['outcome'][];

/** A signal can't be refused, and anybody may send one by hand: what isn't a report of this customer's run is not heard. */
export function faultsOfReport(told: unknown, customerId: string): string[] {
  if (typeof told !== 'object' || told === null) return ['a run’s report is expected'];
  const report = told as Record<keyof RunReport, unknown>;
  return sentences([
    report.customerId !== customerId && 'it is of another customer',
    ...(['runId', 'workflowId'] as const).map((key) => !isText(report[key]) && `"${key}" is missing`),
    report.mode !== 'sync' && report.mode !== 'preview' && '"mode" must be sync or preview',
    !outcomes.includes(report.outcome) && `"outcome" must be one of ${outcomes.join(', ')}`,
    ...(['startedAt', 'endedAt'] as const).map((key) => Number.isNaN(Date.parse(String(report[key]))) && `"${key}" must be a time`),
    ...(['configurationVersion', 'members'] as const).map((key) => !isCount(report[key]) && `"${key}" must be a number`),
    report.openHolds !== undefined && !isCount(report.openHolds) && '"openHolds" must be a number',
    report.because !== undefined &&
      report.because !== 'Unexpected' &&
      !isFailureCode(report.because) &&
      '"because" must be a failure’s code',
    report.detail !== undefined && typeof report.detail !== 'string' && '"detail" must be text',
    countsFault(report.plan, 'plan', noPlan),
    countsFault(report.done, 'done', nothingDone),
    ...(['notKept', 'foundNotKept'] as const).map(
      (key) => report[key] !== undefined && !isListOfText(report[key]) && `"${key}" must be a list of fields`,
    ),
    (typeof report.problems !== 'object' || report.problems === null) && '"problems" is missing',
  ]);
}

function countsFault(counts: unknown, name: string, model: object): Fault {
  const isWhole =
    typeof counts === 'object' && counts !== null && Object.keys(model).every((key) => isCount((counts as Record<string, unknown>)[key]));
  return !isWhole && `"${name}" must have the numbers ${Object.keys(model).join(', ')}`;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0;
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
