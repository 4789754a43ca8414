/** A member as Microsoft Graph gives it: the selected attributes, and the manager that came with it. */
export interface DirectoryMember {
  id: string;
  /** `null` when the permission to read it is missing; never "disabled". */
  accountEnabled?: boolean | null;
  userType?: string | null;
  userPrincipalName?: string | null;
  mail?: string | null;
  manager?: {
    '@odata.type'?: string;
    id: string;
    mail?: string | null;
    userPrincipalName?: string | null;
    displayName?: string | null;
  } | null;
  [attribute: string]: unknown;
}

/** Object ids are GUIDs (Microsoft Graph, "directoryObject"); rows are kept by them. */
export function isObjectId(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}
