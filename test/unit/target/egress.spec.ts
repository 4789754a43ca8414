import type { LookupAddress } from 'node:dns';
import { createEgressPolicy } from '../../../adapters/target/egress';

/** Resolves every name to these addresses. */
const resolving =
  (...addresses: string[]) =>
  (_host: string, _options: object, done: (error: null, found: LookupAddress[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const refusal = expect.objectContaining({ code: 'TargetAddressRefused' });

function connecting(hosts: string, url: string, ...addresses: string[]): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const lookup = createEgressPolicy(hosts, resolving(...addresses)).admit(target);
    lookup(target.hostname, { all: true }, (error, found) => (error ? reject(error) : resolve(found as LookupAddress[])));
  });
}

describe('A target may be called', () => {
  test.each([
    ['at any public host where nothing is listed', '', 'https://lms.example.com/scim'],
    ['at a host that is listed', 'lms.example.com', 'https://LMS.example.com./scim'],
    ['below a domain that is listed', '*.example.com', 'https://a.b.example.com/scim'],
    ['at a port that is listed', 'lms.example.com:8443', 'https://lms.example.com:8443/scim'],
    ['by http at a loopback host that is listed', '127.0.0.1 localhost', 'http://localhost:3000/scim'],
    ['at a private address that is listed', '10.0.0.7', 'https://10.0.0.7/scim'],
    ['at an IPv6 address that is listed', '[fd12::7]:8443', 'https://[fd12::7]:8443/scim'],
  ])('%s', (_title, hosts, url) => {
    expect(() => createEgressPolicy(hosts).admit(new URL(url))).not.toThrow();
  });

  test('at a private address whose host is listed', async () => {
    await expect(connecting('lms.corp.example', 'https://lms.corp.example/', '10.1.2.3')).resolves.toEqual([
      { address: '10.1.2.3', family: 4 },
    ]);
  });
});

describe('A target may not be called', () => {
  test.each([
    ['at a host that is not on the list', 'lms.example.com', 'https://evil.example.org/'],
    ['at the domain itself where only hosts below it are listed', '*.example.com', 'https://example.com/'],
    ['at a host that merely ends like one that is listed', '*.example.com', 'https://evilexample.com/'],
    ['at another port than the one that is listed', 'lms.example.com:8443', 'https://lms.example.com/'],
    ['by http', 'lms.example.com', 'http://lms.example.com/'],
    ['at loopback that is not listed', '', 'http://127.0.0.1:3000/'],
    ['at loopback in disguise', '', 'https://0x7f.1/'],
    ['at loopback wrapped in IPv6', '', 'https://[::ffff:127.0.0.1]/'],
    ['at loopback in IPv6’s old form', '', 'https://[::127.0.0.1]/'],
    ['at loopback in IPv6’s old form, listed or not', '[::7f00:1]', 'https://[::7f00:1]/'],
    ['at loopback by 6to4', '', 'https://[2002:7f00:1::]/'],
    ['at loopback as one number', '', 'https://2130706433/'],
    ['at loopback in octal', '', 'https://0177.0.0.1/'],
    ['at a private address that is not listed', '*', 'https://192.168.1.1/'],
    ['at the metadata service, listed or not', '169.254.169.254 fd00:ec2::254', 'https://169.254.169.254/'],
    ['at the metadata service by IPv6', 'fd00:ec2::254', 'https://[fd00:ec2::254]/'],
    ['at a link-local address, listed or not', 'fe80::1', 'https://[fe80::1]/'],
    ['at the unspecified address', '0.0.0.0', 'https://0.0.0.0/'],
    ['at a multicast address', '224.0.0.1', 'https://224.0.0.1/'],
    ['with a password in its URL', 'lms.example.com', 'https://me:secret@lms.example.com/'],
  ])('%s', (_title, hosts, url) => {
    expect(() => createEgressPolicy(hosts).admit(new URL(url))).toThrow(refusal as Error);
  });

  test.each([
    ['private', '10.0.0.1'],
    ['loopback', '127.0.0.1'],
    ['loopback by IPv6', '::1'],
    ['link-local', '169.254.1.1'],
    ['the metadata service', '169.254.169.254'],
    ['the metadata service behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['private, wrapped in IPv6', '::ffff:10.0.0.1'],
    ['carrier-grade NAT', '100.64.0.1'],
  ])('where a public name resolves to an address that is %s', async (_title, address) => {
    await expect(connecting('*', 'https://rebound.example.com/', address)).rejects.toEqual(refusal);
  });

  test('at a private address where only the host’s domain is listed', async () => {
    await expect(connecting('*.example.com', 'https://lms.example.com/', '10.1.2.3')).rejects.toEqual(refusal);
    await expect(connecting('*.example.com lms.example.com', 'https://lms.example.com/', '10.1.2.3')).resolves.toHaveLength(1);
  });

  test('at loopback behind a name that is listed', async () => {
    await expect(connecting('lms.example.com', 'https://lms.example.com/', '127.0.0.1')).rejects.toEqual(refusal);
  });

  test('at the bad ones of several addresses: only the good ones are connected to', async () => {
    await expect(connecting('*', 'https://lms.example.com/', '10.0.0.1', '93.184.216.34')).resolves.toEqual([
      { address: '93.184.216.34', family: 4 },
    ]);
  });
});
