import * as applications from './application-routes';
import * as groups from './group-routes';
import * as users from './user-routes';
import type { GraphAnswer, GraphRequest } from './graph-answer';
import type { GraphContext } from './graph-context';

export type Handler = (graph: GraphContext, request: GraphRequest, parameters: string[]) => GraphAnswer;

export interface Route {
  /** As it is counted: `GET /groups/{id}/members`. */
  name: string;
  method: string;
  segments: string[];
  /** Resource units before `$select`, `$expand` and `$top` are looked at. */
  cost: number;
  latency: 'page' | 'read';
  handle: Handler;
}

const route = (name: string, cost: number, handle: Handler, latency: Route['latency'] = 'read'): Route => {
  const [method = '', path = ''] = name.split(' ');
  return { name, method, segments: path.split('/').slice(1), cost, latency, handle };
};

const user = 'microsoft.graph.user';
const group = 'microsoft.graph.group';

/** Every path of Graph v1.0 that is served here, with its base cost (facts: learn.microsoft.com, identity and access throttling). */
export const routes = (tenantId: string): Route[] => [
  route('GET /groups/{id}', 1, groups.readGroup),
  route('GET /groups/{id}/members', 3, groups.listMembers, 'page'),
  route(`GET /groups/{id}/members/${user}`, 3, groups.listUserMembers, 'page'),
  route('GET /groups/{id}/members/$count', 3, groups.countMembers),
  route(`GET /groups/{id}/members/${user}/$count`, 3, groups.countUserMembers),
  route('GET /groups/{id}/transitiveMembers', 5, groups.listTransitiveMembers, 'page'),
  route(`GET /groups/{id}/transitiveMembers/${user}`, 5, groups.listTransitiveUserMembers, 'page'),
  route('GET /users', 2, users.listUsers, 'page'),
  route('GET /users/{id}', 2, users.readUser),
  route('GET /users/{id}/manager', 2, users.readManager),
  route('POST /users/{id}/checkMemberGroups', 4, users.checkMemberGroups),
  route('GET /users/{id}/memberOf', 2, users.listMemberOf),
  route(`GET /users/{id}/memberOf/${group}`, 2, users.listMemberOf),
  route('GET /users/{id}/transitiveMemberOf', 2, users.listTransitiveMemberOf),
  route(`GET /users/{id}/transitiveMemberOf/${group}`, 2, users.listTransitiveMemberOf),
  route(`GET /directory/deletedItems/${user}`, 1, users.listDeletedUsers),
  route('GET /directory/deletedItems/{id}', 1, users.readDeletedItem),
  route('POST /directoryObjects/getByIds', 5, users.getByIds),
  route('GET /applications', 2, applications.listApplications),
  route('GET /applications/{id}', 2, applications.readApplication),
  route('GET /servicePrincipals', 1, applications.listPrincipals),
  route('GET /servicePrincipals/{id}', 1, applications.readPrincipal),
  route('GET /servicePrincipals/{id}/appRoleAssignments', 2, applications.listRoleAssignments),
  route('GET /organization', 1, applications.listOrganization(tenantId)),
];

export interface Found {
  route: Route;
  parameters: string[];
}

/** Which route a path belongs to. `applications(appId='x')` is the same as `applications/x`. */
export class GraphRouter {
  private readonly routes: Route[];

  constructor(tenantId: string) {
    this.routes = routes(tenantId);
  }

  find(method: string, path: string): Found | undefined {
    const segments = path
      .replace(/\(appId='([^']*)'\)/, '/$1')
      .split('/')
      .slice(1);
    for (const candidate of this.routes) {
      if (candidate.method !== method || candidate.segments.length !== segments.length) continue;
      const parameters: string[] = [];
      const fits = candidate.segments.every((expected, index) => {
        const segment = segments[index] as string;
        if (expected !== '{id}') return expected.toLowerCase() === segment.toLowerCase();
        parameters.push(segment);
        return segment !== '';
      });
      if (fits) return { route: candidate, parameters: parameters.map(decoded) };
    }
    return undefined;
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // of nobody's name, so the answer is 404
  }
}
