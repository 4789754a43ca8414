import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchAttributeDefinitions } from '../../../adapters/engine/search-attributes';
import { onPath, runProgram } from '../../../sandbox/servers/run-program';
import { readCodecEnvironment, readEnvironment } from '../../../workers/environment';
import { variables } from '../../../workers/variables';

jest.setTimeout(300_000);

const root = join(__dirname, '..', '..', '..');

interface Service {
  image?: string;
  build?: { dockerfile: string };
  environment?: Record<string, string>;
  secrets?: { source: string; target?: string }[];
  ports?: { host_ip?: string; published: string; target: number }[];
  volumes?: { type: string; source: string }[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  restart?: string;
  networks?: Record<string, unknown>;
}

interface Project {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
  networks: Record<string, { internal?: boolean }>;
}

/** As Compose itself reads it: tools/compose is its own parser, schema and interpolation. */
async function loaded(): Promise<Project> {
  const go = onPath('go', process.env);
  if (go === undefined)
    throw new Error('This test needs Go 1.26.4 or later on PATH: it reads the compose file with compose-go (tools/compose).');
  return JSON.parse(
    await runProgram(go, ['run', '.', join(root, 'docker-compose.yml')], { cwd: join(root, 'tools', 'compose') }),
  ) as Project;
}

describe('docker-compose.yml', () => {
  let project: Project;
  let services: [string, Service][];
  beforeAll(async () => {
    project = await loaded();
    services = Object.entries(project.services);
  });

  const isJob = (service: Service) => service.restart?.startsWith('on-failure') ?? false;

  it('pins every image to a version', () => {
    const images = services.filter(([, { build }]) => build === undefined).map(([, { image }]) => image);
    for (const image of images) expect(image).toMatch(/^[\w/-]+:\d+\.\d+(\.\d+)?$/);
  });

  it('runs the server, the admin tools and the Web UI of the versions that the dev server has', () => {
    const goSum = readFileSync(join(root, 'tools', 'temporal', 'go.sum'), 'utf8');
    const [, server] = /go\.temporal\.io\/server v(\S+) h1/.exec(goSum) ?? [];
    const [, ui] = /github\.com\/temporalio\/ui-server\/v2 v(\S+) h1/.exec(goSum) ?? [];
    expect(project.services.temporal?.image).toBe(`temporalio/server:${server}`);
    expect(project.services['temporal-schema']?.image).toBe(`temporalio/admin-tools:${server}`);
    expect(project.services['temporal-namespace']?.image).toBe(`temporalio/admin-tools:${server}`);
    expect(project.services.ui?.image).toBe(`temporalio/ui:${ui}`);
  });

  it('publishes ports on loopback only', () => {
    const published = services.flatMap(([name, { ports = [] }]) => ports.map(({ host_ip }) => [name, host_ip]));
    expect(published.length).toBeGreaterThan(0);
    for (const [name, address] of published) expect([name, address]).toEqual([name, '127.0.0.1']);
  });

  it('starts nothing before what it needs is healthy or done', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const right = isJob(project.services[needed] as Service) ? 'service_completed_successfully' : 'service_healthy';
        expect([name, needed, condition]).toEqual([name, needed, right]);
      }
    }
    for (const [name, service] of services)
      if (!isJob(service)) expect([name, service.healthcheck?.test.length]).toEqual([name, expect.any(Number)]);
  });

  it('hands secrets over as files alone, each to those who need it', () => {
    for (const [name, { environment = {}, secrets = [] }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (variable.endsWith('_FILE') && value.startsWith('/run/secrets/')) {
          expect([name, variable, secrets.map(({ source }) => `/run/secrets/${source}`)]).toEqual([
            name,
            variable,
            expect.arrayContaining([value]),
          ]);
        } else {
          expect([name, variable]).toEqual([name, expect.not.stringMatching(/PASSWORD|_PWD|SECRET|_KEYS?$|DATABASE_URL/)]);
        }
      }
    }
    expect(project.services.ui?.secrets).toBeUndefined();
  });

  it('has every script that it mounts', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes.filter(({ type }) => type === 'bind').map(({ source }) => source));
    expect(mounted.length).toBeGreaterThan(0);
    for (const source of mounted) expect([source, existsSync(source)]).toEqual([source, true]);
  });

  describe('with the secrets that docker/make-secrets.mjs makes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-secrets-'));
    const make = () => runProgram(process.execPath, [join(root, 'docker', 'make-secrets.mjs'), folder]);
    beforeAll(make);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** A service's variables as its process sees them, but with the secrets' files where they lie here. */
    function environmentOf(name: string): Record<string, string> {
      const variables = Object.entries(project.services[name]?.environment ?? {});
      return Object.fromEntries([
        // Nobody's profile of Temporal may take part.
        ['TEMPORAL_CONFIG_FILE', join(folder, 'none.toml')],
        ...variables.map(([variable, value]) => [variable, value.replace(/^\/run\/secrets/, folder)]),
      ]) as Record<string, string>;
    }

    it('the worker takes its environment, to the last variable', () => {
      const environment = readEnvironment(environmentOf('worker'));
      expect(environment.unknown).toEqual([]);
      expect(environment.temporal).toMatchObject({ namespace: 'rollcall', connectionOptions: { address: 'temporal:7233' } });
      expect(new URL(environment.databaseUrl)).toMatchObject({ host: 'postgres:5432', username: 'rollcall', pathname: '/rollcall' });
      expect(environment.roles).toEqual(['workflows', 'sync']);
      expect(project.services.worker?.healthcheck?.test.join(' ')).toContain(`127.0.0.1:${environment.healthPort}/ready`);
      expect(project.services.worker?.ports?.map(({ target }) => target)).toEqual([environment.metricsPort]);
    });

    it('the codec server takes its own, on the port that is published and that the Web UI tells browsers', () => {
      const { codec, payloadRing } = readCodecEnvironment(environmentOf('codec'));
      expect(payloadRing.keys[0].kid).toBe(readEnvironment(environmentOf('worker')).payloadRing.keys[0].kid);
      const [published] = project.services.codec?.ports ?? [];
      expect(published?.target).toBe(codec.port);
      expect(project.services.ui?.environment?.TEMPORAL_CODEC_ENDPOINT).toBe(`http://127.0.0.1:${published?.published}`);
      expect(codec.origins).toContain(`http://127.0.0.1:${project.services.ui?.ports?.[0]?.published}`);
      const known = Object.keys(variables).flatMap((name) => [name, `${name}_FILE`]);
      const ours = Object.keys(project.services.codec?.environment ?? {}).filter((name) => name.startsWith('ROLLCALL_'));
      expect(known).toEqual(expect.arrayContaining(ours));
    });

    it('has every secret, in a folder that is closed to others, and changes none that is there', async () => {
      const read = () => Object.keys(project.secrets).map((secret) => readFileSync(join(folder, secret), 'utf8'));
      const first = read();
      await make();
      expect(read()).toEqual(first);
      expect(statSync(folder).mode & 0o077).toBe(0);
    });
  });

  it('registers the search attributes that the workflows set, with their types', () => {
    const script = readFileSync(join(root, 'docker', 'temporal', 'namespace.sh'), 'utf8');
    const registered = Object.fromEntries(
      [...script.matchAll(/^(Rollcall\w+) (\w+)$/gm)].map(([, name, type]) => [name, type?.toUpperCase()]),
    );
    expect(registered).toEqual(searchAttributeDefinitions);
    const query = Object.keys(searchAttributeDefinitions).every((name) => script.includes(`${name} is null`));
    expect(query).toBe(true);
  });

  it('publishes ports on networks that lead out, for Docker publishes none on an internal one', () => {
    for (const [name, { ports = [], networks = {} }] of services) {
      if (ports.length > 0)
        expect([name, Object.keys(networks).some((network) => !project.networks[network]?.internal)]).toEqual([name, true]);
    }
  });

  it('keeps the database out of reach of everything but the services that use it', () => {
    expect(project.networks.database?.internal).toBe(true);
    const inside = services.filter(([, { networks }]) => networks && 'database' in networks).map(([name]) => name);
    expect(inside.sort()).toEqual(['postgres', 'temporal', 'temporal-schema', 'worker']);
    expect(project.services.postgres?.ports).toBeUndefined();
  });
});

describe('Dockerfile', () => {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n');

  it('builds on glibc, copies only what its ignore file lets in, and runs as another user than root', () => {
    for (const from of lines.filter((line) => line.startsWith('FROM')))
      expect(from).toMatch(/^FROM node:24\.\d+\.\d+-bookworm-slim( AS build)?$/);
    expect(lines.indexOf('USER node')).toBeGreaterThan(lines.lastIndexOf('FROM node:24.21.0-bookworm-slim'));
    const allowed = readFileSync(join(root, 'Dockerfile.dockerignore'), 'utf8').split('\n');
    const copied = lines.filter((line) => /^COPY (?!--from)/.test(line)).flatMap((line) => line.split(' ').slice(1, -1));
    for (const source of copied) {
      expect(allowed).toContain(`!${source}`);
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
    }
  });
});
