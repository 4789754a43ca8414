import type { Cloud } from '../../domain/configuration/configuration';

/** Where one cloud signs applications in and answers for its directory: origins, without a trailing slash. */
export interface Endpoints {
  authority: string;
  graph: string;
  /** Other hosts that the authority may name as its token endpoint's; the credential is sent to no others. */
  authorityAliases?: readonly string[];
  /** Root certificates in PEM, instead of those that Node trusts; for a directory on loopback. */
  caPem?: string;
}

/**
 * The closed list ("National cloud deployments", Microsoft Graph documentation). The token request carries the secret to whatever
 * authority it names, so no customer's configuration may name one; other endpoints come from the worker's environment alone.
 */
export const endpointsOf: Record<Cloud, Endpoints> = {
  global: { authority: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  usGovernment: { authority: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  usGovernmentDoD: { authority: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
  china: {
    authority: 'https://login.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    authorityAliases: ['login.partner.microsoftonline.cn'],
  },
};
