import type { ConfigurationSummary, CredentialPurpose } from './projection';

export function audienceOf(
  { tenantId, clientId, targetOrigin }: Pick<ConfigurationSummary, 'tenantId' | 'clientId' | 'targetOrigin'>,
  purpose: CredentialPurpose,
): string {
  return purpose === 'directory' ? `entra:${tenantId}/${clientId}` : targetOrigin;
}
