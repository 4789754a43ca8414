import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import { parseConfiguration } from '../../domain/configuration/configuration-schema';
import type { Configuration } from '../../domain/configuration/configuration';
import { failures } from '../../domain/failures';
import type { CustomerSteps } from '../customer-steps';
import type { Dependencies } from '../dependencies';

export function createAcceptConfiguration({ customers }: Pick<Dependencies, 'customers'>): CustomerSteps['acceptConfiguration'] {
  return async function acceptConfiguration({ customerId, configuration: input, version: atLeast, by }) {
    const parsed = parseConfiguration(input);
    if ('faults' in parsed) {
      const faults = parsed.faults.map(({ path, message }) => (path ? `${path}: ${message}` : message));
      throw ApplicationFailure.create({
        type: 'ConfigurationFaulty',
        nonRetryable: true,
        message: `${failures.ConfigurationFaulty.says} ${faults.join('; ')}`,
        details: [{ faults: parsed.faults }],
      });
    }
    const { configuration } = parsed;
    const version = await customers.keepConfiguration(customerId, atLeast, configuration, by);
    const known = await customers.find(customerId);
    const { name, directory, target, cadence } = configuration;
    return {
      version,
      name,
      tenantId: directory.tenantId,
      clientId: directory.clientId,
      groupId: directory.groupId,
      targetOrigin: new URL(target.baseUrl).origin,
      everyMinutes: cadence.everyMinutes,
      rehearsalKey: rehearsalKeyOf(configuration),
      decisions: known?.projection.decisions ?? 0,
    };
  };
}

/** Changes with whatever decides who is whom: group, tenant, LMS, user name and matching. */
function rehearsalKeyOf({ directory, target, userName, matching }: Configuration): string {
  const what = [directory.cloud, directory.tenantId, directory.groupId, target.type, target.baseUrl, userName, matching];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
}
