import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { TemporalServer } from './temporal';

/** The server that the standard names (TEMPORAL_ADDRESS, TEMPORAL_PROFILE, temporal.toml …) give, or undefined where they name none. */
export function addressInEnvironment(env: NodeJS.ProcessEnv): Omit<TemporalServer, 'stop'> | undefined {
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const { connectionOptions, namespace } = load(Object.fromEntries(set));
  const { address, apiKey, tls, metadata } = connectionOptions;
  if (!address) return undefined;
  return { address, namespace: namespace ?? 'default', connectionOptions: { address, apiKey, tls, metadata } };
}

/** A file that is there but can't be read was meant: going on without it would start a server that nobody wanted. */
function load(env: Record<string, string>): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env });
  } catch (error) {
    const file = env.TEMPORAL_CONFIG_FILE ?? 'temporalio/temporal.toml in the folder for configuration';
    const [reason] = String(error).split('\n'); // below it the parser shows lines of the file, where a key may stand
    throw new Error(
      `Temporal's settings can't be read (${reason}). Look at TEMPORAL_PROFILE, the TEMPORAL_TLS… variables and ${file}: ` +
        'it needs at least one `[profile.default]`.',
    );
  }
}
