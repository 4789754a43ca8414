import { createAcceptConfiguration } from '../../../activities/customer/accept-configuration';
import { createEgressPolicy } from '../../../adapters/target/egress';
import { exampleConfiguration } from '../../../domain/configuration/example-configuration';
import type { Dependencies } from '../../../activities/dependencies';
import { createOutside } from '../../../workers/outside';

const kept: unknown[] = [];
const customers = {
  keepConfiguration: async (_customerId: string, version: number, configuration: unknown) => {
    kept.push(configuration);
    return version;
  },
  find: async () => undefined,
} as unknown as Dependencies['customers'];

/** Accepts it as a worker that may call these hosts; its faults where it doesn't. */
async function accepting(baseUrl: string, { hosts = '', ...changes }: { hosts?: string; name?: string } = {}): Promise<string[]> {
  const { targetFault } = createOutside({ customers, credentials: {} as never, egress: createEgressPolicy(hosts) });
  const configuration = { ...exampleConfiguration, ...changes, target: { type: 'scim', baseUrl } };
  kept.length = 0;
  try {
    await createAcceptConfiguration({ customers, targetFault })({ customerId: 'acme', configuration, version: 1, by: 'Jo' });
    return [];
  } catch (error) {
    expect(kept).toEqual([]);
    const { type, details } = error as { type: string; details: { faults: { path: string; message: string }[] }[] };
    expect(type).toBe('ConfigurationFaulty');
    return (details[0]?.faults ?? []).map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('a configuration whose LMS this worker would never call', () => {
  test.each([
    ['a metadata address', 'https://169.254.169.254/latest', '', 'is no address that may be called'],
    ['a link-local address', 'https://[fe80::1]/scim', '', 'is no address that may be called'],
    ['a private address that is not listed', 'https://10.1.2.3/scim', '', 'is no address that may be called'],
    ['loopback that is not listed', 'http://127.0.0.1:8080/scim', '', 'is not called by https'],
    ['a host without https', 'http://lms.example.com/scim', '', 'is not called by https'],
    ['a host that is not on the list', 'https://lms.example.com/scim', 'other.example.com', 'is not on the allow-list'],
  ])('is refused: %s', async (_what, baseUrl, hosts, says) => {
    const [fault, ...others] = await accepting(baseUrl, { hosts });
    expect(others).toEqual([]);
    expect(fault).toMatch(/^target\.baseUrl: /);
    expect(fault).toContain(says);
    expect(fault).toContain('ROLLCALL_TARGET_HOSTS');
  });

  test('has that named beside every other fault', async () => {
    const faults = await accepting(' https://169.254.169.254/latest', { name: '' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['name', 'target.baseUrl']);
  });

  test('has a fault of the URL itself named once', async () => {
    for (const baseUrl of ['no URL', 'ftp://127.0.0.1/', 'https://jo:hunter2@10.1.2.3/scim']) {
      const faults = await accepting(baseUrl);
      expect(faults).toHaveLength(1);
      expect(faults[0]).not.toContain('hunter2');
    }
  });

  test.each([
    ['a public host', 'https://lms.example.com/scim', ''],
    ['a private address that is listed', 'https://10.1.2.3/scim', '10.1.2.3'],
    ['listed loopback', 'http://127.0.0.1:8080/scim', '127.0.0.1'],
  ])('is not one with %s', async (_what, baseUrl, hosts) => {
    expect(await accepting(baseUrl, { hosts })).toEqual([]);
    expect(kept).toHaveLength(1);
  });
});
