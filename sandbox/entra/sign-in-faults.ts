import type { FaultRule } from '../controls/faults';
import type { AccessTokens } from './access-tokens';

/** Faults of the token endpoint. Whoever holds a token asks there no more for an hour, so that such a fault would be met by nobody. */
export const signInFaults = {
  secretExpired: 'the token endpoint answers AADSTS7000222',
  secretWrong: 'the token endpoint answers AADSTS7000215',
  emptyToken: 'the token endpoint answers `status` (503) with JSON without an error in it, which MSAL takes for a success',
  tokenThrottled: 'the token endpoint answers 429 (`retryAfter` as for throttled)',
} as const;

const alsoRevokes = '; tokens from before are refused by Graph from then on, unless `with.revoke` is false';

/** As `fault-kinds` lists them. */
export const signInFaultKinds = Object.fromEntries(
  Object.entries(signInFaults).map(([kind, says]) => [kind, `${says}${alsoRevokes}`]),
) as Record<keyof typeof signInFaults, string>;

/** Takes the tokens from before away when such a fault is switched on, and says so: Entra itself would let them run out. */
export function revokeFor({ kind, with: wants }: FaultRule, tokens: AccessTokens): string | undefined {
  if (!Object.hasOwn(signInFaults, kind)) return undefined;
  if (wants?.revoke === false) return 'Tokens from before are still taken: the fault is met once they have run out.';
  tokens.revoke();
  return 'Graph refuses tokens from before (401), so that whoever comes next signs in anew. Entra itself would let them run out, an hour at most; --with revoke=false does.';
}
