import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { TemporalServer } from './temporal';

/** The server that the standard names (TEMPORAL_ADDRESS, TEMPORAL_PROFILE, temporal.toml …) give, or undefined where they name none. */
export function addressInEnvironment(env: NodeJS.ProcessEnv): Omit<TemporalServer, 'stop'> | undefined {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(set) });
  const { address, apiKey, tls, metadata } = connectionOptions;
  if (!address) return undefined;
  return { address, namespace: namespace ?? 'default', connectionOptions: { address, apiKey, tls, metadata } };
}
