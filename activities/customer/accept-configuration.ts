import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import { parseConfiguration, type ConfigurationFault } from '../../domain/configuration/configuration-schema';
import type { Configuration } from '../../domain/configuration/configuration';
import { failures } from '../../domain/failures';
import type { CustomerSteps } from '../customer-steps';
import type { Dependencies } from '../dependencies';

type Deps = Pick<Dependencies, 'customers' | 'targetFault'>;

export function createAcceptConfiguration({ customers, targetFault }: Deps): CustomerSteps['acceptConfiguration'] {
  return async function acceptConfiguration({ customerId, configuration: input, version: atLeast, by }) {
    const parsed = parseConfiguration(input);
    const faults = [...('faults' in parsed ? parsed.faults : []), ...addressFaults(input)];
    if ('faults' in parsed || faults.length > 0) throw faulty(faults);
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

  /** Of whatever was sent, so that this fault is named beside all others; a URL that is none has been named by the schema. */
  function addressFaults(input: unknown): ConfigurationFault[] {
    const path = 'target.baseUrl';
    const { baseUrl } = ((input as { target?: unknown } | null)?.target ?? {}) as { baseUrl?: unknown };
    if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl.trim())) return [];
    const url = new URL(baseUrl.trim());
    const isRefusedByItself = !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '';
    const says = isRefusedByItself ? undefined : targetFault(url);
    return says === undefined ? [] : [{ path, message: `${says} ${failures.TargetAddressRefused.remedy}` }];
  }
}

function faulty(faults: readonly ConfigurationFault[]): ApplicationFailure {
  const words = faults.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return ApplicationFailure.create({
    type: 'ConfigurationFaulty',
    nonRetryable: true,
    message: `${failures.ConfigurationFaulty.says} ${words.join('; ')}`,
    details: [{ faults }],
  });
}

/** Changes with whatever decides who is whom: group, tenant, LMS, user name and matching. */
function rehearsalKeyOf({ directory, target, userName, matching }: Configuration): string {
  const what = [directory.cloud, directory.tenantId, directory.groupId, target.type, target.baseUrl, userName, matching];
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
}
