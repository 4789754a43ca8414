import { cacheFolder, toolsFolder } from '../../../sandbox/servers/places';
import { postgresArguments } from '../../../sandbox/servers/postgres-launch';
import { postgresEnvironment } from '../../../sandbox/servers/postgres-init';
import { inWords } from '../../../sandbox/servers/say';
import { addressInEnvironment } from '../../../sandbox/servers/temporal-address';
import { devServerArguments } from '../../../sandbox/servers/temporal-dev-server';

describe('how the servers are started', () => {
  it('binds the dev server and its Web UI to loopback, keeps its file in WAL mode, and names the codec server', () => {
    const words = devServerArguments({
      port: 1,
      uiPort: 2,
      databaseFile: '/data/t.sqlite',
      options: { codecEndpoint: 'http://127.0.0.1:3', namespace: 'n' },
    });
    const line = words.join(' ');
    expect(line).toContain('--ip 127.0.0.1 --port 1 --namespace n');
    expect(line).toContain('--db-filename /data/t.sqlite --sqlite-pragma journal_mode=WAL --sqlite-pragma synchronous=NORMAL');
    expect(line).toContain('--ui-ip 127.0.0.1 --ui-port 2');
    expect(line).toContain('--ui-codec-endpoint http://127.0.0.1:3');
  });

  it('asks for no file in memory and no page when headless', () => {
    const line = devServerArguments({ port: 1, options: {} }).join(' ');
    expect(line).toContain('--headless');
    expect(line).not.toMatch(/db-filename|pragma|ui-port|codec/);
  });

  it('never trades durability for speed in PostgreSQL, and opens no socket but loopback', () => {
    const line = postgresArguments('/data', 5).join(' ');
    expect(line).toContain('-c fsync=on');
    expect(line).toContain('-c listen_addresses=127.0.0.1');
    expect(line).not.toMatch(/synchronous_commit|full_page_writes/);
  });

  it('keeps the user’s PostgreSQL settings away from our server', () => {
    expect(postgresEnvironment({ PGDATA: '/theirs', PGOPTIONS: '-c fsync=off', PATH: '/bin' })).toEqual({ PATH: '/bin', LC_ALL: 'C' });
  });
});

describe('where things are looked for', () => {
  it('reads an address from the standard variables, and none where there is none', () => {
    const none = { TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml' };
    expect(addressInEnvironment(none)).toBeUndefined();
    expect(addressInEnvironment({ ...none, TEMPORAL_NAMESPACE: 'only' })).toBeUndefined();
    expect(addressInEnvironment({ ...none, TEMPORAL_ADDRESS: 'far:7233', TEMPORAL_NAMESPACE: 'n', TEMPORAL_API_KEY: 'k' })).toMatchObject({
      address: 'far:7233',
      namespace: 'n',
      connectionOptions: { address: 'far:7233', apiKey: 'k', tls: true },
    });
  });

  it('prefers ROLLCALL_CACHE to the XDG cache folder', () => {
    expect(cacheFolder({ ROLLCALL_CACHE: '/c', XDG_CACHE_HOME: '/x' })).toBe('/c');
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/rollcall');
    expect(cacheFolder({})).toMatch(/\.cache\/rollcall$/);
  });

  it('finds the tools of the project', () => expect(toolsFolder()).toMatch(/\/tools$/));

  it.each([
    [412, '412 ms'],
    [1_000, '1 s'],
    [59_400, '59 s'],
    [451_000, '7 min 31 s'],
  ])('says %d ms as "%s"', (milliseconds, words) => expect(inWords(milliseconds)).toBe(words));
});
