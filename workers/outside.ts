import type { Dependencies, CustomerContext } from '../activities/dependencies';
import { createGraphDirectory, type Endpoints } from '../adapters/directory/graph-directory';
import type { Directory } from '../adapters/directory/directory';
import { createTarget } from '../adapters/target/create-target';
import type { EgressPolicy } from '../adapters/target/egress';
import type { Cloud } from '../domain/configuration/configuration';
import { audienceOf } from '../domain/customer/audience';
import type { CredentialPurpose } from '../domain/customer/projection';
import { Failure } from '../domain/failure';
import { selectedAttributes } from '../domain/mapping/selected-attributes';

interface Outside extends Pick<Dependencies, 'customers' | 'credentials'> {
  /** Other endpoints than Microsoft's come from the worker's environment alone. */
  endpoints?: (cloud: Cloud) => Endpoints;
  egress: EgressPolicy;
  onRequest?: (to: 'directory' | 'target', kind: 'read' | 'write') => void;
}

/** Directories that are kept signed in between steps; more customers than these are seldom at work at once on one worker. */
const keptDirectories = 32;

/** Opens a customer's credential and calls on the two servers with it: the only place where a secret is in the clear. */
export function createOutside({
  customers,
  credentials,
  endpoints,
  egress,
  onRequest,
}: Outside): Pick<Dependencies, 'directoryOf' | 'targetOf' | 'targetFault'> {
  const directories = new Map<string, Directory>();

  async function secretOf(
    { customerId, projection, configuration }: CustomerContext,
    purpose: CredentialPurpose,
  ): Promise<{ secret: string; credentialId: string }> {
    const credentialId = projection.credentials[purpose];
    const kept = credentialId && (await customers.credential(customerId, credentialId));
    if (!credentialId || !kept) throw new Failure('CredentialMissing', `(for the ${purpose})`);
    const { tenantId, clientId } = configuration.directory;
    const audience = audienceOf({ tenantId, clientId, targetOrigin: new URL(configuration.target.baseUrl).origin }, purpose);
    return { secret: await credentials.open(kept.sealed, { customerId, purpose, audience }), credentialId };
  }

  return {
    async directoryOf(customer) {
      const { customerId, configuration } = customer;
      const select = selectedAttributes(configuration);
      const key = JSON.stringify([customerId, customer.projection.credentials.directory, configuration.directory, select]);
      const kept = directories.get(key);
      if (kept) return kept;
      const { secret } = await secretOf(customer, 'directory');
      const directory = createGraphDirectory({
        configuration: configuration.directory,
        select,
        credential: { secret },
        endpoints: endpoints?.(configuration.directory.cloud),
        way: (await customers.find(customerId))?.directoryWay,
        onWay: (way) => void customers.rememberWay(customerId, way).catch(() => undefined), // found out anew next time
        onRequest: () => onRequest?.('directory', 'read'),
      });
      directories.set(key, directory);
      const [oldest] = directories.keys();
      if (directories.size > keptDirectories && oldest) directories.delete(oldest);
      return directory;
    },
    targetFault(url) {
      try {
        egress.admit(url);
        return undefined;
      } catch (error) {
        if (error instanceof Failure) return error.message;
        throw error;
      }
    },
    async targetOf(customer) {
      const { secret } = await secretOf(customer, 'target');
      const known = await customers.find(customer.customerId);
      return createTarget({
        configuration: customer.configuration,
        token: secret,
        memory: known?.targetMemory ?? {},
        egress,
        onRequest: (kind) => onRequest?.('target', kind),
      });
    },
  };
}
