import type { Configuration } from '../../domain/configuration/configuration';
import { Failure } from '../../domain/failure';
import { Batches, type Pause } from './batches';
import { endpointsOf, type Endpoints } from './clouds';
import { Confirming } from './confirming';
import { Connections, defaultTimeouts, type Timeouts } from './connections';
import { disabledAmong } from './disabled';
import type { Directory, GroupFacts, ReadingWay } from './directory';
import { GraphRequests } from './graph-requests';
import { objectIn } from './json-body';
import { MemberPages } from './member-pages';
import type { Select } from './member-query';
import { rolesOf, SignIn, type DirectoryCredential } from './sign-in';

export type { DirectoryCredential, Endpoints, Select, Timeouts };

export interface GraphDirectoryOptions {
  configuration: Configuration['directory'];
  /** Attributes wanted of each member and of their managers; `id` and `accountEnabled` come by themselves. No `manager`: managers are not read. */
  select: Select;
  credential: DirectoryCredential;
  /** From the worker's environment only; else those of the configured cloud. */
  endpoints?: Endpoints;
  /** The way that worked last time, and who is told when the other one turns out to. */
  way?: ReadingWay;
  onWay?: (way: ReadingWay) => void;
  /** Called for every request to Graph; the token endpoint's do not count. */
  onRequest?: () => void;
  timeouts?: Partial<Timeouts>;
  /** How items of a batch wait for Graph; for tests that don't. */
  pause?: Pause;
}

/** A customer's directory in Microsoft Entra: sign-in by MSAL, reading by Microsoft Graph's client. Keep one per customer and credential while a run lasts: it holds token and connections. */
export function createGraphDirectory(options: GraphDirectoryOptions): Directory {
  const { configuration, select, credential, endpoints = endpointsOf[configuration.cloud], way, onWay, onRequest, pause } = options;
  const { tenantId, clientId, groupId } = configuration;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const connections = () => new Connections(endpoints.caPem, timeouts);
  const graph = new URL(endpoints.graph).origin;
  const authority = new URL(endpoints.authority).origin;
  const { authorityAliases } = endpoints;
  const signIn = new SignIn({ tenantId, clientId, credential, authority, graph, authorityAliases, connections: connections() });
  const requests = new GraphRequests({ graph, signIn, connections: connections(), onRequest });
  const batches = new Batches(requests, pause);
  const pages = new MemberPages({ groupId, select, requests, batches, way, onWay });
  const confirming = new Confirming({ groupId, requests, batches });

  return {
    signIn: async (signal) => ({ roles: rolesOf(await signIn.fresh(signal)) }),
    group: async (signal) => {
      const path = `/groups/${encodeURIComponent(groupId)}?$select=id,displayName,visibility,membershipRule,securityEnabled`;
      return groupFacts((await requests.ask({ path }, signal)).body);
    },
    readSample: (signal) => pages.sample(signal),
    pages: (from, signal) => pages.read(from, signal),
    confirm: (memberIds, controls, signal) => confirming.confirm(memberIds, controls, signal),
    disabledAmong: (memberIds, signal) => disabledAmong(memberIds, batches, signal),
  };
}

function groupFacts(body: Buffer): GroupFacts {
  const group = objectIn(body);
  if (typeof group.id !== 'string') throw new Failure('DirectoryUnavailable', '(HTTP 200, but no group)', { status: 200 });
  const text = (name: string) => (typeof group[name] === 'string' ? group[name] : undefined);
  return {
    id: group.id,
    displayName: text('displayName'),
    visibility: text('visibility'),
    membershipRule: text('membershipRule'),
    securityEnabled: typeof group.securityEnabled === 'boolean' ? group.securityEnabled : undefined,
  };
}
