import type { Application, Organization, ServicePrincipal } from '@microsoft/microsoft-graph-types';
import { answer, badRequest, notFound, type GraphAnswer, type GraphRequest } from './graph-answer';
import { mustBeAllowed, type GraphContext } from './graph-context';
import { graphAppId } from './applications';

type Handler = (graph: GraphContext, request: GraphRequest, parameters: string[]) => GraphAnswer;

/** By `(appId='…')`, and by object id. */
export const readApplication: Handler = (graph, request, [key = '']) => {
  mustBeAllowed(request, 'applications');
  const { clientId, objectId } = graph.applications;
  if (key !== clientId && key !== objectId) throw notFound(key);
  return entity(request, 'applications', application(graph));
};

export const listApplications: Handler = (graph, request) => {
  mustBeAllowed(request, 'applications');
  return collection(request, 'applications', appIdAsked(request, [application(graph)]));
};

export const readPrincipal: Handler = (graph, request, [key = '']) => {
  mustBeAllowed(request, 'applications');
  const found = principals(graph).find(({ id, appId }) => key === id || key === appId);
  if (!found) throw notFound(key);
  return entity(request, 'servicePrincipals', found);
};

export const listPrincipals: Handler = (graph, request) => {
  mustBeAllowed(request, 'applications');
  return collection(request, 'servicePrincipals', appIdAsked(request, principals(graph)));
};

export const listRoleAssignments: Handler = (graph, request, [key = '']) => {
  mustBeAllowed(request, 'applications');
  const { applications } = graph;
  if (key === graphAppId || key === applications.graphPrincipalId) return collection(request, 'appRoleAssignments', []);
  if (key !== applications.clientId && key !== applications.principalId) throw notFound(key);
  return collection(request, 'appRoleAssignments', applications.appRoleAssignments(request.granted));
};

export const listOrganization =
  (tenantId: string): Handler =>
  (graph, request) => {
    mustBeAllowed(request, 'organization');
    const { domain, onmicrosoft } = graph.tenant;
    const organization: Organization = {
      id: tenantId,
      displayName: 'Northwind',
      tenantType: 'AAD',
      countryLetterCode: 'PT',
      verifiedDomains: [
        { name: domain, isDefault: true, isInitial: false, type: 'Managed' },
        { name: onmicrosoft, isDefault: false, isInitial: true, type: 'Managed' },
      ],
    };
    return collection(request, 'organization', [organization]);
  };

function application({ applications }: GraphContext): Application {
  return {
    id: applications.objectId,
    appId: applications.clientId,
    displayName: 'Rollcall',
    signInAudience: 'AzureADMyOrg',
    passwordCredentials: applications.passwordCredentials(),
    keyCredentials: applications.keyCredentials(),
  };
}

function principals({ applications }: GraphContext): ServicePrincipal[] {
  return [
    {
      id: applications.principalId,
      appId: applications.clientId,
      displayName: 'Rollcall',
      servicePrincipalType: 'Application',
      appRoles: [],
    },
    {
      id: applications.graphPrincipalId,
      appId: graphAppId,
      displayName: 'Microsoft Graph',
      servicePrincipalType: 'Application',
      appRoles: applications.appRoles(),
    },
  ];
}

function appIdAsked<T extends Application | ServicePrincipal>({ query }: GraphRequest, all: T[]): T[] {
  const filter = query.get('$filter');
  if (filter === null) return all;
  const [, appId] = /^appId eq '([^']*)'$/.exec(filter.trim()) ?? [];
  if (appId === undefined) throw badRequest(`Invalid filter clause: ${filter}`);
  return all.filter((one) => one.appId === appId);
}

function selected({ query }: GraphRequest, object: object): object {
  const select = query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  return select ? Object.fromEntries(Object.entries(object).filter(([name]) => select.includes(name))) : object;
}

const entity = (request: GraphRequest, set: string, object: object) =>
  answer({ '@odata.context': `${request.origin}/v1.0/$metadata#${set}/$entity`, ...selected(request, object) });
const collection = (request: GraphRequest, set: string, objects: readonly object[]) =>
  answer({ '@odata.context': `${request.origin}/v1.0/$metadata#${set}`, value: objects.map((object) => selected(request, object)) });
