import { urn } from '../scim';
import type { Awkwardness } from './awkwardness';
import type { BulkOptions } from './bulk';
import { describeAttribute, type Schemas } from './schema';

/** `/ServiceProviderConfig` (RFC 7643, 5). It tells the truth unless it was told what to say: real ones don't always. */
export function serviceProviderConfig(baseUrl: string, awkward: Awkwardness, maxResults: number, bulk: BulkOptions | undefined): object {
  const { announces } = awkward;
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: announces?.patch ?? !awkward.noPatch },
    bulk: { supported: bulk !== undefined, maxOperations: bulk?.maxOperations ?? 0, maxPayloadSize: bulk ? 1_048_576 : 0 },
    filter: { supported: announces?.filter ?? !awkward.ignoresFilters, maxResults: announces?.maxResults ?? maxResults },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'A token made by an administrator of this LMS',
        specUri: 'https://datatracker.ietf.org/doc/html/rfc6750',
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

export function describeSchemas(baseUrl: string, schemas: Schemas): { id: string }[] {
  return [schemas.core, ...schemas.extensions].map(({ id, name, description, attributes }) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes: attributes.filter((attribute) => attribute.name !== 'externalId').map(describeAttribute), // common to all resources, in no schema
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${id}` },
  }));
}

export function resourceTypes(baseUrl: string, schemas: Schemas): { id: string }[] {
  const user = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'User Account',
    schema: urn.user,
    schemaExtensions: schemas.extensions.map(({ id }) => ({ schema: id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/User` },
  };
  return [user];
}
