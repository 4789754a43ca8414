import type { CustomerStore } from '../adapters/store/customer-store';
import { Failure } from '../domain/failure';
import type { CustomerContext } from './dependencies';

/** The customer with the configuration that this run was opened for, whatever was decided since. */
export async function contextOf(
  customers: CustomerStore,
  { customerId, configurationVersion }: { customerId: string; configurationVersion?: number },
): Promise<CustomerContext> {
  const known = await customers.find(customerId);
  if (!known) throw new Failure('CustomerUnknown');
  const configuration = await customers.configuration(customerId, configurationVersion ?? known.projection.configuration.version);
  if (!configuration) throw new Failure('CustomerUnknown', `Its configuration ${configurationVersion} is not in the store.`);
  return { customerId, projection: known.projection, configuration };
}
