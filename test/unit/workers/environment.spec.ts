import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSealingRing, serializeSealingRing } from '../../../adapters/credentials/sealing-ring';
import { generatePayloadRing, serializePayloadRing } from '../../../adapters/payloads/payload-ring';
import { environmentTable } from '../../../workers/environment-reference';
import { EnvironmentFaulty, readCodecEnvironment, readEnvironment } from '../../../workers/environment';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-environment-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let good: NodeJS.ProcessEnv;

beforeAll(async () => {
  good = {
    ROLLCALL_DATABASE_URL: 'postgres://rollcall:hunter2@127.0.0.1:5432/rollcall',
    ROLLCALL_SEALING_KEYS: serializeSealingRing(await generateSealingRing()),
    ROLLCALL_PAYLOAD_KEYS: serializePayloadRing(generatePayloadRing()),
    TEMPORAL_CONFIG_FILE: join(folder, 'none.toml'),
  };
});

function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readEnvironment(env);
  } catch (error) {
    if (error instanceof EnvironmentFaulty) return error.faults;
    throw error;
  }
  return [];
}

describe('the environment of a worker', () => {
  it('needs a database and two rings; the rest has defaults, on loopback', () => {
    const { sealingRing, payloadRing, ...rest } = readEnvironment(good);
    expect(sealingRing.keys).toHaveLength(1);
    expect(payloadRing.keys).toHaveLength(1);
    expect(rest).toEqual({
      databaseUrl: good.ROLLCALL_DATABASE_URL,
      targetHosts: [],
      directory: {},
      bind: '127.0.0.1',
      healthPort: 9463,
      metricsPort: 9464,
      log: { level: 'info' },
      roles: ['workflows', 'sync'],
      maxCachedWorkflows: 300,
      temporal: { connectionOptions: { address: '127.0.0.1:7233' }, namespace: 'default' },
      unknown: [],
    });
  });

  it('is read as it is given', () => {
    const env = readEnvironment({
      ...good,
      ROLLCALL_TARGET_HOSTS: 'lms.example.com, *.example.org localhost [::1]:8443',
      ROLLCALL_ENTRA_AUTHORITY: 'https://127.0.0.1:8443/',
      ROLLCALL_GRAPH_ORIGIN: 'https://127.0.0.1:8444',
      ROLLCALL_HEALTH_PORT: '0',
      ROLLCALL_METRICS_PORT: 'off',
      ROLLCALL_BIND: '0.0.0.0',
      ROLLCALL_LOG_LEVEL: 'debug',
      ROLLCALL_LOG_FORMAT: 'json',
      ROLLCALL_ROLES: 'sync,sync',
      ROLLCALL_MAX_CACHED_WORKFLOWS: '20',
      TEMPORAL_ADDRESS: 'temporal.example:7233',
      TEMPORAL_NAMESPACE: 'rollcall',
      TEMPORAL_API_KEY: 'key',
    });
    expect(env).toMatchObject({
      targetHosts: ['lms.example.com', '*.example.org', 'localhost', '[::1]:8443'],
      directory: { authority: 'https://127.0.0.1:8443', graph: 'https://127.0.0.1:8444' },
      healthPort: 0,
      bind: '0.0.0.0',
      log: { level: 'debug', format: 'json' },
      roles: ['sync'],
      maxCachedWorkflows: 20,
      temporal: { connectionOptions: { address: 'temporal.example:7233', apiKey: 'key', tls: true }, namespace: 'rollcall' },
    });
    expect(env).not.toHaveProperty('metricsPort');
  });

  it('names every fault at once', () => {
    const faults = faultsOf({
      ROLLCALL_SEALING_KEYS: '{"keys":[]}',
      ROLLCALL_PAYLOAD_KEYS: 'nonsense',
      ROLLCALL_TARGET_HOSTS: 'https://lms.example.com/scim',
      ROLLCALL_ENTRA_AUTHORITY: 'http://127.0.0.1',
      ROLLCALL_ENTRA_CA_FILE: '/nowhere.pem',
      ROLLCALL_BIND: 'localhost',
      ROLLCALL_HEALTH_PORT: '99999',
      ROLLCALL_METRICS_PORT: '0',
      ROLLCALL_CODEC_PORT: '-1',
      ROLLCALL_CODEC_ORIGINS: 'http://127.0.0.1:8080/ui',
      ROLLCALL_LOG_LEVEL: 'loud',
      ROLLCALL_LOG_FORMAT: 'xml',
      ROLLCALL_ROLES: 'sync,cook',
      ROLLCALL_MAX_CACHED_WORKFLOWS: '1',
    });
    const named = faults.map((fault) => /ROLLCALL_\w+/.exec(fault)?.[0]);
    expect(new Set(named)).toEqual(
      new Set([
        'ROLLCALL_DATABASE_URL',
        'ROLLCALL_SEALING_KEYS',
        'ROLLCALL_PAYLOAD_KEYS',
        'ROLLCALL_TARGET_HOSTS',
        'ROLLCALL_ENTRA_AUTHORITY',
        'ROLLCALL_ENTRA_CA_FILE',
        'ROLLCALL_BIND',
        'ROLLCALL_HEALTH_PORT',
        'ROLLCALL_METRICS_PORT',
        'ROLLCALL_CODEC_PORT',
        'ROLLCALL_CODEC_ORIGINS',
        'ROLLCALL_LOG_LEVEL',
        'ROLLCALL_LOG_FORMAT',
        'ROLLCALL_ROLES',
        'ROLLCALL_MAX_CACHED_WORKFLOWS',
      ]),
    );
    expect(faults.find((fault) => fault.startsWith('ROLLCALL_DATABASE_URL'))).toMatch(
      /or ROLLCALL_DATABASE_URL_FILE.*is missing.*postgres:\/\//,
    );
  });

  it('never repeats a secret that is wrong', () => {
    const faults = faultsOf({
      ROLLCALL_DATABASE_URL: 'mysql://u:canary@h/d',
      ROLLCALL_SEALING_KEYS: 'canary',
      ROLLCALL_PAYLOAD_KEYS: '{"keys":[{"kid":"a","kty":"oct","k":"canary"}]}',
    });
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toContain('canary');
  });

  it('takes secrets from files, and says which file can’t be read', () => {
    const file = join(folder, 'database-url');
    writeFileSync(file, 'postgresql:///rollcall?host=/var/run/postgresql\n');
    const { ROLLCALL_DATABASE_URL: _value, ...rest } = good;
    expect(readEnvironment({ ...rest, ROLLCALL_DATABASE_URL_FILE: file }).databaseUrl).toBe(
      'postgresql:///rollcall?host=/var/run/postgresql',
    );
    expect(faultsOf({ ...rest, ROLLCALL_DATABASE_URL_FILE: '/nowhere' })).toEqual([
      expect.stringContaining('ROLLCALL_DATABASE_URL_FILE names /nowhere'),
    ]);
    expect(faultsOf({ ...good, ROLLCALL_DATABASE_URL_FILE: file })).toEqual([expect.stringContaining('both set')]);
  });

  it('takes what is set to nothing as not set', () => {
    expect(readEnvironment({ ...good, ROLLCALL_LOG_LEVEL: '', ROLLCALL_TARGET_HOSTS: ' ', ROLLCALL_HEALTH_PORT: '' })).toMatchObject({
      log: { level: 'info' },
      targetHosts: [],
      healthPort: 9463,
    });
  });

  it('does not send secrets to one place and questions to another', () => {
    expect(faultsOf({ ...good, ROLLCALL_ENTRA_AUTHORITY: 'https://127.0.0.1:8443' })).toEqual([
      expect.stringContaining('set both or neither'),
    ]);
  });

  it('gives no port twice', () => {
    expect(faultsOf({ ...good, ROLLCALL_HEALTH_PORT: '9464' })).toEqual([expect.stringContaining('both 9464')]);
  });

  it('points out names that mean nothing', () => {
    expect(readEnvironment({ ...good, ROLLCALL_TARGET_HOST: 'x', ROLLCALL_CACHE: '/c' }).unknown).toEqual(['ROLLCALL_TARGET_HOST']);
  });

  it('says so when Temporal’s own settings can’t be read', () => {
    const file = join(folder, 'broken.toml');
    writeFileSync(file, '[profile.default]\napi_key = "can4ry-key"\naddress = oops\n');
    const faults = faultsOf({ ...good, TEMPORAL_CONFIG_FILE: file });
    expect(faults).toEqual([expect.stringMatching(/Temporal’s own settings.*line 3/)]);
    expect(faults.join()).not.toContain('can4ry-key');
  });

  it('of a codec server needs the payload ring alone', () => {
    const { ROLLCALL_PAYLOAD_KEYS } = good;
    expect(
      readCodecEnvironment({ ROLLCALL_PAYLOAD_KEYS, ROLLCALL_CODEC_ORIGINS: 'http://localhost:8080,http://127.0.0.1:8080' }),
    ).toMatchObject({
      bind: '127.0.0.1',
      codec: { port: 8081, origins: ['http://localhost:8080', 'http://127.0.0.1:8080'] },
    });
    const asTyped = 'http://127.0.0.1:8080/ https://UI.example.com:443';
    expect(readCodecEnvironment({ ROLLCALL_PAYLOAD_KEYS, ROLLCALL_CODEC_ORIGINS: asTyped }).codec.origins).toEqual([
      'http://127.0.0.1:8080',
      'https://ui.example.com',
    ]); // as browsers write them
    expect(() => readCodecEnvironment({})).toThrow(/ROLLCALL_PAYLOAD_KEYS/);
  });
});

it('the documentation names every variable that is read, in the words of the code', () => {
  const document = readFileSync(join(__dirname, '../../../docs/environment.md'), 'utf8');
  const written = /<!-- variables -->\n([\s\S]*?)<!-- \/variables -->/.exec(document)?.[1] ?? '';
  // Prettier pads the cells of a table.
  const bare = (table: string) =>
    table
      .replace(/[ \t]+/g, ' ')
      .replace(/-{3,}/g, '---')
      .trim();
  expect(bare(written)).toBe(bare(environmentTable()));
});
