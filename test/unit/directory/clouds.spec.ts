import { endpointsOf } from '../../../adapters/directory/clouds';
import { Connections } from '../../../adapters/directory/connections';
import { createGraphDirectory } from '../../../adapters/directory/graph-directory';
import { clouds } from '../../../domain/configuration/configuration';

const answer = (text: string) => ({ status: 200, headers: {}, body: Buffer.from(text) });

afterEach(() => void jest.restoreAllMocks());

/** Which hosts would be called, were the network there. */
async function hostsFor(cloud: (typeof clouds)[number], tokenEndpoint = 'https://login.partner.microsoftonline.cn/t/token') {
  const urls: URL[] = [];
  let scope: string | null = null;
  jest.spyOn(Connections.prototype, 'ask').mockImplementation(async (url, { body, method }) => {
    urls.push(new URL(url));
    if (url.includes('/.well-known/')) return answer(described(tokenEndpoint));
    if (method === 'GET') return answer('{"id":"g"}');
    scope = new URLSearchParams(String(body)).get('scope');
    return answer('{"token_type":"Bearer","expires_in":3600,"access_token":"t"}');
  });
  const directory = createGraphDirectory({
    configuration: { tenantId: '11111111-1111-4111-8111-111111111111', clientId: 'c', groupId: 'g', cloud },
    select: { user: [] },
    credential: { secret: 's' },
  });
  await directory.group(new AbortController().signal);
  return { calls: urls.map(({ host, pathname }) => `${host}${pathname}`), scope };
}

/** China's authority alone is one that MSAL does not know by heart, so it asks. */
const described = (tokenEndpoint: string) =>
  JSON.stringify({
    token_endpoint: tokenEndpoint,
    authorization_endpoint: 'https://login.chinacloudapi.cn/t/authorize',
    end_session_endpoint: 'https://login.chinacloudapi.cn/t/logout',
    issuer: 'https://login.partner.microsoftonline.cn/11111111-1111-4111-8111-111111111111/v2.0',
    jwks_uri: 'https://login.chinacloudapi.cn/t/keys',
  });

describe('a cloud', () => {
  const tenant = '/11111111-1111-4111-8111-111111111111';
  it.each([
    ['global', 'login.microsoftonline.com', 'graph.microsoft.com'],
    ['usGovernment', 'login.microsoftonline.us', 'graph.microsoft.us'],
    ['usGovernmentDoD', 'login.microsoftonline.us', 'dod-graph.microsoft.us'],
  ] as const)('%s is signed in to at %s, reads from %s, and calls nobody else', async (cloud, authority, graph) => {
    expect(await hostsFor(cloud)).toEqual({
      calls: [`${authority}${tenant}/oauth2/v2.0/token`, `${graph}/v1.0/groups/g`],
      scope: expect.stringContaining(`https://${graph}/.default`),
    });
  });

  it('china is signed in to where its authority says, if that is one of its own hosts', async () => {
    expect((await hostsFor('china')).calls).toEqual([
      `login.chinacloudapi.cn${tenant}/v2.0/.well-known/openid-configuration`,
      `login.partner.microsoftonline.cn${tenant}/token`,
      'microsoftgraph.chinacloudapi.cn/v1.0/groups/g',
    ]);
  });

  it('never sends its credential to a host that the authority’s description names and nobody knows', async () => {
    await expect(hostsFor('china', 'https://elsewhere.example/token')).rejects.toThrow('another host');
  });

  it('has endpoints, whichever may be configured', () => {
    expect(Object.keys(endpointsOf)).toEqual([...clouds]);
  });
});
