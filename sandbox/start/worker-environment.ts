import type { Rings } from '../../adapters/credentials/ensure-rings';

/** Where the servers are that a worker works with. */
export interface Beside {
  temporal: { address: string; namespace: string };
  postgres: { url: string };
  rings: Pick<Rings, 'files'>;
  entra: { origin: string; caPath: string };
}

/** The environment of a worker, and of a client, beside servers of the sandbox: LMSs on loopback may be called, and no metrics are given out, for several may run at once. */
export function workerEnvironment({ temporal, postgres, rings, entra }: Beside): NodeJS.ProcessEnv {
  return {
    ...process.env,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ROLLCALL_DATABASE_URL: postgres.url,
    ROLLCALL_SEALING_KEYS_FILE: rings.files.sealing,
    ROLLCALL_PAYLOAD_KEYS_FILE: rings.files.payload,
    ROLLCALL_ENTRA_AUTHORITY: entra.origin,
    ROLLCALL_GRAPH_ORIGIN: entra.origin,
    ROLLCALL_ENTRA_CA_FILE: entra.caPath,
    ROLLCALL_TARGET_HOSTS: '127.0.0.1',
    ROLLCALL_METRICS_PORT: 'off',
  };
}
