import type { Controls } from '../controls/controls';
import type { Applications } from './applications';

/**
 * The permissions that an administrator has granted, as they stand for this request: without those that a fault `consentWithdrawn` takes away from it.
 * Tokens, Graph's checks and the list of assignments all ask here, so that none tells another story.
 */
export function grantedNow(
  { applications, controls }: { applications: Applications; controls: Controls },
  method: string,
  url: string,
): ReadonlySet<string> {
  const isWithdrawn = (name: string) =>
    controls.faults.fires('consentWithdrawn', method, url, (fault) => (fault.with?.permission ?? 'User.Read.All') === name) !== undefined;
  return new Set([...applications.granted].filter((name) => !isWithdrawn(name)));
}
