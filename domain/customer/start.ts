import { customerWorkflowId } from '../workflow-ids';
import { isCustomerId } from './customer-id';
import { sentences } from './faults';

const example = '{"customerId":"acme","configuration":{…}}';

/** Every fault of what a customer is started with, but those within the configuration, which an activity parses. */
export function faultsOfStart(input: unknown, workflowId: string): string[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [`one JSON object is expected, such as ${example}`];
  const { customerId, configuration } = input as Record<string, unknown>;
  return sentences([
    ...Object.keys(input).map(
      (key) =>
        key !== 'customerId' && key !== 'configuration' && `"${key.slice(0, 40)}" is not expected (expected: customerId, configuration)`,
    ),
    !isCustomerId(customerId) && '"customerId" must be 1 to 63 lower-case letters, digits and hyphens, neither first nor last a hyphen',
    isCustomerId(customerId) &&
      workflowId !== customerWorkflowId(customerId) &&
      `the workflow’s id must be ${customerWorkflowId(customerId)}, not ${workflowId}`,
    (typeof configuration !== 'object' || configuration === null || Array.isArray(configuration)) &&
      '"configuration" must be a JSON object',
  ]);
}
