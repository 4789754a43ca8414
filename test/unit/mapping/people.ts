import type { DesiredAccount } from '../../../domain/account';
import { parseConfiguration } from '../../../domain/configuration/configuration-schema';
import { compileMapping, type Mapped } from '../../../domain/mapping/map-member';
import type { DirectoryMember } from '../../../domain/member';

const guid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

export const jo: DirectoryMember = {
  id: '6C0A6C4B-7D5B-4A3C-9A51-0E7B5D1F2A10',
  accountEnabled: true,
  userType: 'Member',
  userPrincipalName: 'jo@example.org',
  mail: 'jo.doe@example.org',
  givenName: 'Jo',
  surname: 'Doe',
  department: 'Sales',
};

/** A configuration with these parts; all else as little as possible. */
export function configured(parts: Record<string, unknown> = {}) {
  const parsed = parseConfiguration({
    name: 'Acme',
    directory: { tenantId: guid, clientId: guid, groupId: guid },
    target: { baseUrl: 'https://lms.example.com' },
    userName: 'userPrincipalName',
    ...parts,
  });
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
  return parsed.configuration;
}

export function mapped(parts: Record<string, unknown>, member: Partial<DirectoryMember>): Mapped {
  return compileMapping(configured(parts)).map({ ...jo, ...member });
}

export function desiredOf(outcome: Mapped): DesiredAccount {
  if (outcome.state !== 'desired') throw new Error(JSON.stringify(outcome));
  return outcome.desired;
}
