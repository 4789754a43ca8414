import { fingerprintOf, type PublicSealingKey, type SealingJwk } from '../adapters/credentials/sealing-ring';
import { CommandFailure } from './command-failure';
import { exitCodes } from './exit-codes';
import type { Session } from './session';

/** The key that the workers ask others to seal to. Its fingerprint is worked out here: one that came along with it would prove nothing. */
export async function sealingKey(session: Session): Promise<PublicSealingKey> {
  const { rows } = await (await session.client()).lookUp({ what: 'sealingKey' });
  const jwk = rows[0]?.jwk as Partial<SealingJwk> | undefined;
  const isPoint =
    jwk?.kty === 'EC' && jwk.crv === 'P-256' && [jwk.x, jwk.y].every((part) => typeof part === 'string' && /^[\w-]{43}$/.test(part));
  if (!rows[0] || !isPoint || 'd' in jwk) throw unusable('the workers gave no public P-256 key');
  const key = { ...(jwk as SealingJwk), kid: rows[0].kid };
  const fingerprint = await fingerprintOf(key);
  if (fingerprint !== rows[0].fingerprint) throw unusable('the workers gave a key whose fingerprint is not the one that they named');
  return { kid: key.kid, jwk: key, fingerprint };
}

function unusable(fault: string): CommandFailure {
  return new CommandFailure({
    code: 'SealingKeyUnusable',
    faults: [fault],
    remedy: 'Nothing was sealed and nothing sent. Ask the operators of the workers (ROLLCALL_SEALING_KEYS).',
    exit: exitCodes.refused,
  });
}
