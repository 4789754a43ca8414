import { createHash, X509Certificate, type KeyObject } from 'node:crypto';
import type { AppRole, AppRoleAssignment, KeyCredential, PasswordCredential } from '@microsoft/microsoft-graph-types';
import { Refused } from '../controls/refused';

export const graphAppId = '00000003-0000-0000-c000-000000000000';

/** Application permissions of Microsoft Graph with their real ids (learn.microsoft.com, "Microsoft Graph permissions reference"). */
export const permissionIds: Readonly<Record<string, string>> = {
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'Directory.Read.All': '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
  'Group.Read.All': '5b567255-7703-4780-807c-7be8301ae99b',
  'GroupMember.Read.All': '98830695-27a2-44b0-8c18-0c3ebc9698f6',
  'Member.Read.Hidden': '658aa5d8-239f-45c4-aa12-864f4fc7e490',
  'OrgContact.Read.All': 'e1a88a34-94c4-4418-be12-c87b00e26bea',
  'Organization.Read.All': '498476ce-e0fe-48b0-b801-37ba7e2685c6',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'User.ReadBasic.All': '97235f07-e226-4f63-ace3-39588e11d3a1',
  'User.ReadWrite.All': '741f803b-c850-494e-b5df-cde7c675a1ca',
};

export interface Secret {
  keyId: string;
  displayName: string;
  value: string;
  startDateTime: string;
  endDateTime: string;
}

export interface Certificate {
  keyId: string;
  /** SHA-256 and SHA-1 of the DER, base64url: what an assertion's header names. */
  thumbprint: string;
  sha1: string;
  key: KeyObject;
  startDateTime: string;
  endDateTime: string;
}

/** The one app registration of the tenant: its credentials, and which permissions an administrator granted. */
export class Applications {
  readonly objectId: string;
  readonly principalId: string;
  readonly graphPrincipalId: string;
  readonly secrets: Secret[] = [];
  readonly certificates: Certificate[] = [];
  readonly granted: Set<string>;
  private keysMade = 0;

  constructor(
    readonly clientId: string,
    permissions: readonly string[],
  ) {
    [this.objectId, this.principalId, this.graphPrincipalId] = ['object', 'principal', 'graph'].map((part) =>
      derivedId(`${clientId}/${part}`),
    ) as [string, string, string];
    this.granted = new Set();
    this.grant(permissions);
  }

  grant(permissions: readonly string[]): void {
    const unknown = permissions.filter((name) => !Object.hasOwn(permissionIds, name));
    if (unknown.length > 0)
      throw new Refused(unknown.map((name) => `there is no permission ${name}; there are ${Object.keys(permissionIds).join(', ')}`));
    for (const name of permissions) this.granted.add(name);
  }

  revoke(permissions: readonly string[]): void {
    for (const name of permissions) this.granted.delete(name);
  }

  addSecret({ displayName = 'Rollcall', ...given }: Omit<Secret, 'keyId' | 'displayName'> & { displayName?: string }): Secret {
    const secret = { keyId: this.nextKeyId(), displayName, ...given };
    this.secrets.push(secret);
    return secret;
  }

  /** What an administrator uploads: a certificate in PEM or base64 DER. */
  addCertificate(pem: string): Certificate {
    let parsed: X509Certificate;
    try {
      parsed = new X509Certificate(pem.includes('-----') ? pem : Buffer.from(pem, 'base64'));
    } catch {
      throw new Refused(['certificate: not an X.509 certificate in PEM or base64']);
    }
    const digest = (algorithm: string) => createHash(algorithm).update(parsed.raw).digest('base64url');
    const certificate: Certificate = {
      keyId: this.nextKeyId(),
      thumbprint: digest('sha256'),
      sha1: digest('sha1'),
      key: parsed.publicKey,
      startDateTime: new Date(parsed.validFrom).toISOString(),
      endDateTime: new Date(parsed.validTo).toISOString(),
    };
    this.certificates.push(certificate);
    return certificate;
  }

  /** The same after a replay of the journal. */
  private nextKeyId(): string {
    return derivedId(`${this.clientId}/key/${++this.keysMade}`);
  }

  removeCredential(keyId: string): void {
    for (const list of [this.secrets, this.certificates]) {
      const index = list.findIndex((credential) => credential.keyId === keyId);
      if (index >= 0) return void list.splice(index, 1);
    }
    throw new Refused([`no credential has the keyId ${keyId}`]);
  }

  /** As `/applications` shows them: never the value, only its first three characters. */
  passwordCredentials(): PasswordCredential[] {
    return this.secrets.map(({ keyId, displayName, value, startDateTime, endDateTime }) => ({
      customKeyIdentifier: null,
      displayName,
      endDateTime,
      hint: value.slice(0, 3),
      keyId,
      secretText: null,
      startDateTime,
    }));
  }

  keyCredentials(): KeyCredential[] {
    return this.certificates.map(({ keyId, sha1, startDateTime, endDateTime }) => ({
      // The thumbprint, as the portal shows it.
      customKeyIdentifier: Buffer.from(sha1, 'base64url').toString('hex').toUpperCase(),
      displayName: 'CN=Rollcall',
      endDateTime,
      keyId,
      startDateTime,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
    }));
  }

  appRoles(): AppRole[] {
    return Object.entries(permissionIds).map(([value, id]) => ({
      allowedMemberTypes: ['Application'],
      description: value,
      displayName: value,
      id,
      isEnabled: true,
      origin: 'Application',
      value,
    }));
  }

  appRoleAssignments(granted: ReadonlySet<string>): AppRoleAssignment[] {
    return [...granted].sort().map((name) => ({
      id: derivedId(`${this.clientId}/${name}`),
      appRoleId: permissionIds[name],
      createdDateTime: '2024-01-01T00:00:00Z',
      deletedDateTime: null,
      principalDisplayName: 'Rollcall',
      principalId: this.principalId,
      principalType: 'ServicePrincipal',
      resourceDisplayName: 'Microsoft Graph',
      resourceId: this.graphPrincipalId,
    }));
  }
}

function derivedId(from: string): string {
  const hex = createHash('sha256').update(from).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
