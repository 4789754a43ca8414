import { lookup as resolveByDns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Failure } from '../../domain/failure';

/** Which targets this worker may call. Whoever can configure a base URL could else make it call anything that the worker's network reaches. */
export interface EgressPolicy {
  /**
   * Throws `TargetAddressRefused` where the URL may not be called. The look-up that comes back is the one to connect with: it judges the
   * addresses that are really connected to, so that a name which resolves otherwise the next time (DNS rebinding) gains nothing.
   */
  admit(url: URL): LookupFunction;
}

interface Entry {
  /** Lower case, without brackets; `*` for every public host, `*.example.com` for the hosts below one. */
  host: string;
  port?: string;
}

type Resolve = (
  host: string,
  options: { all: true; family?: number; hints?: number },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * `hosts` as an operator lists them (ROLLCALL_TARGET_HOSTS), separated by commas or blanks: `lms.example.com`, `*.example.com`,
 * `10.1.2.3:8443`, `localhost`. `*` stands for every public host and is what holds where nothing is listed. Private addresses are called only
 * for hosts that are listed by themselves and not by their domain, loopback only where the host is written as such; link-local, metadata, multicast and unspecified
 * addresses never are. Everything but listed loopback needs https.
 */
export function createEgressPolicy(hosts: string | readonly string[] = '', resolve: Resolve = resolveByDns): EgressPolicy {
  const listed = (typeof hosts === 'string' ? hosts.split(/[\s,]+/) : hosts).map((host) => host.trim()).filter((host) => host !== '');
  const entries = (listed.length > 0 ? listed : ['*']).map(entryOf);

  return {
    admit(url) {
      const host = bare(url.hostname);
      // By itself: whoever has a name below a domain decides what that name resolves to.
      const isListed = entries.some((entry) => !entry.host.startsWith('*') && covers(entry, host, portOf(url)));
      const mayBe = { private: isListed, loopback: isListed && isLoopbackName(host) };
      if (!isListed && !entries.some((entry) => covers(entry, host, portOf(url)))) throw refused(host, 'is not on the allow-list');
      if (url.username !== '' || url.password !== '') throw refused(host, 'comes with a user name or password in its URL');
      if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBe.loopback)) throw refused(host, 'is not called by https');
      if (isIP(host) !== 0 && !mayCall(host, mayBe)) throw refused(host, 'is no address that may be called');
      return lookUp(host, mayBe, resolve);
    },
  };
}

interface MayBe {
  private: boolean;
  loopback: boolean;
}

function lookUp(admitted: string, mayBe: MayBe, resolve: Resolve): LookupFunction {
  return (host, options, done) => {
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : options.family;
    resolve(host, { all: true, family, hints: options.hints }, (error, addresses) => {
      if (error) return done(error, '');
      const good = addresses.filter(({ address }) => mayCall(address, mayBe));
      const [first] = good;
      if (!first || bare(host) !== admitted) return done(refused(bare(host), 'resolves to no address that may be called'), '');
      if (options.all) done(null, good);
      else done(null, first.address, first.family);
    });
  };
}

/** Addresses inside public ranges at which clouds answer with their machines' credentials. */
const metadata: ReadonlySet<string> = new Set(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '168.63.129.16']);

function mayCall(address: string, mayBe: MayBe): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = withoutWrapping(ipaddr.process(address));
  if (isCompatible(parsed)) return false;
  if (metadata.has(parsed.toString())) return false;
  switch (parsed.range()) {
    case 'unicast':
      return true;
    case 'private':
    case 'uniqueLocal':
    case 'carrierGradeNat':
      return mayBe.private;
    case 'loopback':
      return mayBe.loopback;
    default:
      return false;
  }
}

/** An IPv4 address with nothing but zeros before it (::/96), a form that is no longer in use (RFC 4291, 2.5.5.1); `::` and `::1` are none. */
function isCompatible(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.kind() === 'ipv4' || address.range() === 'loopback' || address.range() === 'unspecified') return false;
  return address
    .toByteArray()
    .slice(0, 12)
    .every((byte) => byte === 0);
}

/** The IPv4 address inside one of NAT64 (64:ff9b::/96), by which a gateway reaches it. */
function withoutWrapping(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address.kind() === 'ipv4' || address.range() !== 'rfc6052') return address;
  return ipaddr.fromByteArray(address.toByteArray().slice(12));
}

function entryOf(text: string): Entry {
  const [, host = text, port] = /^(\[.+\]|[^:]+):(\d+)$/.exec(text) ?? [];
  return { host: bare(host), port };
}

function covers({ host, port }: Entry, asked: string, askedPort: string): boolean {
  if (port !== undefined && port !== askedPort) return false;
  if (host === '*') return true;
  return host.startsWith('*.') ? asked.endsWith(host.slice(1)) && asked.length > host.length - 1 : asked === host;
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'http:' ? '80' : '443');
}

function isLoopbackName(host: string): boolean {
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback');
}

/** As names are compared: lower case, without the brackets of IPv6 and without the dot of the root. */
function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

function refused(host: string, why: string): Failure {
  return new Failure('TargetAddressRefused', `${host} ${why}.`);
}
