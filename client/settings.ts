import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { KeyRingFaulty } from '../adapters/credentials/key-set';
import { settingsFault } from '../adapters/engine/settings-fault';
import { payloadRingFrom, type PayloadRing } from '../adapters/payloads/payload-ring';
import { CommandFailure } from './command-failure';
import { exitCodes } from './exit-codes';
import { readState, rollcallFolder } from './state-file';

export interface ConnectionSettings {
  address: string;
  namespace: string;
  connectionOptions: ConnectionOptions;
  /** Where the address was found, in words. */
  from: string;
}

/** Temporal's own names (TEMPORAL_ADDRESS, TEMPORAL_PROFILE, temporal.toml …), else what `npm start` runs, else Temporal's usual port. */
export function connectionSettings(env: NodeJS.ProcessEnv): ConnectionSettings {
  const set = Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])); // Compose passes on what isn’t set as empty
  const { connectionOptions: given, namespace } = load(Object.fromEntries(set));
  const { address, apiKey, tls, metadata } = given;
  const state = address ? undefined : readState(env).temporal;
  const [where, from] = address
    ? [address, 'the environment or temporal.toml']
    : state?.address
      ? [state.address, '.rollcall/state.json, which npm start wrote']
      : ['localhost:7233', 'Temporal’s default'];
  return {
    address: where,
    namespace: namespace ?? state?.namespace ?? 'default',
    connectionOptions: { address: where, apiKey, tls, metadata },
    from,
  };
}

/** The ring that workers have too: from ROLLCALL_PAYLOAD_KEYS[_FILE], else the one that `npm start` made. */
export function payloadRing(env: NodeJS.ProcessEnv): PayloadRing {
  const made = join(rollcallFolder(env), 'keys', 'payload-keys.json');
  const isGiven = Boolean(env.ROLLCALL_PAYLOAD_KEYS || env.ROLLCALL_PAYLOAD_KEYS_FILE);
  try {
    const ring = payloadRingFrom(isGiven || !existsSync(made) ? env : { ROLLCALL_PAYLOAD_KEYS_FILE: made });
    if (ring) return ring;
  } catch (error) {
    throw keyRing(
      error instanceof KeyRingFaulty ? error.faults.map((fault) => `${error.ring}: ${fault}`) : [(error as Error).message],
      error,
    );
  }
  throw keyRing([
    `there is no ring of payload keys: ROLLCALL_PAYLOAD_KEYS and ROLLCALL_PAYLOAD_KEYS_FILE are not set, and ${made} is not there`,
  ]);
}

function keyRing(faults: string[], cause?: unknown): CommandFailure {
  return new CommandFailure({
    code: 'KeyRing',
    faults,
    remedy: 'Set ROLLCALL_PAYLOAD_KEYS_FILE to the ring that the workers have, or call this where npm start runs.',
    exit: exitCodes.usage,
    cause,
  });
}

function load(env: Record<string, string>): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env });
  } catch (error) {
    throw new CommandFailure({
      code: 'Usage',
      faults: [`Temporal’s settings can’t be read: ${settingsFault(error)}`],
      remedy: 'Look at TEMPORAL_PROFILE, the TEMPORAL_TLS… variables and temporal.toml (it needs at least one [profile.default]).',
      exit: exitCodes.usage, // without its cause, which may show a key
    });
  }
}
