import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { secretFrom } from '../adapters/credentials/key-set';
import type { SealingRing } from '../adapters/credentials/sealing-ring';
import { settingsFault } from '../adapters/engine/settings-fault';
import type { PayloadRing } from '../adapters/payloads/payload-ring';
import { variables, type ValueOf, type VariableName } from './variables';

export type Role = 'workflows' | 'sync';

/** What a worker is told by its environment; read once, at its start. */
export interface Environment {
  databaseUrl: string;
  sealingRing: SealingRing;
  payloadRing: PayloadRing;
  /** For `createEgressPolicy`; empty: every public host. */
  targetHosts: readonly string[];
  /** In place of every cloud's own; whatever is absent is the cloud's. */
  directory: { authority?: string; graph?: string; caPem?: string };
  /** An address to listen on. */
  bind: string;
  /** Absent: none. */
  healthPort?: number;
  metricsPort?: number;
  log: { level: ValueOf<'ROLLCALL_LOG_LEVEL'>; format?: ValueOf<'ROLLCALL_LOG_FORMAT'> };
  roles: readonly Role[];
  maxCachedWorkflows: number;
  temporal: Required<ClientConnectConfig>;
  /** Variables that look like ours and mean nothing: worth a line in the log. */
  unknown: string[];
}

export interface CodecEnvironment {
  payloadRing: PayloadRing;
  bind: string;
  codec: { port: number; origins: readonly string[] };
}

/** Everything that is wrong, at once, each with what to do; no value of a secret is repeated. */
export class EnvironmentFaulty extends Error {
  constructor(readonly faults: string[]) {
    super(
      `The environment has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`} (docs/environment.md):\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
    );
    this.name = 'EnvironmentFaulty';
  }
}

/** For a worker. Throws `EnvironmentFaulty`. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const { values, faults } = read(env, Object.keys(variables) as VariableName[]);
  const { ROLLCALL_ENTRA_AUTHORITY: authority, ROLLCALL_GRAPH_ORIGIN: graph, ROLLCALL_ENTRA_CA_FILE: caPem } = values;
  if (isSet(env, 'ROLLCALL_ENTRA_AUTHORITY') !== isSet(env, 'ROLLCALL_GRAPH_ORIGIN')) {
    faults.push('ROLLCALL_ENTRA_AUTHORITY and ROLLCALL_GRAPH_ORIGIN belong together: set both or neither');
  }
  const [healthPort, metricsPort] = [values.ROLLCALL_HEALTH_PORT, values.ROLLCALL_METRICS_PORT];
  if (healthPort !== undefined && healthPort === metricsPort)
    faults.push(`ROLLCALL_HEALTH_PORT and ROLLCALL_METRICS_PORT are both ${healthPort}: change one`);
  const temporal = temporalFrom(env, faults);
  if (faults.length > 0 || !temporal) throw new EnvironmentFaulty(faults);
  const all = values as Values; // no fault, so each is there
  return {
    databaseUrl: all.ROLLCALL_DATABASE_URL,
    sealingRing: all.ROLLCALL_SEALING_KEYS,
    payloadRing: all.ROLLCALL_PAYLOAD_KEYS,
    targetHosts: all.ROLLCALL_TARGET_HOSTS,
    directory: { ...(authority && { authority }), ...(graph && { graph }), ...(caPem && { caPem }) },
    bind: all.ROLLCALL_BIND,
    ...(healthPort !== undefined && { healthPort }),
    ...(metricsPort !== undefined && { metricsPort }),
    log: { level: all.ROLLCALL_LOG_LEVEL, ...(all.ROLLCALL_LOG_FORMAT && { format: all.ROLLCALL_LOG_FORMAT }) },
    roles: all.ROLLCALL_ROLES,
    maxCachedWorkflows: all.ROLLCALL_MAX_CACHED_WORKFLOWS,
    temporal,
    unknown: unknownIn(env),
  };
}

/** For a codec server by itself, which needs neither database nor sealing keys. Throws `EnvironmentFaulty`. */
export function readCodecEnvironment(env: NodeJS.ProcessEnv = process.env): CodecEnvironment {
  const { values, faults } = read(env, ['ROLLCALL_PAYLOAD_KEYS', 'ROLLCALL_BIND', 'ROLLCALL_CODEC_PORT', 'ROLLCALL_CODEC_ORIGINS']);
  if (faults.length > 0) throw new EnvironmentFaulty(faults);
  const all = values as Values;
  return {
    payloadRing: all.ROLLCALL_PAYLOAD_KEYS,
    bind: all.ROLLCALL_BIND,
    codec: { port: all.ROLLCALL_CODEC_PORT, origins: all.ROLLCALL_CODEC_ORIGINS },
  };
}

type Values = { [Name in VariableName]: ValueOf<Name> };

function read(env: NodeJS.ProcessEnv, names: readonly VariableName[]): { values: Partial<Values>; faults: string[] } {
  const faults: string[] = [];
  const entries = names.flatMap((name): [VariableName, unknown][] => {
    const isSecret = 'secret' in variables[name];
    let text: string | undefined;
    try {
      text = isSecret ? secretFrom(env, name) : env[name]?.trim() || undefined; // Compose passes on what isn't set as empty
    } catch (error) {
      faults.push((error as Error).message);
      return [];
    }
    const parsed = variables[name].schema.safeParse(text);
    if (parsed.success) return [[name, parsed.data]];
    const said = [...new Set(parsed.error.issues.map(({ message }) => message))].join('; ');
    faults.push(`${name}${isSecret && text === undefined ? ` (or ${name}_FILE)` : ''} ${said}`);
    return [];
  });
  return { values: Object.fromEntries(entries), faults };
}

/** The standard names (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS…, TEMPORAL_PROFILE) or a profile in temporal.toml. */
function temporalFrom(env: NodeJS.ProcessEnv, faults: string[]): Required<ClientConnectConfig> | undefined {
  try {
    const overrideEnvVars = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({ overrideEnvVars });
    return { connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? '127.0.0.1:7233' }, namespace };
  } catch (error) {
    faults.push(`Temporal’s own settings (TEMPORAL_… or a profile in temporal.toml) can’t be read: ${settingsFault(error)}`);
    return undefined;
  }
}

/** Ours, but read by others: the command, the sandbox, tests and Compose (docs/environment.md). */
const elsewhere = /^ROLLCALL_(?:CACHE|CHROMIUM|FOLDER|SECRETS|SEED|TAG|SANDBOX_\w+|TEST_\w+|BENCH_\w+)$/;

function unknownIn(env: NodeJS.ProcessEnv): string[] {
  const known = Object.entries(variables).flatMap(([name, variable]) => ('secret' in variable ? [name, `${name}_FILE`] : [name]));
  return Object.keys(env).filter((name) => name.startsWith('ROLLCALL_') && !known.includes(name) && !elsewhere.test(name));
}

function isSet(env: NodeJS.ProcessEnv, name: VariableName): boolean {
  return Boolean(env[name]?.trim());
}
