import type { Configuration } from '../../domain/configuration/configuration';
import { createScimTarget, type ScimTargetOptions } from './scim/scim-target';
import type { Target } from './target';

export type TargetOptions = Omit<ScimTargetOptions, 'configuration' | 'requiredFields'> & { configuration: Configuration };

type Create = (options: ScimTargetOptions) => Target;

/** One line for each kind of target. */
const kinds: Record<Configuration['target']['type'], Create> = {
  scim: createScimTarget,
};

/** The target of a customer. Throws `TargetAddressRefused` where this worker may not call it. */
export function createTarget({ configuration, ...options }: TargetOptions): Target {
  return kinds[configuration.target.type]({ ...options, configuration: configuration.target, requiredFields: requiredOf(configuration) });
}

/** As fields of accounts are named: `email`, `custom.location`. */
function requiredOf({ fields, customFields }: Configuration): string[] {
  const required = (mappings: object, prefix = '') =>
    Object.entries(mappings as Configuration['customFields']).flatMap(([name, mapping]) => (mapping?.required ? [prefix + name] : []));
  return [...required(fields), ...required(customFields, 'custom.')];
}
