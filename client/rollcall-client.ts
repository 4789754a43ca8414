import { userInfo } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { createDataConverter } from '../adapters/payloads/data-converter';
import type { CustomerOverview } from './customer-overview';
import type { AnswerOf, ArgumentOf, CustomerQueries, CustomerStart, UpdateName } from '../domain/customer/messages';
import type { CustomerStatus } from '../domain/customer/status';
import type { LookUpRequest } from '../domain/look-up/request';
import type { LookUpPage, LookUpWhat } from '../domain/look-up/rows';
import { connectionSettings, payloadRing, type ConnectionSettings } from './settings';
import type { RunSight, WatchedRun } from './run-sight';
import { createTemporalRollcallClient } from './temporal-rollcall-client';
import { unreachable } from './told-failure';

/** All that can be asked of Rollcall, by Temporal alone. Errors come as they are: `toldFailure` says what they mean. */
export interface RollcallClient {
  /** Starts a customer's life and waits until its configuration was accepted; throws what it found otherwise, or that the customer is there already. */
  startCustomer(start: CustomerStart & { name: string }): Promise<CustomerStatus>;
  /** Every customer that lives, as their workflows show themselves; by id. */
  customers(): Promise<CustomerOverview[]>;
  query<Name extends keyof CustomerQueries>(customerId: string, name: Name): Promise<CustomerQueries[Name]>;
  update<Name extends UpdateName>(customerId: string, name: Name, argument: ArgumentOf<Name>): Promise<AnswerOf<Name>>;
  /** One page of rows. */
  lookUp<What extends LookUpWhat>(request: LookUpRequest & { what: What }): Promise<LookUpPage<What>>;
  /** What can be seen of a run, about every second, until it is over; the last sight is its end. */
  watchRun(run: WatchedRun, signal?: AbortSignal): AsyncIterable<RunSight>;
  close(): Promise<void>;
}

const connectTimeout = '5s';

/** By the environment alone (client/settings.ts): the address, the namespace, the payload keys. */
export async function connectRollcall(env: NodeJS.ProcessEnv): Promise<RollcallClient> {
  const ring = payloadRing(env);
  const settings = connectionSettings(env);
  const connection = await connectEngine(settings);
  const client = new Client({
    connection,
    namespace: settings.namespace,
    dataConverter: createDataConverter(ring),
    identity: `rollcall ${userName()}`,
    workflow: { queryRejectCondition: 'NOT_OPEN' }, // a closed customer would answer as if it lived
  });
  return createTemporalRollcallClient(client);
}

export async function connectEngine({ address, from, connectionOptions }: ConnectionSettings): Promise<Connection> {
  try {
    return await Connection.connect({ connectTimeout, ...connectionOptions });
  } catch (error) {
    throw unreachable(
      [`Temporal doesn’t answer at ${address} (found in ${from})`],
      'Start it (npm start brings one up), or set TEMPORAL_ADDRESS to where it is.',
      error,
    );
  }
}

/** Who sits at this terminal, as far as the operating system knows. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.USERNAME ?? 'somebody'; // an id without a name, as in some containers
  }
}
