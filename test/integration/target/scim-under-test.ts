import { createEgressPolicy } from '../../../adapters/target/egress';
import { createScimTarget, type ScimTargetOptions } from '../../../adapters/target/scim/scim-target';
import { startLms } from '../../../sandbox/lms/lms';
import type { LmsOptions } from '../../../sandbox/lms/options';
import { urn } from '../../../sandbox/lms/scim';
import type { UnderTest } from './target-contract';

export type Opened = Partial<Omit<ScimTargetOptions, 'configuration'>> & { configuration?: Partial<ScimTargetOptions['configuration']> };

export function scimTarget(baseUrl: string, { configuration, ...rest }: Opened = {}) {
  return createScimTarget({
    configuration: { type: 'scim', baseUrl, customFieldsSchema: urn.custom, concurrency: 16, ...configuration },
    token: 'sandbox-token',
    memory: {},
    egress: createEgressPolicy('127.0.0.1, localhost'),
    ...rest,
  });
}

export async function scimUnderTest(options: LmsOptions): Promise<UnderTest> {
  const lms = await startLms({ token: 'sandbox-token', ...options });
  return { lms, open: (memory = {}) => scimTarget(lms.baseUrl, { memory }) };
}
