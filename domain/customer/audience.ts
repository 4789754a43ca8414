import type { ConfigurationSummary, CredentialPurpose } from './projection';

/**
 * Whom a credential may be sent to, and nobody else: `entra:<tenant>/<client>`, or the LMS's origin. A sealed value is bound to it (domain/sealed-value.ts), so that a
 * configuration with another tenant, application or LMS has no credential until one is handed over for it.
 */
export function audienceOf(
  { tenantId, clientId, targetOrigin }: Pick<ConfigurationSummary, 'tenantId' | 'clientId' | 'targetOrigin'>,
  purpose: CredentialPurpose,
): string {
  return purpose === 'directory' ? `entra:${tenantId}/${clientId}` : targetOrigin;
}
