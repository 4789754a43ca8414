/** The words of SCIM 2.0 (RFC 7643 and 7644) that both servers use. */
export const urn = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  /** Custom fields of this LMS. */
  custom: 'urn:ietf:params:scim:schemas:extension:rollcall:2.0:User',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  search: 'urn:ietf:params:scim:api:messages:2.0:SearchRequest',
  bulkRequest: 'urn:ietf:params:scim:api:messages:2.0:BulkRequest',
  bulkResponse: 'urn:ietf:params:scim:api:messages:2.0:BulkResponse',
} as const;

export const mediaType = 'application/scim+json';
export const basePath = '/scim/v2';

/** A user's attributes without what the server adds (`id`, `meta`). Extensions stand under their URN. */
export interface UserAttributes {
  userName: string;
  externalId?: string;
  active?: boolean | null;
  emails?: { value?: string; type?: string; primary?: boolean }[];
  [attribute: string]: unknown;
}

/** A user as the server answers it. */
export interface UserResource extends UserAttributes {
  id: string;
  meta: { resourceType: 'User'; created: string; lastModified: string; location: string; version: string };
}

export type ScimType =
  'uniqueness' | 'tooMany' | 'invalidFilter' | 'mutability' | 'invalidSyntax' | 'invalidPath' | 'noTarget' | 'invalidValue';

/** A refusal in the protocol's own terms (RFC 7644, 3.12). */
export class ScimError extends Error {
  constructor(
    readonly status: number,
    readonly scimType: ScimType | undefined,
    detail: string,
  ) {
    super(detail);
    this.name = 'ScimError';
  }
}

export function errorBody(status: number, detail: string, scimType?: ScimType): string {
  return JSON.stringify({ schemas: [urn.error], status: String(status), ...(scimType && { scimType }), detail });
}
