import type { ConfigurationSummary, CredentialPurpose } from './projection';

export function audienceOf({ tenantId, clientId, targetOrigin }: ConfigurationSummary, purpose: CredentialPurpose): string {
  return purpose === 'directory' ? `entra:${tenantId}/${clientId}` : targetOrigin;
}
